"""Records that are gone, by erasure or by merging: what comes after it in the same batch, and what goes or stays."""

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Any

import asyncpg
import pytest
import uuid_utils.compat as uuids

from chassis.batch.clock import SimulatedClock
from chassis.batch.command_batch import CommandHandler
from chassis.batch.decisions import Accepted, Actor, Asked, Outcome, Refused
from chassis.batch.wiring import wired
from chassis.database.db import prepare_connection
from contracts.ids import SeekerId, SessionId
from services.intake.bootstrap import blueprint
from services.intake.counselling.commands import SessionForm, hold
from services.intake.duplicates.commands import MergeSeekers
from services.intake.duplicates.store import TABLES
from services.intake.privacy.commands import ConsentForm, EraseSeeker, RecordConsent
from services.intake.seekers.commands import ChangeSeeker, RegisterSeeker, SeekerForm, Withdrawal, WithdrawSeeker
from services.intake.settings import IntakeSettings
from services.intake.sos_care.commands import EndSosCareWithJob, TriageForm, TriageSeeker
from tests.kit import forms
from tests.kit.client import Reply, StackClient

Told = list[tuple[str, str]]
Decide = Callable[..., Awaitable[tuple[list[Outcome], Told]]]

ERASED, MERGED = (410, "seeker-erased"), (409, "seeker-merged")


@pytest.fixture
async def decide(calling: StackClient) -> AsyncIterator[Decide]:
    """Decide commands as one batch in one transaction; gives the outcomes, and who was told what (key, type)."""
    made = blueprint(IntakeSettings.model_construct())
    unused: Any = None
    deciders = wired(made.deciders, made.stores, made.doers)
    handler = CommandHandler(
        made.stores, deciders, SimulatedClock(), unused, former_ids=made.former_ids, doers=made.doers
    )
    conn = await asyncpg.connect(calling.stack.database_url("intake"))
    await prepare_connection(conn)

    async def batch(*commands: Any) -> tuple[list[Outcome], Told]:
        cause = str(uuids.uuid7())
        asked = [Asked(command, Actor("manager", "m-1"), cause, cause) for command in commands]
        async with conn.transaction():
            outcomes = await handler.handle(conn, asked)
            rows = await conn.fetch("SELECT key, type FROM outbox WHERE causation_id = $1 ORDER BY id", cause)
        return outcomes, [(row["key"], row["type"].removeprefix("jobplus.")) for row in rows]

    yield batch
    await conn.close()


@pytest.fixture(scope="module")
def counsellor(calling: StackClient) -> str:
    return calling.made("intake", "/counsellors", forms.counsellor())["counsellor_id"]


def _register(calling: StackClient, **details: Any) -> SeekerId:
    return SeekerId(uuid.UUID(calling.post("intake", "/seekers", forms.seeker(**details)).json["seeker_id"]))


def _held(client: uuid.UUID, counsellor: str, **changes: Any) -> Any:
    return hold(SessionId(uuids.uuid7()), SessionForm.model_validate(forms.session(client, counsellor, **changes)))


def _changed(seeker_id: SeekerId, **details: Any) -> ChangeSeeker:
    return ChangeSeeker(seeker_id, 1, SeekerForm.model_validate(forms.seeker(**details)))


def _refusal(outcome: Outcome) -> tuple[int, str]:
    assert isinstance(outcome, Refused), outcome
    return outcome.problem.status, outcome.problem.code


def _rows(calling: StackClient, seeker_id: SeekerId) -> dict[str, int]:
    """Count what a person, by this id, still has in the tables that go with the record."""
    tables = {"seeker": "seeker_id", "startup_client": "client_id", "sos_care_triage": "seeker_id"}
    counts = ", ".join(f"(SELECT count(*) FROM {t} WHERE {column} = $1) AS {t}" for t, column in tables.items())
    (row,) = calling.query("intake", f"SELECT {counts}", seeker_id)
    return {table: n for table, n in row.items() if n}


async def test_after_an_erasure_its_batch_finds_the_person_erased(
    calling: StackClient, decide: Decide, counsellor: str
) -> None:
    seeker_id = _register(calling)
    outcomes, told = await decide(
        EraseSeeker(seeker_id),
        _held(seeker_id, counsellor),
        _held(seeker_id, counsellor, kind="startup", registered=False),
        _changed(seeker_id),
        WithdrawSeeker(seeker_id, Withdrawal(reason="other")),
        EraseSeeker(seeker_id),
    )
    assert isinstance(outcomes[0], Accepted)
    assert [_refusal(outcome) for outcome in outcomes[1:]] == [ERASED] * 5
    assert told == [(str(seeker_id), "SeekerErased"), (str(seeker_id), "ProfileRemoved")]
    assert _rows(calling, seeker_id) == {}


