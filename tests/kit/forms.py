"""Forms as counsellors fill them in. Whoever is named in one has been named in none before."""

import itertools
import uuid
from typing import Any

import orjson

_numbers = itertools.count(1)


def seeker(**changes: Any) -> dict[str, Any]:
    """A person who looks for work."""
    return {
        "name": f"김{next(_numbers)}{uuid.uuid4().hex[:6]}",
        "birth_date": "1979-05-14",
        "phone": "010-0000-1234",
        "gender": "female",
        "district": "11440",
        "wanted_occupations": ["02", "10"],
        **changes,
    }


def counsellor(*groups: str, **changes: Any) -> dict[str, Any]:
    """One who joins the centre, for the young unless told otherwise."""
    return {"name": "이한결", "groups": list(groups or ["youth"]), **changes}


def session(client_id: object, counsellor_id: str, **changes: Any) -> dict[str, Any]:
    """Half an hour with a counsellor."""
    form = {"client_id": str(client_id), "counsellor_id": counsellor_id, "kind": "job", "channel": "visit"}
    return {**form, "minutes": 30, **changes}


def employer(**changes: Any) -> dict[str, Any]:
    """A firm."""
    return {"business_number": business_number(), "name": "한빛물산", "size": "mid", "district": "11680", **changes}


def vacancy(employer_id: object, **changes: Any) -> dict[str, Any]:
    """One opening for a permanent job with a firm."""
    return {
        "employer_id": employer_id,
        "occupation": "02",
        "openings": 1,
        "title": "회계",
        "sector": "private",
        "employment": "permanent",
        "district": "11440",
        **changes,
    }


def business_number() -> str:
    """A business registration number with a right check digit."""
    digits = [int(digit) for digit in f"{next(_numbers) + 100_000_000:09d}"]
    total = sum(d * w for d, w in zip(digits, (1, 3, 7, 1, 3, 7, 1, 3, 5), strict=True)) + digits[8] * 5 // 10
    return "".join(map(str, digits)) + str((10 - total % 10) % 10)


def encoded(form: object) -> bytes:
    """A form as the body of a request."""
    return orjson.dumps(form)
