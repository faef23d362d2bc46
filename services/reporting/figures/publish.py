"""The published figures, made of sums. Rounding is half up; a ratio over zero is None."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any, get_args

from contracts.codes import AGE_BANDS, CHANNELS, OCCUPATIONS, SessionKind
from services.reporting.figures.measures import MEASURES, Measure
from services.reporting.figures.period import Period
from services.reporting.figures.queries import Sums

_TENTH = Decimal("0.1")


def ratio(part: int, whole: int, scale: int = 1) -> float | None:
    """Divide, times `scale`, to one decimal, half up."""
    if whole == 0:
        return None
    return float((Decimal(part * scale) / Decimal(whole)).quantize(_TENTH, ROUND_HALF_UP))


def percent(part: int, whole: int) -> float | None:
    return ratio(part, whole, 100)


def publish(sums: Sums, period: Period) -> dict[str, Any]:
    """Give the figures as they are published. All occupations, age bands and channels are there, zeros too."""

    def total(measure: Measure) -> int:
        return sum(sums[measure].values())

    placed, registered, referrals = total("placed"), total("registered"), total("referrals")
    by_occupation = _split(sums, "placed", "occupation", OCCUPATIONS)
    by_age = _split(sums, "placed", "age_band", AGE_BANDS)
    kinds = _split(sums, "sessions", "kind", get_args(SessionKind))
    return {
        "as_of": period.as_of.isoformat(),
        "from": period.first.isoformat() if period.first else None,
        "known_at": period.known_at.isoformat() if period.known_at else None,
        "registered": registered,
        "placed": {
            "total": placed,
            "rate_percent": percent(placed, registered),
            "by_occupation": by_occupation,
            "by_age": by_age,
            "by_occupation_percent": {code: percent(count, placed) for code, count in by_occupation.items()},
            "by_age_percent": {band: percent(count, placed) for band, count in by_age.items()},
        },
        "placements": total("placements"),
        "sessions": {
            "total": total("sessions"),
            **kinds,
            "by_channel": _split(sums, "sessions", "channel", CHANNELS),
        },
        "per_seeker": {"sessions": ratio(kinds["job"], registered), "referrals": ratio(referrals, registered)},
        "referrals": referrals,
        "referred": total("referred"),
        "launches": total("launches"),
        "employers": total("employers"),
        "vacancies": total("vacancies"),
        "counsellors": total("counsellors"),
    }


def _split(sums: Sums, measure: Measure, dimension: str, codes: tuple[str, ...]) -> dict[str, int]:
    place = MEASURES[measure].rolled.index(dimension)
    counted = dict.fromkeys(codes, 0)
    for values, amount in sums[measure].items():
        counted[values[place]] += amount
    return counted
