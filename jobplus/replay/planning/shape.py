"""A plan's shape: its keys, and of what kind each value is. Whether the values can be met is checked apart."""

import re
import reprlib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from contracts.codes import AgeBand, Channel, Occupation
from contracts.values import Code
from jobplus.replay.planning.model import Internships, Placed, Plan, Sessions, Survey, Target, UnplacedTop

FIRST_YEAR, LAST_YEAR = 1900, 2200
MOST = 10**12
"""Years and counts beyond these are slips of the pen."""


def _day(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            day = date.min
        if FIRST_YEAR <= day.year <= LAST_YEAR:
            return day
    raise PydanticCustomError("day", "a day as YYYY-MM-DD is expected, from 1900 to 2200")


def _number(value: object) -> object:
    """Take a JSON number as Decimal; a float by the digits that it prints with."""
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        number = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
        if number.is_finite() and 0 <= number <= MOST and number == round(number, 1):
            return number
    raise PydanticCustomError("number", "a number with at most one decimal is expected, from 0")


Count = Annotated[int, Field(strict=True, ge=0, le=MOST)]
Year = Annotated[int, Field(strict=True, ge=FIRST_YEAR, le=LAST_YEAR)]
Number = Annotated[Decimal, BeforeValidator(_number)]
Day = Annotated[date, BeforeValidator(_day)]
Text = Annotated[str, Field(strict=True, min_length=1)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Placed(_Shape):
    total: Count
    by_occupation: dict[Occupation, Count] = {}
    by_age_percent: dict[AgeBand, Number] = {}


class _Sessions(_Shape):
    job: Count
    startup: Count
    by_channel: dict[Channel, Count] | None = None


class _Internships(_Shape):
    year: Year
    completed: Count
    converted: Count


class _Survey(_Shape):
    on: Day
    asked: Count
    score: Number


class _UnplacedTop(_Shape):
    year: Year
    codes: tuple[Occupation, ...]


class _Target(_Shape):
    year: Year
    measure: Code
    value: Number


class PlanShape(_Shape):
    """The format, for whoever wants its schema."""

    name: Text
    title: dict[Text, Text] | None = None
    from_: Day = Field(alias="from")
    to: Day
    counsellors: Count
    employers: Count
    registered: Count
    placed: _Placed
    sessions: _Sessions
    referrals: Count
    launches: Count
    vacancies: Count | None = None
    referred: Count | None = None
    internships: tuple[_Internships, ...] = ()
    surveys: tuple[_Survey, ...] = ()
    unplaced_top_occupations: _UnplacedTop | None = None
    targets: tuple[_Target, ...] = ()


BLANK: Mapping[str, object] = {
    "name": "-",
    "from": f"{FIRST_YEAR}-01-01",
    "to": f"{FIRST_YEAR}-01-01",
    "counsellors": 0,
    "employers": 0,
    "registered": 0,
    "referrals": 0,
    "launches": 0,
}
BLANK_INSIDE: Mapping[str, Mapping[str, object]] = {"placed": {"total": 0}, "sessions": {"job": 0, "startup": 0}}
"""Stand in for what a plan must say and doesn't, so that the rest of it can be checked all the same."""

EXPECTED = {
    "missing": "is missing",
    "extra_forbidden": "is no key of a plan",
    "int_type": "a whole number is expected",
    "greater_than_equal": "a number from {ge} is expected",
    "less_than_equal": "a number up to {le} is expected",
    "literal_error": "a code of its list is expected",
    "model_type": "an object is expected",
    "dict_type": "an object is expected",
    "tuple_type": "a list is expected",
    "string_pattern_mismatch": "a figure's name is expected",
    "string_type": "a text is expected",
    "string_too_short": "a text is expected",
}
"""What to tell for each of pydantic's kinds of error; its own words for any other."""

LISTS = ("internships", "surveys", "targets")

Path = tuple[str, ...]


def shaped(data: object) -> tuple[Plan, frozenset[str], list[str]]:
    """Make a plan of what JSON says.

    Gives the plan, with what is malformed left out or blank; the paths of that, dots between the keys; and the reasons.
    """
    try:
        return _plan(PlanShape.model_validate(data)), frozenset(), []
    except ValidationError as error:
        errors = error.errors(include_url=False)
    malformed = {_path(error) for error in errors}
    rest = PlanShape.model_validate(_completed(_kept(data, (), {_cut(path) for path in malformed})))
    return _plan(rest), frozenset(map(".".join, malformed)), [_reason(error) for error in errors]


def _path(error: ErrorDetails) -> Path:
    is_key = len(error["loc"]) > 1 and error["loc"][-1] == "[key]"
    return tuple(map(str, error["loc"][:-1] if is_key else error["loc"]))


def _cut(path: Path) -> Path:
    """Of a list leave out the whole entry, as the others can be checked without it."""
    if path[:1] == ("unplaced_top_occupations",):
        return path[:1]
    return path[:2] if path[:1] and path[0] in LISTS else path


def _kept(value: object, path: Path, malformed: set[Path]) -> object:
    if isinstance(value, dict):
        entries = cast(dict[object, object], value).items()
        return {
            str(key): _kept(entry, (*path, str(key)), malformed)
            for key, entry in entries
            if (*path, str(key)) not in malformed
        }
    if isinstance(value, list):
        return [entry for at, entry in enumerate(cast(list[object], value)) if (*path, str(at)) not in malformed]
    return value


def _completed(kept: object) -> Mapping[str, object]:
    given = cast(Mapping[str, object], kept) if isinstance(kept, dict) else {}
    inside = {key: {**blank, **cast(Mapping[str, object], given.get(key, {}))} for key, blank in BLANK_INSIDE.items()}
    return {**BLANK, **given, **inside}


def _shown_key(key: str) -> str:
    return key if key.isprintable() and len(key) <= 64 else reprlib.repr(key)


def _reason(error: ErrorDetails) -> str:
    where = ".".join(map(_shown_key, _path(error))) or "the plan"
    expected = error["msg"]
    if error["type"] in EXPECTED:
        expected = EXPECTED[error["type"]].format_map(error.get("ctx", {}))
    if error["type"] in ("missing", "extra_forbidden"):
        return f"{where}: {expected}"
    found = error["input"]
    return f"{where}: {expected}, not {found if isinstance(found, Decimal) else reprlib.repr(found)}"


def _plan(shape: PlanShape) -> Plan:
    top = shape.unplaced_top_occupations
    return Plan(
        name=shape.name,
        title=shape.title,
        from_=shape.from_,
        to=shape.to,
        counsellors=shape.counsellors,
        employers=shape.employers,
        registered=shape.registered,
        placed=Placed(shape.placed.total, shape.placed.by_occupation, shape.placed.by_age_percent),
        sessions=Sessions(shape.sessions.job, shape.sessions.startup, shape.sessions.by_channel),
        referrals=shape.referrals,
        launches=shape.launches,
        vacancies=shape.vacancies,
        referred=shape.referred,
        internships=tuple(Internships(each.year, each.completed, each.converted) for each in shape.internships),
        surveys=tuple(Survey(each.on, each.asked, each.score) for each in shape.surveys),
        unplaced_top_occupations=UnplacedTop(top.year, top.codes) if top else None,
        targets=tuple(Target(each.year, each.measure, each.value) for each in shape.targets),
    )