async def test_what_an_erasures_batch_did_before_goes_with_the_record(
    calling: StackClient, decide: Decide, counsellor: str
) -> None:
    form = forms.seeker()
    seeker_id = SeekerId(uuid.UUID(calling.post("intake", "/seekers", form).json["seeker_id"]))
    again = RegisterSeeker(SeekerId(uuids.uuid7()), SeekerForm.model_validate(form))
    outcomes, _ = await decide(
        _held(seeker_id, counsellor),
        _held(seeker_id, counsellor, kind="startup"),
        TriageSeeker(uuids.uuid7(), seeker_id, TriageForm()),
        _changed(seeker_id, **{**form, "district": "11110"}),
        EraseSeeker(seeker_id),
        again,
    )
    assert [type(outcome) for outcome in outcomes] == [Accepted] * 6
    assert _rows(calling, seeker_id) == {}
    assert _rows(calling, again.seeker_id) == {"seeker": 1}


async def test_after_a_merge_its_batch_finds_the_record_that_stayed(
    calling: StackClient, decide: Decide, counsellor: str
) -> None:
    kept, given_up, other = (_register(calling) for _ in range(3))
    outcomes, told = await decide(
        MergeSeekers(kept, given_up),
        _changed(given_up),
        _held(given_up, counsellor),
        _held(given_up, counsellor, kind="startup", registered=False),
        MergeSeekers(other, given_up),
    )
    assert isinstance(outcomes[0], Accepted)
    assert [_refusal(outcome) for outcome in outcomes[1:]] == [MERGED] * 4
    assert all(outcome.facts == {"seeker_id": str(kept)} for outcome in outcomes if isinstance(outcome, Refused))
    assert [name for key, name in told if key == str(kept)] == ["SeekersMerged", "SeekerProfile"]
    assert len(told) == 3  # and of the record that was given up, that its profile is no more
    assert _rows(calling, given_up) == {}


async def test_who_is_merged_and_erased_in_one_batch_is_erased_under_every_id(
    calling: StackClient, decide: Decide, counsellor: str
) -> None:
    last, kept, given_up = (_register(calling) for _ in range(3))
    outcomes, told = await decide(
        _held(given_up, counsellor, kind="startup"),
        TriageSeeker(uuids.uuid7(), given_up, TriageForm()),
        RecordConsent(given_up, ConsentForm(purpose="surveys", given=True, text_version="t1")),
        MergeSeekers(kept, given_up),
        MergeSeekers(last, kept),
        EraseSeeker(last),
    )
    assert [type(outcome) for outcome in outcomes] == [Accepted] * 6
    assert {key for key, name in told if name == "SeekerErased"} == {str(last), str(kept), str(given_up)}
    for seeker_id in (last, kept, given_up):
        assert calling.get("intake", f"/seekers/{seeker_id}").refusal == ERASED
        assert _rows(calling, seeker_id) == {}


def test_a_merged_record_leaves_its_history_to_the_other(calling: StackClient, counsellor: str) -> None:
    kept, given_up = _register(calling), _register(calling)

    def said(seeker_id: SeekerId, purpose: str, given: bool, **day: Any) -> Reply:
        form = {"purpose": purpose, "given": given, "text_version": "t1", **day}
        return calling.post("intake", f"/seekers/{seeker_id}/consents", form)

    said(kept, "employers", True, occurred_on="2010-03-01")
    said(given_up, "employers", True, occurred_on="2010-04-01")
    said(given_up, "employers", False, occurred_on="2010-05-01")
    said(given_up, "surveys", True)
    path = f"/seekers/{given_up}"
    calling.made("intake", f"{path}/sos-care", {})
    calling.made("intake", f"{path}/care-assessments", {"work_habits": 5, "job_goal": 5, "vocational_skills": 1})
    course = calling.made("intake", f"{path}/courses", {"course": "office", "hours": 60, "stage": "training"})
    calling.made("intake", f"{path}/courses/{course['course_id']}/ending", {"reason": "illness"})
    calling.made("intake", f"{path}/total-care/ending", {"reason": "other"})
    session = calling.made("intake", "/sessions", forms.session(given_up, counsellor, kind="startup"))["session_id"]
    launch = calling.made("intake", "/launches", {"client_id": str(given_up), "occupation": "13"})["launch_id"]
    calling.get("intake", path)

    calling.made("intake", f"/seekers/{kept}/merge", {"merged_id": str(given_up)})
    (triage,) = calling.get("intake", f"/seekers/{kept}/sos-care").json["triages"]
    assert triage["granted"] is False
    care = calling.get("intake", f"/seekers/{kept}/total-care").json
    assert [one["stage"] for one in care["assessments"]] == ["training"]
    assert [(one["course"], one["dropped_as"]) for one in care["courses"]] == [("office", "illness")]
    assert len(calling.get("intake", f"/seekers/{kept}/consents").json["consents"]) == 4
    assert said(kept, "employers", False).refusal == (409, "consent-not-given")
    assert said(kept, "surveys", False).status == 201
    for what, one, of in (("sessions", "session_id", session), ("launches", "launch_id", launch)):
        (listed,) = calling.get("intake", f"/{what}?client_id={kept}").json[what]
        assert listed[one] == of
        assert calling.get("intake", f"/{what}?client_id={given_up}").refusal == MERGED
    reads = calling.get("intake", f"/seekers/{kept}/reads").json["reads"]
    assert [(read["what"], read["seeker_id"]) for read in reads] == [
        ("record", str(given_up)),
        *((what, str(kept)) for what in ("sos_care", "total_care", "consents", "sessions", "launches")),
    ]
    assert (_rows(calling, kept), _rows(calling, given_up)) == (
        {"seeker": 1, "startup_client": 1, "sos_care_triage": 1},
        {},
    )


