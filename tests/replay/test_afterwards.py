"""What the services are asked when all has settled can fail: each that knows of it has to answer for it."""

from collections import defaultdict
from typing import NamedTuple, cast

import pytest

from jobplus.client import Answer, Refusal
from jobplus.replay.comparing.afterwards import afterwards
from jobplus.replay.driving.calls import Calls
from services.matching.vacancies.commands import VacancyForm

FIRM = "0190c0de-0000-7000-8000-000000000003"


class _Firms:
    """Intake and matching, asked about one firm: what intake says of it, and what matching refuses a vacancy with."""

    def __init__(self, status: str, refused: str | None) -> None:
        self.ended = defaultdict[str, dict[int, str]](dict, {"employer": {1: FIRM}})
        self._status, self._refused = status, refused

    def asker(self, service: str) -> "_Asker":
        return _Asker(service, self._status, self._refused)


class _Asker(NamedTuple):
    service: str
    status: str
    refused: str | None

    async def get(self, path: str) -> dict[str, str]:
        assert (self.service, path) == ("intake", f"/employers/{FIRM}")
        return {"status": self.status}

    async def post(self, path: str, body: dict[str, object], _: str) -> None:
        asked = self.service, path, str(VacancyForm.model_validate(body).employer_id)
        assert asked == ("matching", "/vacancies", FIRM)
        if self.refused:
            problem = f'{{"type": "urn:jobplus:problem:{self.refused}"}}'
            raise Refusal("POST", path, Answer(409, problem.encode()))


@pytest.mark.parametrize(
    ("status", "refused", "count"),
    [
        ("left", "employer-left", 1),
        ("active", "employer-left", 0),
        ("left", None, 0),
        ("left", "vacancy-closed", 0),
    ],
)
async def test_a_firm_has_left_where_intake_says_so_and_matching_opens_no_vacancy_of_it(
    status: str, refused: str | None, count: int
) -> None:
    found = await afterwards(cast(Calls, _Firms(status, refused)))
    assert found["employers_left"] == count
