"""What can be brought in, in the order in which it has to be, and how rows refer to each other."""

from dataclasses import dataclass

from chassis import problems
from jobplus.stack.keys import Role

REF = "ref"
PERSONS = "seekers"
"""The kind whose rows are persons, who may be erased."""
ROW_ERASED = problems.ROW_ERASED.uri
OF_ERASED = frozenset({ROW_ERASED, f"{problems.URN}seeker-erased"})
"""The problem types of rows whose person was erased."""
REF_ENDING = "_ref"
REFUSED_BECAUSE = "refused_because"
"""The column that tells in what was written back why a row was refused: no part of what the row says."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Files `NAME.csv`, `NAME.xlsx` and so on (or `NAME-anything`), and the endpoint that takes their rows.

    `gives` are the ids that a row is given, by which later rows may refer to it. What `ends` others is brought in when
    nothing more of these can be. `most_rows` go in one request.
    """

    name: str
    service: str
    path: str
    gives: tuple[str, ...]
    role: Role = "manager"
    ends: bool = False
    most_rows: int = 2_000


KINDS = (
    Kind("counsellors", "intake", "/counsellors/bulk", ("counsellor_id",)),
    Kind("employers", "intake", "/employers/bulk", ("employer_id",)),
    Kind("seekers", "intake", "/seekers/bulk", ("seeker_id",)),
    Kind("vacancies", "matching", "/vacancies/bulk", ("vacancy_id",)),
    Kind("sessions", "intake", "/sessions/bulk", ("session_id",)),
    Kind("launches", "intake", "/launches/bulk", ("launch_id",)),
    Kind("referrals", "matching", "/referrals/bulk", ("referral_id",)),
    Kind("internships", "matching", "/internships/bulk", ("internship_id", "placement_id")),
    Kind("placements", "matching", "/placements/bulk", ("placement_id",)),
    Kind("self_found", "matching", "/self-found/bulk", ("placement_id",)),
    Kind("contacts", "followup", "/contacts/bulk", ("contact_id",)),
    Kind("surveys", "followup", "/surveys/bulk", ("survey_id",), role="evaluator", most_rows=10),
    Kind("closings", "matching", "/vacancies/closings/bulk", (), ends=True),
)
KIND_OF = {kind.name: kind for kind in KINDS}
GIVEN = frozenset(field for kind in KINDS for field in kind.gives)
"""The ids that rows are given: others, such as a visit's, no row can refer to."""

_SAME_AS = {"client_id": "seeker_id"}
"""A client of a session or a launch is a seeker, or somebody unregistered."""


DAYS = frozenset(
    {
        *("occurred_on", "left_on", "birth_date", "last_job_ended_on", "deadline", "answered_on", "completed_on"),
        *("converted_on", "broken_off_on", "ended_on", "period_from", "period_to"),
    }
)
"""The columns that hold days, in whatever kind."""


def refers_to(column: str) -> tuple[str, str] | None:
    """Tell what a column like `seeker_ref` refers by: the field that it fills, and the id that it is looked up among.

    None for every other column.
    """
    if not column.endswith(REF_ENDING):
        return None
    field = column.removesuffix(REF_ENDING) + "_id"
    among = _SAME_AS.get(field, field)
    return (field, among) if among in GIVEN else None


def reference_of(field: str) -> str | None:
    """Give the column by which a table fills a field like `seeker_id`; None for a field that no row can refer by."""
    column = field.removesuffix("_id") + REF_ENDING
    return column if field.endswith("_id") and refers_to(column) else None
