"""What a fact tells beside its day: values by name, in the names' order, without those that nobody told.

They keep this one form, in which equal ones are equal values, until they are written as JSON.
"""

from bisect import bisect
from collections.abc import Collection

import orjson

from contracts.followups import EmploymentEnded, FollowUpDue, FollowUpMade
from contracts.profile import Bands

Value = str | bool
Dimensions = tuple[tuple[str, Value], ...]


def dimensions(**values: Value | None) -> Dimensions:
    """Give dimensions; those that are None are left out."""
    return tuple(sorted([(name, value) for name, value in values.items() if value is not None]))


def with_one(told: Dimensions, name: str, value: Value) -> Dimensions:
    """Give dimensions with one more, of a name that isn't among them."""
    place = bisect(told, (name,))
    return (*told[:place], (name, value), *told[place:])


def only(told: Dimensions, names: Collection[str]) -> Dimensions:
    """Give those of some names."""
    return tuple([pair for pair in told if pair[0] in names])


def as_text(value: Value) -> str:
    """Write a value as PostgreSQL's ->> does."""
    return value if isinstance(value, str) else str(value).lower()


def as_json(told: Dimensions) -> str:
    """Write dimensions: equal ones are equal texts."""
    return orjson.dumps(dict(told)).decode()


def from_json(text: str) -> Dimensions:
    """Read dimensions as `as_json` writes them."""
    return tuple(orjson.loads(text).items())


def bands(person: Bands | None) -> dict[str, Value | None]:
    """Give the dimensions that a person's profile adds, `PERSON`: written out, since every event's pass here."""
    if person is None:
        return {}
    return {
        "age_band": person.age_band,
        "gender": person.gender,
        "district": person.district,
        "income_band": person.income_band,
        "programme": person.programme,
        "breadwinner": person.breadwinner,
    }


def job(event: FollowUpDue | FollowUpMade | EmploymentEnded) -> dict[str, Value | None]:
    """Give the dimensions of the job that an event after a placement is about, `JOB`."""
    return {
        "occupation": event.occupation,
        "sector": event.sector,
        "employment": event.employment,
        "source": event.source,
    }
