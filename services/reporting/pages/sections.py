"""A release as its page shows it: sections of figures, each with what moved, and the tables that belong to them."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from chassis.words import Language
from services.reporting.figures.asked import ALL
from services.reporting.figures.measures import Measure
from services.reporting.figures.row import SplitPercent
from services.reporting.pages import names, sentences
from services.reporting.pages.sheets import Sheet, sheets
from services.reporting.pages.words import amount_or_dash, words
from services.reporting.releases.document import Headline, ReleaseDocument

FIRST_FIGURES = ("registered", "placed.total", "placed.rate_percent", "sessions.total", "referrals", "launches")
"""What a release begins with, where it is told."""


class _Subject(NamedTuple):
    """A section's title, the first steps of its figures' addresses, its measures, and its other tables."""

    title: str
    figures: tuple[str, ...] = ()
    measures: tuple[Measure, ...] = ()
    sheets: tuple[str, ...] = ()


_SUBJECTS: Mapping[str, _Subject] = {
    "placement": _Subject(
        "Registration and placement",
        ("registered", "placed", "placements", "self_found"),
        ("registered", "registered_in_year", "placed", "placed_in_year", "placements", "self_found"),
        ("by-month",),
    ),
    "targets": _Subject("Targets, pace and forecast", sheets=("targets",)),
    "counselling": _Subject(
        "Counselling and referral",
        ("sessions", "per_seeker", "referrals", "referral_answers", "referred", "assigned", "counsellors"),
        ("sessions", "referrals", "referrals_answered", "referrals_ended", "referred", "assigned"),
    ),
    "startups": _Subject("Starting a business", ("launches", "per_session"), ("launches",)),
    "internships": _Subject(
        "Youth internships",
        ("internships",),
        ("internships_started", "internships_broken_off", "internships_completed", "internships_converted"),
        ("internships",),
    ),
    "afterwards": _Subject(
        "After the placement",
        ("retention", "after_placement"),
        (
            "retention_due",
            "retention_reached",
            "retention_still_employed",
            "follow_ups",
            "job_satisfaction",
            "jobs_changed",
            "employments_ended",
        ),
        ("way", "retention"),
    ),
    "surveys": _Subject("Satisfaction", ("surveys",), (), ("surveys",)),
    "firms": _Subject(
        "Firms and vacancies",
        ("employers", "vacancies", "prospects", "hiring_plans", "visits"),
        ("employers", "vacancies", "openings", "prospects", "plans_asked", "plans_answered", "hiring_plans", "visits"),
    ),
    "care": _Subject(
        "SOS-Care and total care",
        ("sos_care", "care_stages", "total_care"),
        ("sos_care_granted", "sos_care_declined", "sos_care_ended", "sos_care_placed", "care_stages"),
    ),
}
"""By the name that the section has in addresses, in the order of the page; what belongs to none comes last."""

_OTHERS = "others"


class Shown(NamedTuple):
    """A figure on a page: its address, its name, its columns as (name, amount), the first of them large, and what
    moved."""

    address: str
    name: str
    large: str
    columns: tuple[tuple[str, str], ...]
    moved: str


class Section(NamedTuple):
    """A part of a release's page."""

    name: str
    title: str
    figures: tuple[Shown, ...]
    sentences: tuple[str, ...]
    sheets: tuple[Sheet, ...]


def first_figures(document: ReleaseDocument, language: Language) -> list[Shown]:
    """Give the figures that a release begins with."""
    told = {headline.figure: headline for headline in document.figures}
    return [shown(told[figure], document, language) for figure in FIRST_FIGURES if figure in told]


def sections(document: ReleaseDocument, language: Language) -> list[Section]:
    """Give all of a release, in the order of its page: nothing that it says is left out."""
    figures = [headline for headline in document.figures if not _stands_in_a_table(headline, document)]
    found = sheets(document, language)
    measures = {sheet.name: table.measure for sheet, table in zip(found, document.tables, strict=False)}
    made: list[Section] = []
    for name, subject in _SUBJECTS.items():
        own = [one for one in figures if one.figure.partition(".")[0] in subject.figures]
        tables = [one for one in found if one.name in subject.sheets or measures.get(one.name) in subject.measures]
        figures = [one for one in figures if one not in own]
        found = tuple(one for one in found if one not in tables)
        said = tuple(_said(name, document, language))
        if own or tables:
            shown_here = tuple(shown(one, document, language) for one in own)
            made.append(Section(name, words.told(subject.title, language), shown_here, said, tuple(tables)))
    if figures or found:
        others = tuple(shown(one, document, language) for one in figures)
        made.append(Section(_OTHERS, words.told("Other figures", language), others, (), found))
    return made


def shown(headline: Headline, document: ReleaseDocument, language: Language) -> Shown:
    """Give a figure as a page shows it."""
    unit = names.unit_of(headline.figure)
    columns = tuple(
        (sentences.column_name(column, language), amount_or_dash(headline.values[column.name], unit, language))
        for column in document.columns
        if column.name in headline.values
    )
    return Shown(
        headline.figure,
        names.figure_name(headline.figure, language),
        columns[0][1] if columns else "–",
        columns,
        sentences.moved(headline, document, language),
    )


def _stands_in_a_table(headline: Headline, document: ReleaseDocument) -> bool:
    """Whether a figure is a percentage of one value, which stands beside that value in its table."""
    for one in ALL:
        published, row = one.published, one.row
        if isinstance(published, SplitPercent) and row and headline.figure.startswith(f"{published.path}."):
            return any((table.measure, table.by) == (row.measure, published.by) for table in document.tables)
    return False


def _said(section: str, document: ReleaseDocument, language: Language) -> Iterator[str]:
    if section == "internships":
        yield from sentences.of_internships(document, language)
    if section == "afterwards":
        yield from sentences.of_retention(document, language)
    if section == "surveys":
        yield from (sentences.of_survey(survey, language) for survey in document.surveys[-1:])
    if section == "targets":
        yield from (sentences.of_target(target, document.release, language) for target in document.targets)
