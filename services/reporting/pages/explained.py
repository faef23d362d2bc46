"""A figure explained: what it counts and how, where it is asked for, and what it opens into."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from markupsafe import Markup, escape

from chassis.words import Language
from services.reporting.figures.asked import ALL, Figure
from services.reporting.figures.measures import Dimension
from services.reporting.figures.row import OfTwo, OneOf, Published, Row, Split, SplitBeside, SplitPercent, Sum, Total
from services.reporting.figures.rows import MEASURES
from services.reporting.figures.shares import SHARES, Count
from services.reporting.pages import names
from services.reporting.pages.words import capital, words

_NAMED = re.compile("`([^`]+)`")


class Explained(NamedTuple):
    """What a figure's page says. `counted` names each measure with what it counts, `splits` what it can be split by,
    `events` their types with Korean words, `addresses` where it is asked for over HTTP, each with what it gives,
    `facts` what staff's page of facts is asked for (parameters, the measure's name)."""

    address: str
    name: str
    meaning: str
    how: str
    counted: tuple[tuple[str, str], ...]
    splits: tuple[str, ...]
    events: tuple[tuple[str, str], ...]
    addresses: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, str], ...]


def explained(address: str, day: str | None, language: Language) -> Explained | None:
    """Explain a figure, by the day of a release if there is one; None where no figure has this address."""
    if address not in _ADDRESSES:
        return None
    figure, meaning = _ADDRESSES[address]
    told = words.told

    def of(row: Row) -> tuple[str, str]:
        return told(names.MEASURES[row.measure].name, language), told(row.meaning, language)

    rows = [MEASURES[measure] for measure in sorted(figure.measures)]
    splits: dict[Dimension, None] = dict.fromkeys(by for row in rows for by in row.by)
    events = dict.fromkeys(event for row in rows if isinstance(row, Sum) for event in row.events)
    return Explained(
        address,
        names.figure_name(address, language),
        told(meaning, language),
        _how(figure.published, language),
        tuple(map(of, rows)),
        tuple(told(names.DIMENSIONS[by], language) for by in splits),
        tuple((event.__name__, event.korean) for event in events),
        tuple(_asked(address, rows, day, language)),
        tuple((f"measure={row.measure}{_until(day)}", of(row)[0]) for row in rows),
    )


def _how(published: Published, language: Language) -> str:
    match published:
        case OfTwo():
            share = SHARES[published.share]
            text = "A hundred times %(numerator)s, divided by %(denominator)s."
            if share.scale == 1:
                text = "%(numerator)s, divided by %(denominator)s."
            counts = {
                "numerator": _count(share.numerator, language),
                "denominator": _count(share.denominator, language),
            }
            return words.told(text, language, **counts)
        case SplitPercent():
            return words.told("Each part of the whole, in percent.", language)
        case Split():
            return words.told("The sum of what is counted of each value.", language)
        case OneOf():
            return words.told("The sum of what is counted of one value.", language)
        case Total():
            return words.told("The sum of what is counted.", language)
        case _:
            return words.told("It is worked out from several measures; what it counts says how.", language)


def _count(count: Count, language: Language) -> str:
    named = words.told(names.MEASURES[count.measure].name, language)
    if not count.dimension:
        return named
    return f"{named} ({names.value_name(count.dimension, count.value, language)})"


def _asked(address: str, rows: list[Row], day: str | None, language: Language) -> Iterator[tuple[str, str]]:
    until = _until(day)
    yield f"GET /figures?figure={address}{until}", words.told("the figure, up to a day", language)
    for row in rows:
        if row.by:
            yield (
                f"GET /figures/split?measure={row.measure}&by={row.by[0]}{until}",
                words.told("what is counted, split by one thing or several", language),
            )
        yield (
            f"GET /figures/facts?measure={row.measure}{until}",
            words.told("each fact behind it, with its event's position in the ledger", language),
        )
    yield "GET /ledger/POSITION", words.told("the event itself, as it was received", language)


def _until(day: str | None) -> str:
    return f"&as_of={day}" if day else ""


def linked(text: str, language: Language) -> Markup:
    """Give a meaning as a sentence in HTML: a figure that it names is said by its name, which leads to its page."""

    def named(match: re.Match[str]) -> str:
        if match[1] in _ADDRESSES:
            return f'<a href="/{language}/figures/{match[1]}">{escape(names.figure_name(match[1], language))}</a>'
        return f"<code>{match[1]}</code>"

    return Markup(_NAMED.sub(named, str(escape(_sentence(text)))))


def plain(text: str, language: Language) -> str:
    """Give a meaning as a sentence of text alone: a figure that it names is said by its name."""

    def named(match: re.Match[str]) -> str:
        return names.figure_name(match[1], language) if match[1] in _ADDRESSES else match[1]

    return _sentence(_NAMED.sub(named, text))


def _sentence(text: str) -> str:
    return capital(text) + ("" if text.endswith(".") else ".")


def _by_address() -> Iterator[tuple[str, tuple[Figure, str]]]:
    for one in ALL:
        published = one.published
        if isinstance(published, SplitBeside):
            for value, meaning in zip(published.values, published.meanings, strict=True):
                yield f"{published.path}.{value}", (one, meaning)
        elif published.path in names.FIGURES:
            yield published.path, (one, published.meaning)


_ADDRESSES = dict(_by_address())

ADDRESSES: tuple[str, ...] = tuple(_ADDRESSES)
"""Of each figure that has a page."""