GO_WITH_THE_RECORD = {
    # The merge marks the record that stays itself, where its group may have changed.
    "group_in_doubt",
}


def test_nothing_goes_with_a_merged_record_that_was_not_meant_to(calling: StackClient) -> None:
    rows = calling.query(
        "intake",
        """SELECT conrelid::regclass::text AS name FROM pg_constraint
           WHERE contype = 'f' AND confdeltype = 'c' AND confrelid = 'seeker'::regclass""",
    )
    cascading = {row["name"] for row in rows}
    assert cascading >= GO_WITH_THE_RECORD
    assert cascading - GO_WITH_THE_RECORD == set(TABLES) - {"consent"}  # which outlives the record


def test_who_has_no_record_any_more_is_no_start_up_client_either(calling: StackClient, counsellor: str) -> None:
    kept, given_up, erased = (_register(calling) for _ in range(3))
    for client in (given_up, erased):
        calling.made("intake", "/sessions", forms.session(client, counsellor, kind="startup"))
    calling.made("intake", f"/seekers/{kept}/merge", {"merged_id": str(given_up)})
    calling.made("intake", f"/seekers/{erased}/erasure", {})
    for client, answer in ((given_up, MERGED), (erased, ERASED)):
        for form, path in (
            (forms.session(client, counsellor, kind="startup", registered=False), "/sessions"),
            (forms.session(client, counsellor, kind="startup"), "/sessions"),
            ({"client_id": str(client)}, "/launches"),
        ):
            reply = calling.post("intake", path, form)
            assert reply.problem == (*answer, ["client_id"])
        assert _rows(calling, client) == {}
    assert calling.post("intake", "/launches", {"client_id": str(kept)}).status == 201


async def test_a_job_that_matching_decided_before_it_heard_of_the_grant_ends_sos_care(
    calling: StackClient, decide: Decide
) -> None:
    declared = {"dependants": 2, "other_earners": 0, "occurred_on": "2010-03-01"}
    seeker_id, other = _register(calling, **declared), _register(calling, **declared)
    path, day = f"/seekers/{seeker_id}/sos-care", date(2010, 3, 2)
    calling.made("intake", path, {"hardship": "illness", "occurred_on": str(day)})

    def job(of: SeekerId, year: int) -> EndSosCareWithJob:
        return EndSosCareWithJob(of, day, datetime(year, 3, 2, tzinfo=UTC), knowing=False)

    before, since = 2010, 2999
    outcomes, told = await decide(job(seeker_id, before), job(other, since))
    assert (outcomes, told) == ([Accepted(), Accepted()], [])
    assert calling.get("intake", path).json["in_care"] is True
    _, told = await decide(job(other, since), job(seeker_id, since), job(seeker_id, since))
    assert told == [(str(seeker_id), "SosCareEnded"), (str(seeker_id), "SeekerProfile")]
    assert calling.get("intake", path).json["in_care"] is False


def test_sos_care_does_not_end_before_the_day_of_its_grant(calling: StackClient) -> None:
    seeker_id = _register(calling, dependants=2, other_earners=0, occurred_on="2010-03-01")
    path = f"/seekers/{seeker_id}/sos-care"
    unregistered = calling.post("intake", path, {"hardship": "illness", "occurred_on": "2010-02-28"})
    assert unregistered.problem == (409, "before-registration", ["occurred_on"])
    granted = calling.made("intake", path, {"hardship": "illness", "occurred_on": "2010-03-02"})
    assert granted["granted"] is True
    form = {"reason": "no_longer_in_hardship", "occurred_on": "2010-03-01"}
    early = calling.post("intake", f"{path}/ending", form)
    assert early.problem == (409, "before-sos-care", ["occurred_on"])
    assert "2010-03-02" in early.json["detail"]
    assert calling.made("intake", f"{path}/ending", {**form, "occurred_on": "2010-03-02"})["ended_on"] == "2010-03-02"


def test_total_care_is_not_left_before_the_last_assessment(calling: StackClient) -> None:
    seeker_id = _register(calling, occurred_on="2010-03-01")
    scores = {"work_habits": 4, "job_goal": 2, "vocational_skills": 3}
    for day in ("2010-03-02", "2010-03-01"):
        calling.made("intake", f"/seekers/{seeker_id}/care-assessments", {**scores, "occurred_on": day})
    path, form = f"/seekers/{seeker_id}/total-care/ending", {"reason": "not_wanted", "occurred_on": "2010-03-01"}
    early = calling.post("intake", path, form)
    assert early.problem == (409, "before-assessment", ["occurred_on"])
    assert "2010-03-02" in early.json["detail"]
    assert calling.made("intake", path, {**form, "occurred_on": "2010-03-02"})["ended_on"] == "2010-03-02"
