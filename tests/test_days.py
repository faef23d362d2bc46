"""A day is written YYYY-MM-DD wherever one is taken, and nothing else is read as one. A form's day, or an address's,
that is a plain `date` fails here."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import pytest
from fastapi.routing import APIRoute
from pydantic import BaseModel, BeforeValidator, TypeAdapter, ValidationError

from chassis.days import Day, DayOrMoment, day, day_or_moment
from chassis.http.bulk import rows_of
from jobplus.stack.keys import Role
from services.intake.seekers.commands import SeekerForm
from tests.test_parameters import ADDRESSES, APPS, Address, send_to
from tests.test_texts import forms

READERS = {day, day_or_moment}


def unread(annotation: Any, metadata: tuple[Any, ...] = ()) -> bool:
    """Tell whether a type takes a day that `day` doesn't read."""
    if annotation in (date, datetime):
        return not READERS & {one.func for one in metadata if isinstance(one, BeforeValidator)}
    inner: tuple[Any, ...] = getattr(annotation, "__metadata__", ())
    if inner:
        return unread(annotation.__origin__, (*inner, *metadata))
    return any(unread(each, metadata) for each in get_args(annotation) if not isinstance(each, str))


@pytest.mark.parametrize("form", list(forms()), ids=lambda form: f"{form.__module__}.{form.__name__}")
def test_every_day_of_a_form_is_read_in_one_way(form: type[BaseModel]) -> None:
    fields = form.model_fields.items()
    assert [name for name, field in fields if unread(field.annotation, tuple(field.metadata))] == []


def parameters() -> Iterator[tuple[str, Any]]:
    for service, app in APPS.items():
        for route in app.routes:
            if isinstance(route, APIRoute):
                for each in (*route.dependant.query_params, *route.dependant.path_params):
                    yield f"{service} {route.path} {each.name}", each.field_info


def test_every_day_of_an_address_is_read_in_one_way() -> None:
    found = list(parameters())
    assert [name for name, info in found if unread(info.annotation, tuple(info.metadata))] == []
    assert len([name for name, info in found if "date" in str(info.annotation)]) > 5


def test_the_walk_finds_a_plain_day_wherever_it_is() -> None:
    class Plain(BaseModel):
        plain: date
        maybe: date | None = None
        several: tuple[datetime, ...] = ()
        read: Day
        perhaps: Day | None = None
        either: DayOrMoment

    fields = Plain.model_fields.items()
    found = [name for name, field in fields if unread(field.annotation, tuple(field.metadata))]
    assert found == ["plain", "maybe", "several"]


@pytest.mark.parametrize(
    "given",
    [
        0, 1, -1, 19790514, 5_097_600_000, 5.5, True, [], {}, "0", "19790514", "1979-5-14", "79-05-14", "14.05.1979",
        "1979/05/14", "1979-W20-1", "1979-134", "1979-05-14T00:00:00", "1979-05-14T00:00:00Z", " 1979-05-14",
        "1979-05-14\n", "１９７９-05-14", "", datetime(1979, 5, 14, tzinfo=UTC),
    ],
)  # fmt: skip
def test_what_is_not_written_as_a_day_is_none(given: Any) -> None:
    for reads in (day, day_or_moment):
        if reads is day or given != "1979-05-14T00:00:00Z":
            with pytest.raises(ValueError, match="write a day as YYYY-MM-DD, such as 2010-01-28"):
                reads(given)


@pytest.mark.parametrize("given", ["1979-02-29", "1979-13-01", "1979-05-00", "0000-01-01"])
def test_a_day_that_no_calendar_has_is_refused_as_such(given: str) -> None:
    for reads in (day, day_or_moment):
        with pytest.raises(ValueError, match="there is no such day in the calendar"):
            reads(given)


def test_a_moment_names_its_offset() -> None:
    reading = TypeAdapter[Any](DayOrMoment)
    nine = datetime(2010, 1, 28, 0, 0, tzinfo=UTC)
    written = ("2010-01-28T09:00:00+09:00", "2010-01-28T00:00Z", "2010-01-28T00:00:00.000Z")
    assert [reading.validate_python(text) for text in written] == [nine] * 3
    assert reading.validate_python("2010-01-28") == date(2010, 1, 28)
    assert type(reading.validate_python("2010-01-28")) is date
    for text in ("2010-01-28T09:00:00", "1264636800", "2010-01-28 09:00:00+09:00"):
        with pytest.raises(ValidationError, match="or a moment with its offset"):
            reading.validate_python(text)
    with pytest.raises(ValidationError, match="there is no such moment"):
        reading.validate_python("2010-01-28T25:00:00Z")


SEEKER: dict[str, Any] = {
    "name": "차오름", "birth_date": "1979-05-14", "phone": "010-0000-1501", "gender": "male", "district": "11440",
    "wanted_occupations": ["02"], "occurred_on": "2009-02-02",
}  # fmt: skip


@pytest.mark.parametrize(("field", "given"), [("birth_date", 0), ("birth_date", 5097600000), ("occurred_on", 19790514)])
def test_a_number_is_no_day_of_a_line_nor_of_a_request(field: str, given: Any) -> None:
    wrong = {**SEEKER, field: given}
    (row,) = rows_of(json.dumps(wrong).encode(), "ndjson", SeekerForm)
    (named,) = rows_of(json.dumps({**wrong, "ref": "S1"}).encode(), "ndjson", SeekerForm)
    told = {"field": field, "reason": "write a day as YYYY-MM-DD, such as 2010-01-28"}
    assert row.errors == named.errors == (told,)
    with pytest.raises(ValidationError, match="write a day as"):
        SeekerForm.model_validate(wrong)
    assert SeekerForm.model_validate(SEEKER).birth_date == date(1979, 5, 14)


NAMES = {"as_of", "from", "to", "known_at", "since", "waiting_since_before"}
DAYS = [each for each in ADDRESSES if NAMES.intersection(each.parameters)]


@pytest.mark.parametrize("address", DAYS, ids=lambda address: f"{address.method} {address.service}{address.path}")
async def test_an_address_refuses_a_number_as_a_day(address: Address) -> None:
    name = min(NAMES.intersection(address.parameters))
    answers = [await send_to(APPS[address.service], address, f"{name}=0", role) for role in get_args(Role)]
    problems = [problem for status, problem in answers if status != 403]
    assert problems
    for problem in problems:
        reasons = {error["field"]: error["reason"] for error in problem["errors"]}
        assert reasons[name].startswith("write a day as YYYY-MM-DD")


def test_a_day_is_a_day_already() -> None:
    today = date(2010, 1, 28) + timedelta(0)
    assert day(today) is today
