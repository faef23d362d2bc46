"""Sentences of plain words: what moved, from what a release says of it."""

from datetime import date

from chassis.words import Language
from services.reporting.pages import names
from services.reporting.pages.words import COUNTS, amount, amount_or_dash, calendar_name, day, words
from services.reporting.releases.document import Column, Headline, ReleaseDocument, Survey, Target


def column_name(column: Column, language: Language) -> str:
    """Name a column: since the opening, or its year."""
    if column.name == "since_opening":
        return words.told("Since opening", language)
    return calendar_name(column.last, language)


def moved(headline: Headline, document: ReleaseDocument, language: Language) -> str:
    """Say how a figure of the day's year is next to the same days of the year before."""
    columns = {column.name: column for column in document.columns}
    now, before = headline.values.get("year"), headline.values.get("year_before")
    if "year" not in columns or "year_before" not in columns:
        return words.told("There are no same days of a year before to compare with.", language)
    year, then = (column_name(columns[name], language) for name in ("year", "year_before"))
    if now is None or before is None or headline.change is None:
        return words.told("There is nothing to compare with in %(then)s.", language, then=then)
    unit = names.unit_of(headline.figure)
    values = {"year": year, "then": then, "now": amount(now, unit, language), "before": amount(before, unit, language)}
    if not headline.change:
        return words.told("%(year)s: %(now)s, the same as in %(then)s.", language, **values)
    by = amount(abs(headline.change), "percentage points" if unit == "percent" else unit, language)
    if headline.change_percent is not None:
        by = words.told(
            "%(by)s (%(percent)s)",
            language,
            by=by,
            percent=amount(abs(headline.change_percent), "percent", language),
        )
    up, down = _MORE_OR_LESS if unit in COUNTS else _HIGHER_OR_LOWER
    return words.told(up if headline.change > 0 else down, language, **values, by=by)


_MORE_OR_LESS = (
    "%(year)s: %(now)s, up by %(by)s from %(before)s in %(then)s.",
    "%(year)s: %(now)s, down by %(by)s from %(before)s in %(then)s.",
)
_HIGHER_OR_LOWER = (
    "%(year)s: %(now)s, higher by %(by)s than %(before)s in %(then)s.",
    "%(year)s: %(now)s, lower by %(by)s than %(before)s in %(then)s.",
)


def of_internships(document: ReleaseDocument, language: Language) -> list[str]:
    """Say what became of the interns of each year."""
    return [
        words.told(
            "Of %(completed)s interns who completed in %(year)s, %(converted)s (%(percent)s) were made permanent.",
            language,
            year=year,
            completed=amount(of.completed, "persons", language),
            converted=amount(of.converted, "persons", language),
            percent=amount(of.percent, "percent", language),
        )
        for year, of in document.internships.items()
        if of.percent is not None
    ]


def span(months: str, language: Language) -> str:
    """Name a time in months."""
    return words.told("1 month" if months == "1" else "%(months)s months", language, months=months)


def of_retention(document: ReleaseDocument, language: Language) -> list[str]:
    """Say how many of the reached were still in the job, months after the placement."""
    return [
        words.told(
            "%(span)s after the placement, %(still)s of %(reached)s reached (%(percent)s) still had the job.",
            language,
            span=span(months, language),
            still=amount(of.still_employed, "times", language),
            reached=amount(of.reached, "times", language),
            percent=amount(of.percent, "percent", language),
        )
        for months, of in document.retention.items()
        if of.percent is not None
    ]


def of_survey(survey: Survey, language: Language) -> str:
    """Say what a survey came to, and how that is next to the one before."""
    if survey.score is None:
        return words.told("Nobody answered the survey of %(day)s.", language, day=day(survey.on, language))
    said = {"day": day(survey.on, language), "score": amount(survey.score, "points", language)}
    if survey.change is None:
        return words.told("%(day)s: %(score)s. There is no survey before it.", language, **said)
    if not survey.change:
        return words.told("%(day)s: %(score)s, the same as in the survey before.", language, **said)
    up = "%(day)s: %(score)s, up by %(by)s from the survey before."
    down = "%(day)s: %(score)s, down by %(by)s from the survey before."
    by = amount(abs(survey.change), "points", language)
    return words.told(up if survey.change > 0 else down, language, **said, by=by)


def of_target(target: Target, until: date, language: Language) -> str:
    """Say how far a target is on a day, and what its year is expected to come to, or what it came to."""
    named = names.target_name(target.measure)
    said = {
        "target": words.told(named.name, language),
        "year": target.year,
        "wanted": amount(target.value, named.unit, language),
        "reached": amount_or_dash(target.reached, named.unit, language),
    }
    if target.forecast is None or target.interval is None:
        return words.told("%(target)s, %(year)s: %(reached)s of %(wanted)s wanted. No forecast yet.", language, **said)
    if until >= date(target.year, 12, 31):
        met = "%(target)s, %(year)s: %(reached)s of %(wanted)s wanted. The target was met."
        missed = "%(target)s, %(year)s: %(reached)s of %(wanted)s wanted. The target was missed."
        return words.told(met if target.on_track else missed, language, **said)
    low, high = (amount(end, named.unit, language) for end in target.interval)
    forecast = amount(target.forecast, named.unit, language)
    on_track = (
        "%(target)s, %(year)s: %(reached)s of %(wanted)s wanted. The year is expected to come to %(forecast)s "
        "(%(low)s to %(high)s), which reaches the target."
    )
    behind = (
        "%(target)s, %(year)s: %(reached)s of %(wanted)s wanted. The year is expected to come to %(forecast)s "
        "(%(low)s to %(high)s), which falls short of the target."
    )
    text = on_track if target.on_track else behind
    return words.told(text, language, **said, forecast=forecast, low=low, high=high)
