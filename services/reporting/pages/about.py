"""What a downloaded file says of itself: whose it is, of which day, how to check it, what is withheld and meant."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from chassis.words import Language
from services.reporting.pages.explained import explained, plain
from services.reporting.pages.publisher import Publisher
from services.reporting.pages.sheets import Sheet
from services.reporting.pages.words import day, number, words
from services.reporting.releases.document import ReleaseDocument
from services.reporting.releases.queries import Released


class Source(NamedTuple):
    """A release with what it says, and who publishes it."""

    release: Released
    document: ReleaseDocument
    publisher: Publisher

    def title(self, language: Language) -> str:
        """Name the release: `Figures up to 31 December 2010`."""
        return words.told("Figures up to %(day)s", language, day=day(self.release.day, language))

    def address(self, language: Language, sheet: Sheet | None = None) -> str:
        """Give the permanent address of the release, or of a table of it."""
        below = f"/tables/{sheet.name}" if sheet else ""
        return self.publisher.source(language, f"releases/{self.release.day}{below}")


class About(NamedTuple):
    """What a file says of itself: its title, the centre, where it is from, the day that it is of, and names with
    texts."""

    title: str
    centre: str
    address: str
    day: date
    told: Sequence[tuple[str, str]]


def about(source: Source, tables: Sequence[Sheet], language: Language) -> About:
    """Say what a file of some tables of a release is."""
    return About(
        source.title(language),
        source.publisher.centre(language),
        source.address(language),
        source.release.published_on,
        tuple(told(source, tables, language)),
    )


def told(source: Source, tables: Iterable[Sheet], language: Language) -> Iterator[tuple[str, str]]:
    """Say what a file of some tables of a release is, as names with texts."""
    tables = list(tables)
    release, of = source.release, source.publisher

    def said(text: str, **values: object) -> str:
        return words.told(text, language, **values)

    only = tables[0] if len(tables) == 1 else None
    yield said("Title"), f"{only.title}. {source.title(language)}" if only else source.title(language)
    yield said("Centre"), of.centre(language)
    yield said("As of"), day(release.day, language)
    yield said("Published on"), day(release.published_on, language)
    yield said("Source address"), source.address(language, only)
    if of.contact:
        yield said("Contact"), of.contact
    if of.licence:
        yield said("Licence"), of.licence
    yield said("SHA-256 of the release"), release.hash
    yield said("Position in the ledger"), number(release.position)
    yield said("Small counts"), withheld(source.document, language)
    yield said("Empty cell"), said("It is not told, as where there is nothing to divide by.")
    for column in source.document.columns:
        if column.name == "since_opening":
            yield said("Since opening"), f"{column.first} - {column.last}"
    yield from meanings(tables, language)


def withheld(document: ReleaseDocument, language: Language) -> str:
    """Say what is withheld in a release's tables, and why."""
    return words.told(
        "Withheld: counts under %(limit)s, and others by which they could be told, are not shown, so that nobody can "
        "be recognised. Totals are exact.",
        language,
        limit=document.limit,
    )


def meanings(tables: Iterable[Sheet], language: Language) -> Iterator[tuple[str, str]]:
    """Say what each table counts, and each figure in a table of figures; a table of several measures says none."""
    for sheet in tables:
        rows = [(row.name, row.code) for row in sheet.rows] if sheet.key == "figure" else [(sheet.title, sheet.figure)]
        for name, figure in rows:
            if meant := explained(figure, None, language):
                yield name, plain(meant.meaning, language)
