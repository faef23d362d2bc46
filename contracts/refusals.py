"""Refusals that more than one service gives, so that a caller meets the same everywhere: code, HTTP status, title.

A service makes its problem type of one: `ProblemType(*EMPLOYER_LEFT)`.
"""

from typing import NamedTuple
from uuid import UUID


class SharedRefusal(NamedTuple):
    """What is refused under one code by several services."""

    code: str
    status: int
    title: str


BEFORE_REGISTRATION = SharedRefusal("before-registration", 409, "The seeker was not registered yet on that day")
EMPLOYER_LEFT = SharedRefusal("employer-left", 409, "This company has left the centre")
COUNSELLOR_NOT_IN_SERVICE = SharedRefusal(
    "counsellor-not-in-service", 409, "This counsellor is not in service on that day"
)
BEFORE_PLACEMENT = SharedRefusal("before-placement", 422, "The placement was after that day")
PLACEMENT_CORRECTED = SharedRefusal("placement-corrected", 409, "This placement was corrected: it never was")
SEEKER_ERASED = SharedRefusal("seeker-erased", 410, "This person's data was erased")
SEEKER_MERGED = SharedRefusal("seeker-merged", 409, "This record was merged into another one of the same person")
SEEKER_OF_ANOTHER = SharedRefusal("seeker-of-another", 403, "This person is counselled by somebody else")
NOT_ONESELF = SharedRefusal("not-oneself", 403, "A counsellor acts in their own name")


def about_another(counsellor_id: UUID) -> str:
    """Say whose a person is, and what can be done."""
    return (
        f"counsellor {counsellor_id} has them; state a reason to open the record for today: "
        "POST /seekers/{seeker_id}/opening of intake"
    )
