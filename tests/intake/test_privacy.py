"""What people agreed to, who read their data, likely duplicates, merging and erasure, through all services."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import asyncpg
import orjson
import pytest

from chassis.database.retention import Retention
from contracts.surveys import invitation_digest
from services.intake.bootstrap import blueprint
from services.intake.duplicates.rules import MOST_SHOWN
from services.intake.settings import IntakeSettings
from tests.kit import forms
from tests.kit.client import Reply, StackClient
from tests.kit.waiting import until


def _register(calling: StackClient, **details: Any) -> str:
    return calling.post("intake", "/seekers", forms.seeker(**details)).json["seeker_id"]


def _settled_figures(calling: StackClient) -> Any:
    """Give the figures when every event that was ever published is counted."""
    sent = "SELECT coalesce(sum(last), 0)::int AS n FROM outbox_sequence WHERE topic <> 'jobplus.profiles'"
    held = "SELECT count(*) AS n FROM ledger"

    def sent_and_held() -> tuple[int, int]:
        published = sum(calling.query(service, sent)[0]["n"] for service in ("intake", "matching", "followup"))
        return published, calling.query("reporting", held)[0]["n"]

    until(sent_and_held, "the ledger holds all that was sent", lambda counts: counts[0] == counts[1])
    return calling.get("reporting", "/figures").json


def _reads(calling: StackClient, seeker_id: str) -> list[tuple[str, str]]:
    page = calling.get("intake", f"/seekers/{seeker_id}/reads").json
    return [(read["what"], read["reader_role"]) for read in page["reads"]]


def test_consents_are_a_record_of_all_that_was_said(calling: StackClient) -> None:
    seeker_id = _register(calling)
    path = f"/seekers/{seeker_id}/consents"
    for given in (True, False):
        form = {"purpose": "employers", "given": given, "text_version": "t2026-01"}
        assert calling.post("intake", path, form, role=calling.whose(seeker_id)).status == 201
    assert calling.post("intake", path, form).refusal == (409, "consent-not-given")
    first = calling.get("intake", f"{path}?limit=1").json
    rest = calling.get("intake", f"{path}?limit=5&after={first['next']}").json
    told = [(c["given"], c["text_version"], c["actor_role"]) for page in (first, rest) for c in page["consents"]]
    assert told == [(True, "t2026-01", "counsellor"), (False, "t2026-01", "counsellor")]
    assert calling.post("intake", path, {**form, "purpose": "advertising"}).fields == ["purpose"]


def test_every_read_of_a_person_is_on_record(calling: StackClient) -> None:
    form = forms.seeker()
    seeker_id = calling.post("intake", "/seekers", form).json["seeker_id"]
    path = f"/seekers/{seeker_id}"
    calling.get("intake", path, role=calling.whose(seeker_id))
    assert calling.find(name=form["name"]) == [seeker_id]
    twin = _register(calling, name=f"{form['name']}이")
    calling.get("intake", f"/seekers/{twin}/duplicates")
    calling.get("intake", f"{path}/consents")  # shows nothing
    calling.post("intake", f"{path}/consents", {"purpose": "surveys", "given": True, "text_version": "t1"})
    calling.get("intake", f"{path}/consents")
    assert _reads(calling, seeker_id) == [
        ("record", "counsellor"),
        ("search", "manager"),
        ("duplicates", "manager"),
        ("consents", "manager"),
    ]
    assert calling.get("intake", f"{path}/reads", role="counsellor").status == 403
    first = calling.get("intake", f"{path}/reads?limit=3").json
    assert len(calling.get("intake", f"{path}/reads?after={first['next']}").json["reads"]) == 1


def _invited(calling: StackClient, *seeker_ids: str, ago: int = 0) -> str:
    """Have these persons asked by a survey of a day, as followup would publish it; gives their invitation."""
    today = calling.today("intake")
    invitation_id = uuid.uuid4()
    digests = [invitation_digest(invitation_id, uuid.UUID(seeker_id)) for seeker_id in seeker_ids]
    for digest in digests:
        calling.query(
            "intake",
            "INSERT INTO survey_invitation (digest, drawn_on) VALUES ($1, $2)",
            digest,
            today - timedelta(days=ago),
        )
    return str(invitation_id)


def _reached(calling: StackClient, seeker_id: str, invitation_id: str) -> Reply:
    path = f"/seekers/{seeker_id}/contact-details?invitation_id={invitation_id}"
    return calling.get("intake", path, role="evaluator")


def test_the_evaluation_office_reads_how_a_person_is_reached_and_nothing_else(calling: StackClient) -> None:
    form = forms.seeker()
    seeker_id = calling.post("intake", "/seekers", form).json["seeker_id"]
    invitation = _invited(calling, seeker_id)
    reached = {"seeker_id": seeker_id, "name": form["name"], "phone": form["phone"]}
    assert _reached(calling, seeker_id, invitation).json == reached
    assert calling.get("intake", f"/seekers/{seeker_id}/contact-details?invitation_id={invitation}").status == 403
    assert calling.get("intake", f"/seekers/{seeker_id}", role="evaluator").status == 403
    assert _reads(calling, seeker_id) == [("contact_details", "evaluator")]
    assert _reached(calling, str(uuid.uuid4()), invitation).status == 404
    unnamed = calling.get("intake", f"/seekers/{seeker_id}/contact-details", role="evaluator")
    assert (unnamed.status, unnamed.fields) == (422, ["invitation_id"])


def test_nobody_is_shown_whom_no_running_survey_asks(calling: StackClient) -> None:
    seeker_id, other = _register(calling), _register(calling)
    days = IntakeSettings.model_construct().survey_days
    over, running = _invited(calling, seeker_id, ago=days + 1), _invited(calling, seeker_id, ago=days)
    for who, invitation, code in ((other, running, "not-in-sample"), (seeker_id, over, "survey-over")):
        refused = _reached(calling, who, invitation)
        assert refused.problem == (409, code, ["invitation_id"])
        assert _reads(calling, who) == []
    assert _reached(calling, seeker_id, running).status == 200


def test_whom_a_survey_asks_under_a_record_that_was_given_up_is_shown_by_the_one_that_stays(
    calling: StackClient,
) -> None:
    kept, given_up = _register(calling), _register(calling)
    invitation = _invited(calling, given_up)
    assert calling.post("intake", f"/seekers/{kept}/merge", {"merged_id": given_up}).status == 200
    assert _reached(calling, kept, invitation).json["seeker_id"] == kept
    assert _reached(calling, given_up, invitation).refusal == (409, "seeker-merged")


def test_who_declined_surveys_is_not_shown_until_they_agree_again(calling: StackClient) -> None:
    seeker_id = _register(calling)
    invitation = _invited(calling, seeker_id)

    def say(given: bool) -> None:
        consent = {"purpose": "surveys", "given": given, "text_version": "t1"}
        assert calling.post("intake", f"/seekers/{seeker_id}/consents", consent).status == 201

    say(False)
    refused = _reached(calling, seeker_id, invitation)
    assert refused.problem == (409, "surveys-declined", ["seeker_id"])
    assert _reads(calling, seeker_id) == []
    say(True)
    assert _reached(calling, seeker_id, invitation).status == 200
    say(False)
    assert calling.post("intake", f"/seekers/{seeker_id}/erasure", {}).status == 200
    assert _reached(calling, seeker_id, invitation).refusal == (410, "seeker-erased")


def test_consents_are_published_with_nothing_personal(calling: StackClient) -> None:
    seeker_id = _register(calling)
    for given in (True, False):
        consent = {"purpose": "surveys", "given": given, "text_version": "t1"}
        assert calling.post("intake", f"/seekers/{seeker_id}/consents", consent).status == 201
    sql = "SELECT data FROM ledger WHERE key = $1 AND type = 'jobplus.ConsentRecorded' ORDER BY sequence"
    rows = until(
        lambda: calling.query("reporting", sql, seeker_id), "both are in the ledger", lambda rows: len(rows) == 2
    )
    told = [orjson.loads(row["data"]) for row in rows]
    assert [(one["purpose"], one["given"]) for one in told] == [("surveys", True), ("surveys", False)]


def test_a_read_that_cannot_be_put_on_record_shows_nothing(calling: StackClient) -> None:
    form = forms.seeker()
    seeker_id = calling.post("intake", "/seekers", form).json["seeker_id"]
    calling.query("intake", "ALTER TABLE seeker_read RENAME TO seeker_read_away")
    try:
        sought = {"name": form["name"]}
        replies = [
            calling.get("intake", f"/seekers/{seeker_id}"),
            calling.post("intake", "/seekers/search", sought),
            calling.get("intake", "/seekers?limit=500"),
        ]
    finally:
        calling.query("intake", "ALTER TABLE seeker_read_away RENAME TO seeker_read")
    assert {reply.status for reply in replies} == {503}
    assert not any(form["name"].encode() in reply.body for reply in replies)


async def test_a_read_is_remembered_for_its_days_and_no_longer(calling: StackClient) -> None:
    seeker_id = _register(calling)
    for _ in range(2):
        calling.get("intake", f"/seekers/{seeker_id}")
    settings = IntakeSettings.model_construct()
    made = blueprint(settings)
    sql = """UPDATE seeker_read SET kept_at = now() - make_interval(days => $2)
             WHERE read_id = (SELECT min(read_id::text)::uuid FROM seeker_read WHERE seeker_id = $1)"""
    async with asyncpg.create_pool(calling.stack.database_url("intake"), min_size=1, max_size=1) as pool:
        await pool.execute(sql, uuid.UUID(seeker_id), settings.reads_days - 1)
        await Retention(pool, settings, made.retention).delete()
        assert len(_reads(calling, seeker_id)) == 2
        await pool.execute(sql, uuid.UUID(seeker_id), settings.reads_days + 1)
        await Retention(pool, settings, made.retention).delete()
    assert len(_reads(calling, seeker_id)) == 1


async def test_an_invitation_is_known_through_its_last_day_and_until_it_is_told_that_the_survey_is_over(
    calling: StackClient,
) -> None:
    seeker_id, settings = _register(calling), IntakeSettings.model_construct()
    days, made = settings.survey_days, blueprint(settings)
    async with asyncpg.create_pool(calling.stack.database_url("intake"), min_size=1, max_size=1) as pool:

        async def told(ago: int) -> int | tuple[int, str]:
            invitation = _invited(calling, seeker_id, ago=ago)
            digest = invitation_digest(uuid.UUID(invitation), uuid.UUID(seeker_id))
            # It was heard of at the beginning of its day, and an hour of the last one has passed.
            sql = (
                "UPDATE survey_invitation SET kept_at = now() - make_interval(days => $2, hours => 1) WHERE digest = $1"
            )
            await pool.execute(sql, digest, ago)
            await Retention(pool, settings, made.retention).delete()
            reply = _reached(calling, seeker_id, invitation)
            return 200 if reply.status == 200 else reply.refusal

        assert await told(days) == 200
        assert await told(days + 1) == (409, "survey-over")
        assert await told(days + 30) == (409, "not-in-sample")


def test_likely_duplicates_are_shown_with_their_reasons(calling: StackClient) -> None:
    name, phone = f"박{uuid.uuid4().hex[:8]}", f"010-{uuid.uuid4().int % 10000:04}-{uuid.uuid4().int % 10000:04}"
    seeker = _register(calling, name=name, birth_date="1971-07-07", phone=phone)
    spelt = _register(calling, name=f"{name}이", birth_date="1971-07-07")
    called = _register(calling, birth_date="1990-01-01", phone=phone)
    _register(calling, birth_date="1971-07-07", phone="010-1111-1111")
    found = calling.get("intake", f"/seekers/{seeker}/duplicates").json["duplicates"]
    assert {one["seeker_id"]: one["reasons"] for one in found} == {
        spelt: ["same_birth_date", "similar_name"],
        called: ["same_phone"],
    }
    assert calling.get("intake", f"/seekers/{uuid.uuid4()}/duplicates").status == 404


def test_who_is_surely_one_stands_above_hundreds_born_on_the_same_day(calling: StackClient) -> None:
    name = f"최{uuid.uuid4().hex[:8]}"
    born = "1970-01-02"  # what an office writes for a day that it doesn't know
    others = [
        forms.seeker(name=uuid.uuid4().hex[:12], birth_date=born, phone=f"010-7777-{number:04}")
        for number in range(205)
    ]
    seeker = _register(calling, name=name, birth_date=born, phone="010-7778-0001")
    rows = b"\n".join(orjson.dumps(form) for form in others)
    reply = calling.post("intake", "/seekers/bulk", rows, content_type="application/x-ndjson", role="manager")
    assert reply.json["accepted"] == 205
    twin = _register(calling, name=f"{name}이", birth_date=born, phone="010-7778-0002")
    answer = calling.get("intake", f"/seekers/{seeker}/duplicates").json
    assert [(one["seeker_id"], one["reasons"]) for one in answer["duplicates"]] == [
        (twin, ["same_birth_date", "similar_name"])
    ]
    assert answer["cut"] is False


def test_a_list_of_likely_duplicates_says_when_it_is_cut_and_still_begins_with_the_likeliest(
    calling: StackClient,
) -> None:
    name, phone = f"정{uuid.uuid4().hex[:8]}", "010-7779-0001"  # a shelter's
    rows = b"\n".join(
        orjson.dumps(forms.seeker(name=uuid.uuid4().hex[:12], birth_date="1980-01-01", phone=phone))
        for _ in range(MOST_SHOWN)
    )
    reply = calling.post("intake", "/seekers/bulk", rows, content_type="application/x-ndjson", role="manager")
    assert reply.json["accepted"] == MOST_SHOWN
    seeker = _register(calling, name=name, birth_date="1971-07-08", phone=phone)
    twin = _register(calling, name=name, birth_date="1971-07-09", phone=phone)
    answer = calling.get("intake", f"/seekers/{seeker}/duplicates").json
    assert (answer["duplicates"][0]["seeker_id"], len(answer["duplicates"]), answer["cut"]) == (twin, MOST_SHOWN, True)


@pytest.fixture
def placed(calling: StackClient) -> Callable[[str], str]:
    """Have a seeker placed, by a referral of theirs; gives the placement."""

    def place(seeker_id: str) -> str:
        employer_id = calling.made("intake", "/employers", forms.employer())["employer_id"]
        vacancy = calling.made("matching", "/vacancies", forms.vacancy(employer_id))
        asked = {"seeker_id": seeker_id, "vacancy_id": vacancy["vacancy_id"]}
        path = f"/referrals/{calling.made('matching', '/referrals', asked)['referral_id']}"
        calling.made("matching", f"{path}/answer", {"answer": "accepted"})
        return calling.made("matching", f"{path}/placement", {})["placement_id"]

    return place


def test_someone_placed_is_erased_everywhere_counts_stay_and_they_count_anew(
    calling: StackClient, placed: Callable[[str], str]
) -> None:
    form = forms.seeker()
    seeker_id = calling.post("intake", "/seekers", form).json["seeker_id"]
    path = f"/seekers/{seeker_id}"
    placement = placed(seeker_id)

    def followed_up() -> bool:
        contacts = calling.get("followup", "/contacts?status=planned&limit=500").json["contacts"]
        return any(contact["seeker_id"] == seeker_id for contact in contacts)

    until(followed_up, "the contacts are planned")
    calling.post("intake", f"{path}/consents", {"purpose": "surveys", "given": True, "text_version": "t1"})
    calling.get("intake", path)
    before = _settled_figures(calling)

    assert calling.post("intake", f"{path}/erasure", {}, role="counsellor").status == 403
    assert calling.post("intake", f"{path}/erasure", {}).status == 200

    assert calling.get("intake", path).refusal == (410, "seeker-erased")
    assert calling.post("intake", f"{path}/return", {}).refusal == (410, "seeker-erased")
    assert calling.post("intake", f"{path}/erasure", {}).refusal == (410, "seeker-erased")
    joined = calling.made("intake", "/counsellors", forms.counsellor())["counsellor_id"]
    refused = calling.post("intake", "/sessions", forms.session(seeker_id, joined))
    assert refused.problem == (410, "seeker-erased", ["client_id"])
    for table in ("seeker", "consent", "seeker_read", "former_seeker", "idempotency"):
        rows = calling.query("intake", f"SELECT row_to_json(t)::text AS row FROM {table} t")
        assert not any(form["name"] in row["row"] for row in rows)
    assert _reads(calling, seeker_id) == [("record", "manager")]

    until(lambda: not followed_up(), "no contact is planned any more")
    ending = calling.post("followup", f"/placements/{placement}/ending", {"reason": "resigned"})
    assert ending.status in {404, 409}
    again = calling.post("intake", "/seekers", form).json["seeker_id"]
    assert again != seeker_id
    after = _settled_figures(calling)
    assert after["registered"] == before["registered"] + 1
    assert after["placed"]["by_occupation"] == before["placed"]["by_occupation"]
    assert (after["placed"]["total"], after["placements"]) == (before["placed"]["total"], before["placements"])


def test_two_records_of_one_person_are_merged_and_count_once(
    calling: StackClient, placed: Callable[[str], str]
) -> None:
    kept, given_up = _register(calling), _register(calling)
    for seeker_id in (kept, given_up):
        placed(seeker_id)

    def followed_up() -> set[str]:
        contacts = calling.get("followup", "/contacts?status=planned&limit=500").json["contacts"]
        return {contact["seeker_id"] for contact in contacts} & {kept, given_up}

    before = _settled_figures(calling)
    path = f"/seekers/{kept}/merge"
    assert calling.post("intake", path, {"merged_id": given_up}, role="counsellor").status == 403
    assert calling.post("intake", path, {"merged_id": kept}).refusal == (422, "merged-with-itself")
    assert calling.post("intake", path, {"merged_id": given_up}).json == {"seeker_id": kept, "merged_id": given_up}

    after = _settled_figures(calling)
    assert after["registered"] == before["registered"] - 1
    assert after["placed"]["total"] == before["placed"]["total"] - 1
    assert after["referred"] == before["referred"] - 1
    assert after["placements"] == before["placements"]

    assert calling.get("intake", f"/seekers/{given_up}").json["seeker_id"] == kept
    answer = calling.send("intake", "GET", f"/seekers/{given_up}", headers=calling.bearing())
    assert (answer.status, answer.headers["Location"]) == (308, kept)
    refused = calling.post("intake", f"/seekers/{given_up}/withdrawal", {"reason": "other"})
    assert refused.refusal == (409, "seeker-merged")
    assert refused.json["facts"] == {"seeker_id": kept}
    again = calling.post("intake", path, {"merged_id": given_up})
    assert again.problem == (409, "seeker-merged", ["merged_id"])

    # What was given up is followed up as of the one that stayed; whoever is erased is erased under every id.
    until(followed_up, "all is followed up under the record that stayed", lambda found: found == {kept})
    assert calling.post("intake", f"/seekers/{kept}/erasure", {}).status == 200
    assert calling.get("intake", f"/seekers/{given_up}").refusal == (410, "seeker-erased")
    until(followed_up, "nobody is followed up any more", lambda found: not found)
