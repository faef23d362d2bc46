"""The words of the pages, and how numbers and days are written in them."""

from datetime import date, datetime
from pathlib import Path

from babel.dates import format_date
from babel.numbers import format_decimal

from chassis.batch.clock import SEOUL
from chassis.words import Catalogue, Language

words = Catalogue(Path(__file__).with_name("ko.po"))

_COUNTED = {
    "persons": "%(number)s persons",
    "times": "%(number)s cases",
    "firms": "%(number)s firms",
    "percent": "%(number)s%%",
    "ratio": "%(number)s a seeker",
    "points": "%(number)s points",
    "percentage points": "%(number)s percentage points",
}
"""How a number is said with its unit."""

COUNTS = ("persons", "times", "firms")
"""Units of what is counted one by one."""


def capital(text: str) -> str:
    """Begin a text with a capital."""
    return text[:1].upper() + text[1:]


def number(value: float, decimals: int = 0) -> str:
    """Write a number: 1,234; 49.3 with one decimal."""
    return format_decimal(value, format=f"#,##0.{'0' * decimals}" if decimals else "#,##0", locale="en")


def amount(value: float, unit: str, language: Language) -> str:
    """Write an amount of a unit: `1,234명`, `49.3%`; in English a count stands alone."""
    is_count = unit in COUNTS
    written = number(value, 0 if is_count and value == int(value) else 1)
    if language == "en" and (is_count or unit == "ratio"):
        return written
    return words.told(_COUNTED[unit], language, number=written)


def amount_or_dash(value: float | None, unit: str, language: Language) -> str:
    """Write an amount of a unit, or a dash where nothing is told."""
    return "–" if value is None else amount(value, unit, language)


def unit_name(unit: str, language: Language) -> str:
    """Name a unit as it stands with a number: `명`, `persons`, `%`."""
    return words.told(_COUNTED[unit], language, number="").strip()


def number_format(unit: str, *, is_whole: bool, language: Language) -> str:
    """Give how a sheet program writes a number as `amount` does: `#,##0"명"`."""
    digits = "#,##0" if is_whole else "#,##0.0"
    if unit not in _COUNTED or (language == "en" and (unit in COUNTS or unit == "ratio")):
        return digits
    before, _, after = words.told(_COUNTED[unit], language, number="\0").partition("\0")
    return f"{_quoted(before)}{digits}{_quoted(after)}"


def _quoted(text: str) -> str:
    return f'"{text}"' if text else ""


def day(of: date, language: Language) -> str:
    """Write a day: `2010. 12. 31.`, `31 December 2010`."""
    return format_date(of, "y. M. d." if language == "ko" else "d MMMM y", locale=language)


def moment(of: datetime, language: Language) -> str:
    """Write a moment by Seoul's clock: `2010. 12. 31. 14:05:09`."""
    local = of.astimezone(SEOUL)
    return f"{day(local.date(), language)} {local:%H:%M:%S}"


def month_of(month: str, language: Language) -> str:
    """Write a month that is given as `2010-12`: `2010. 12.`, `December 2010`."""
    return format_date(date.fromisoformat(f"{month}-01"), "y. M." if language == "ko" else "MMMM y", locale=language)


def short_month(month: str, language: Language) -> str:
    """Write a month that is given as `2010-12` where there is little room: `2010. 12.`, `Dec 2010`."""
    return format_date(date.fromisoformat(f"{month}-01"), "y. M." if language == "ko" else "MMM y", locale=language)


def period(first: date, last: date, language: Language) -> str:
    """Write a period, both days in it: `2009. 1. 28.~2010. 12. 31.`"""
    between = "~" if language == "ko" else " to "
    return f"{day(first, language)}{between}{day(last, language)}"


def calendar_name(last: date, language: Language) -> str:
    """Name a column of a calendar year up to a day: `2010년`, of a part of it `2010년 1~6월`."""
    if (last.month, last.day) == (12, 31):
        return words.told("%(year)s", language, year=last.year)
    if last.month == 1:
        return words.told("January %(year)s", language, year=last.year)
    until = str(last.month) if language == "ko" else format_date(last, "MMMM", locale="en")
    return words.told("January to %(month)s %(year)s", language, month=until, year=last.year)


def accepted(header: str) -> Language:
    """Choose the language that a browser asks for first (`Accept-Language`); Korean where it asks for neither."""
    asked: dict[str, float] = {}
    for part in header.split(","):
        name, _, quality = part.partition(";q=")
        language = name.strip().lower().partition("-")[0]
        try:
            asked[language] = max(asked.get(language, 0.0), float(quality or 1))
        except ValueError:
            continue
    return "en" if asked.get("en", 0.0) > asked.get("ko", 0.0) else "ko"
