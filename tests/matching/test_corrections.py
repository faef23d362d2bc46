"""Placements that never were, and lists of placements and internships, on the real stack."""

from functools import partial
from typing import Any
from uuid import uuid4

from contracts.topics import CASES
from tests.kit.pages import all_of
from tests.kit.threads import at_once
from tests.matching.service_calls import Caller
from tests.matching.test_internships import ENDED, a_young_seeker, an_intern_is_sought, completed, day_before, started
from tests.matching.test_merging import merged

REASON = {"reason": "never_started"}
ALONE = {"occupation": "02", "sector": "private", "employment": "permanent"}


def placements(caller: Caller, seeker_id: str) -> list[tuple[str, str, str | None]]:
    found = all_of(caller.calling, "matching", f"/seekers/{seeker_id}/placements", "placements")
    return [(one["placement_id"], one["source"], one["correction"]) for one in found]


def test_jobs_by_a_referral_and_found_alone_are_taken_back_one_after_the_other(
    caller: Caller,
) -> None:
    seeker_id, vacancy_id = caller.seeker(), caller.vacancy(caller.employer())
    referral_id = caller.referral(seeker_id, vacancy_id)
    first = caller.made(f"/referrals/{referral_id}/placement", {"wage": 2_000_000})["placement_id"]
    path = f"/placements/{first}/correction"
    answers = at_once(*[partial(caller.post, path, REASON)] * 3)
    assert sorted(answer.status for answer in answers) == [200, 409, 409]
    day = next(answer.json["corrected_on"] for answer in answers if answer.status == 200)
    seen = caller.get(f"/placements/{first}")
    assert seen == {
        "placement_id": first, "source": "referral", "referral_id": referral_id, "seeker_id": seeker_id,
        "vacancy_id": vacancy_id, "occurred_on": day, "wage": 2_000_000, "corrected_on": day,
        "correction": "never_started",
    }  # fmt: skip
    referral = caller.get(f"/referrals/{referral_id}")
    assert (referral["status"], referral["reason"]) == ("withdrawn", "never_started")
    vacancy = caller.get(f"/vacancies/{vacancy_id}")
    assert (vacancy["placed"], vacancy["closed_as"]) == (0, "filled")

    second = caller.made(f"/seekers/{seeker_id}/self-found", ALONE)["placement_id"]
    caller.made(f"/placements/{second}/correction", REASON)
    assert caller.made(f"/seekers/{seeker_id}/self-found", ALONE)["placement_id"]
    assert [one[1:] for one in placements(caller, seeker_id)] == [
        ("referral", "never_started"),
        ("self_found", "never_started"),
        ("self_found", None),
    ]
    (*_, (name, event)) = caller.published(CASES, seeker_id, "PlacementCorrected")
    assert (name, event["placement_id"], event["reason"]) == ("PlacementCorrected", first, "never_started")
    assert event["actor"]["role"] == "manager"


def test_a_job_that_was_held_under_a_record_since_merged_is_taken_back_of_the_one_that_stayed(
    caller: Caller,
) -> None:
    kept, gone = caller.seeker(), caller.seeker()
    found = caller.made(f"/seekers/{gone}/self-found", ALONE)["placement_id"]
    merged(caller, kept, gone)
    caller.made(f"/placements/{found}/correction", REASON)
    assert placements(caller, kept) == [(found, "self_found", "never_started")]
    assert caller.made(f"/seekers/{kept}/self-found", ALONE)
    seen = caller.read(f"/seekers/{gone}/placements")
    assert seen.refusal == (409, "seeker-merged")


def test_an_internship_is_converted_again_on_its_true_day(caller: Caller) -> None:
    seeker_id, vacancy_id = a_young_seeker(caller), an_intern_is_sought(caller)
    internship_id = completed(caller, seeker_id, vacancy_id)
    conversion = f"/internships/{internship_id}/conversion"
    wrong = caller.made(conversion, {})["placement_id"]
    answers = at_once(*[partial(caller.post, f"/placements/{wrong}/correction", REASON)] * 3)
    assert sorted(answer.status for answer in answers) == [200, 409, 409]
    seen = caller.get(f"/internships/{internship_id}")
    assert (seen["status"], seen["ended_on"], seen["placement_id"]) == ("completed", str(ENDED), None)
    assert caller.get(f"/referrals/{seen['referral_id']}")["status"] == "interned"
    assert caller.get(f"/vacancies/{vacancy_id}")["placed"] == 1

    early = caller.refused(conversion, {"occurred_on": day_before(ENDED)})
    assert early == (409, "before-completion", "occurred_on")
    right = caller.made(conversion, {"occurred_on": str(ENDED)})["placement_id"]
    assert placements(caller, seeker_id) == [(right, "internship", None), (wrong, "internship", "never_started")]
    assert caller.get(f"/internships/{internship_id}")["placement_id"] == right
    events = caller.published(CASES, seeker_id, "PlacementCorrected")
    conversions = [event["placement_id"] for name, event in events if name == "InternshipConverted"]
    assert (events[-1][1]["placement_id"], conversions) == (wrong, [wrong])


def test_what_is_refused_names_the_field(caller: Caller) -> None:
    seeker_id = a_young_seeker(caller)
    internship_id = completed(caller, seeker_id, an_intern_is_sought(caller))
    converted = caller.made(f"/internships/{internship_id}/conversion", {})["placement_id"]
    path = f"/placements/{converted}/correction"
    expected: list[tuple[str, Any, tuple[int, str, str | None]]] = [
        (path, {**REASON, "occurred_on": str(ENDED)}, (422, "before-placement", "occurred_on")),
        (path, {"reason": "Kim never came"}, (422, "invalid-request", "reason")),
        (path, {}, (422, "invalid-request", "reason")),
        (path, {**REASON, "occurred_on": "2999-01-01"}, (422, "date-in-future", "occurred_on")),
        (f"/placements/{uuid4()}/correction", REASON, (404, "unknown-id", "placement_id")),
    ]
    for where, body, refusal in expected:
        assert (where, body, caller.refused(where, body)) == (where, body, refusal)
    assert caller.post(path, REASON, role="counsellor").status == 403
    assert placements(caller, seeker_id) == [(converted, "internship", None)]
    for unknown in (f"/placements/{uuid4()}", f"/seekers/{uuid4()}/placements"):
        assert caller.read(unknown).status == 404


def test_internships_are_listed_by_their_day_page_by_page(caller: Caller) -> None:
    seeker_id = a_young_seeker(caller)
    vacancy_id = an_intern_is_sought(caller)
    first = completed(caller, seeker_id, vacancy_id)
    other = started(caller, a_young_seeker(caller), vacancy_id)
    running = caller.get("/internships?status=running&limit=500")
    assert other in {one["internship_id"] for one in running["internships"]}
    assert first not in {one["internship_id"] for one in running["internships"]}
    page = caller.get(f"/internships?seeker_id={seeker_id}&status=running&status=completed&limit=1")
    assert [(one["internship_id"], one["status"]) for one in page["internships"]] == [(first, "completed")]
    rest = caller.get(f"/internships?seeker_id={seeker_id}&limit=1&after={page['next']}")
    assert rest == {"internships": [], "next": None}
    refused = caller.read("/internships?status=over")
    assert (refused.status, refused.fields[0]) == (422, "status.0")
