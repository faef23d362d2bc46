"""Youth internships on the real stack: from an accepted referral to a permanent job."""

from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from contracts.topics import CASES, VACANCIES
from tests.kit import forms
from tests.kit.threads import at_once
from tests.kit.waiting import until
from tests.matching.service_calls import Caller
from tests.matching.states import TODAY

REGISTERED = TODAY - timedelta(60)
REFERRED = TODAY - timedelta(50)
STARTED = TODAY - timedelta(40)
ENDED = TODAY - timedelta(10)


def day_before(day: date) -> str:
    return str(day - timedelta(1))


def a_young_seeker(caller: Caller, **details: Any) -> str:
    born = f"{STARTED.year - 29}-01-01"
    return caller.seeker(**{"birth_date": born, "occurred_on": str(REGISTERED), **details})


def an_intern_is_sought(caller: Caller, **details: Any) -> str:
    terms = {"employment": "internship", "converts": True, "openings": 3, "occurred_on": str(REGISTERED)}
    return caller.vacancy(caller.employer(), **{**terms, **details})


def accepted_referral(caller: Caller, seeker_id: str, vacancy_id: str) -> str:
    asked = {"seeker_id": seeker_id, "vacancy_id": vacancy_id, "occurred_on": str(REFERRED)}
    referral_id = caller.made("/referrals", asked)["referral_id"]
    caller.made(f"/referrals/{referral_id}/answer", {"answer": "accepted"})
    return referral_id


def started(caller: Caller, seeker_id: str, vacancy_id: str) -> str:
    referral_id = accepted_referral(caller, seeker_id, vacancy_id)
    made = caller.made(f"/referrals/{referral_id}/internship", {"occurred_on": str(STARTED)})
    assert made["status"] == "running"
    return made["internship_id"]


def completed(caller: Caller, seeker_id: str, vacancy_id: str) -> str:
    internship_id = started(caller, seeker_id, vacancy_id)
    caller.made(f"/internships/{internship_id}/completion", {"occurred_on": str(ENDED)})
    return internship_id


def found_for(caller: Caller, seeker_id: str, vacancy_id: str) -> bool:
    """Tell whether a seeker and a vacancy are found for each other."""
    candidates = caller.candidates(vacancy_id)
    vacancies = caller.get(f"/seekers/{seeker_id}/vacancies?limit=100")["vacancies"]
    is_candidate = seeker_id in {candidate["seeker_id"] for candidate in candidates}
    assert is_candidate is (vacancy_id in {vacancy["vacancy_id"] for vacancy in vacancies})
    return is_candidate


def facts_of(caller: Caller, path: str, body: Any) -> Any:
    return caller.post(path, body).json["facts"]


def test_an_intern_becomes_permanent_staff(caller: Caller) -> None:
    seeker_id = a_young_seeker(caller, wanted_occupations=["20", "02"])
    vacancy_id = an_intern_is_sought(caller, openings=1)
    assert caller.get(f"/vacancies/{vacancy_id}")["converts"] is True
    waiting = caller.referral(seeker_id, caller.vacancy(caller.employer()), answer=None)
    referral_id = accepted_referral(caller, seeker_id, vacancy_id)
    begun = caller.made(f"/referrals/{referral_id}/internship", {"occurred_on": str(STARTED)})
    internship_id = begun["internship_id"]
    assert caller.get(f"/referrals/{referral_id}")["status"] == "interned"
    assert caller.get(f"/referrals/{waiting}")["status"] == "obsolete"
    seen = caller.get(f"/vacancies/{vacancy_id}")
    assert (seen["placed"], seen["closed_as"]) == (1, "filled")
    assert caller.get(f"/internships/{internship_id}") == {
        "internship_id": internship_id,
        "referral_id": referral_id,
        "seeker_id": seeker_id,
        "vacancy_id": vacancy_id,
        "started_on": str(STARTED),
        "status": "running",
        "ended_on": None,
        "broken_off_by": None,
        "placement_id": None,
    }

    done = caller.made(f"/internships/{internship_id}/completion", {"occurred_on": str(ENDED)})
    assert done == {"internship_id": internship_id, "status": "completed"}
    meanwhile = caller.referral(seeker_id, caller.vacancy(caller.employer()), answer=None)
    converted = caller.made(f"/internships/{internship_id}/conversion", {"wage": 2_100_000})
    placement_id = converted["placement_id"]
    assert converted == {"internship_id": internship_id, "status": "converted", "placement_id": placement_id}
    assert caller.get(f"/internships/{internship_id}")["placement_id"] == placement_id
    assert caller.get(f"/referrals/{referral_id}")["status"] == "placed"
    assert caller.get(f"/referrals/{meanwhile}")["status"] == "obsolete"

    case = [
        (name, event) for name, event in caller.published(CASES, seeker_id, "Placed") if not name.startswith("Referral")
    ]
    assert [name for name, _ in case] == ["InternshipStarted", "InternshipCompleted", "InternshipConverted", "Placed"]
    begin, completion, conversion, placed = (event for _, event in case)
    assert {event["internship_id"] for event in (begin, completion, conversion)} == {internship_id}
    assert [event["occurred_on"] for event in (begin, completion)] == [str(STARTED), str(ENDED)]
    assert begin["person"]["programme"] == "youth_internship"
    assert conversion["completed_on"] == str(ENDED)
    assert conversion["placement_id"] == placed["placement_id"] == placement_id
    told = ("source", "employment", "programme", "occupation", "wanted", "wage", "referral_id", "vacancy_id")
    assert [placed[field] for field in told] == [
        "internship",
        "permanent",
        "youth_internship",
        "02",
        True,
        2_100_000,
        referral_id,
        vacancy_id,
    ]
    closed = caller.published(VACANCIES, vacancy_id, "VacancyClosed")
    assert [name for name, _ in closed] == ["VacancyOpened", "VacancyClosed"]
    assert closed[0][1]["converts"] is True
    assert (closed[1][1]["reason"], closed[1][1]["placed"]) == ("filled", 1)
    sql = "SELECT source, referral_id, vacancy_id, wage FROM placement WHERE placement_id = $1"
    (kept,) = caller.query(sql, placement_id)
    assert tuple(kept.values()) == ("internship", UUID(referral_id), UUID(vacancy_id), 2_100_000)


def test_an_intern_is_out_of_the_pool_until_the_internship_is_broken_off(caller: Caller) -> None:
    seeker_id = a_young_seeker(caller, wanted_occupations=["22"])
    vacancy_id = an_intern_is_sought(caller, occupation="22")
    other = caller.vacancy(caller.employer(), occupation="22")

    def is_candidate() -> bool:
        return seeker_id in {candidate["seeker_id"] for candidate in caller.candidates(other)}

    until(is_candidate, "the intern to be is a candidate")
    internship_id = started(caller, seeker_id, vacancy_id)
    assert not is_candidate()
    asked = {"seeker_id": seeker_id, "vacancy_id": other}
    assert caller.refused("/referrals", asked) == (409, "seeker-interning", "seeker_id")
    assert facts_of(caller, "/referrals", asked) == {"internship_id": internship_id}

    path = f"/internships/{internship_id}/breaking-off"
    assert caller.made(path, {"by": "employer", "occurred_on": str(ENDED)}) == {
        "internship_id": internship_id,
        "status": "broken_off",
    }
    assert is_candidate()
    assert caller.get(f"/vacancies/{vacancy_id}")["placed"] == 0
    seen = caller.get(f"/internships/{internship_id}")
    assert (seen["status"], seen["ended_on"], seen["broken_off_by"]) == ("broken_off", str(ENDED), "employer")
    name, event = caller.published(CASES, seeker_id, "InternshipBrokenOff")[-1]
    assert (name, event["by"], event["occurred_on"]) == ("InternshipBrokenOff", "employer", str(ENDED))
    referral_id = caller.referral(seeker_id, vacancy_id)
    caller.made(f"/referrals/{referral_id}/internship", {})


def test_a_vacancy_that_closed_as_filled_stays_closed_after_a_breaking_off(caller: Caller) -> None:
    vacancy_id = an_intern_is_sought(caller, openings=1)
    internship_id = started(caller, a_young_seeker(caller), vacancy_id)
    caller.made(f"/internships/{internship_id}/breaking-off", {"by": "intern"})
    seen = caller.get(f"/vacancies/{vacancy_id}")
    assert (seen["placed"], seen["openings"], seen["closed_as"]) == (0, 1, "filled")
    asked = {"seeker_id": a_young_seeker(caller), "vacancy_id": vacancy_id}
    assert caller.refused("/referrals", asked) == (409, "vacancy-closed", "vacancy_id")


def test_what_starts_no_youth_internship_is_refused(caller: Caller) -> None:
    seeker_id, vacancy_id = a_young_seeker(caller), an_intern_is_sought(caller)
    older = a_young_seeker(caller, birth_date=f"{STARTED.year - 30}-12-31", wanted_occupations=["05"])
    job = an_intern_is_sought(caller, employment="permanent", converts=False)
    without = an_intern_is_sought(caller, converts=False, occupation="05")
    asked = {"seeker_id": older, "vacancy_id": vacancy_id}
    assert caller.refused("/referrals", asked) == (409, "too-old-for-internship", "seeker_id")
    assert facts_of(caller, "/referrals", asked) == {"age": TODAY.year - STARTED.year + 30, "most": 29}
    expected: list[tuple[str, date, tuple[int, str, str | None]]] = [
        (accepted_referral(caller, seeker_id, job), STARTED, (409, "vacancy-not-internship", "vacancy_id")),
        (accepted_referral(caller, seeker_id, without), STARTED, (409, "vacancy-not-converting", "vacancy_id")),
        (
            caller.referral(seeker_id, vacancy_id, answer=None),
            TODAY,
            (409, "referral-not-accepted", "referral_id"),
        ),
        (str(uuid4()), STARTED, (404, "unknown-id", "referral_id")),
    ]
    for referral_id, day, refusal in expected:
        refused = caller.refused(f"/referrals/{referral_id}/internship", {"occurred_on": str(day)})
        assert refused == refusal
    assert found_for(caller, older, without)
    assert not found_for(caller, older, an_intern_is_sought(caller, occupation="05"))

    accepted = accepted_referral(caller, seeker_id, an_intern_is_sought(caller))
    path = f"/referrals/{accepted}/internship"
    early = {"occurred_on": day_before(REFERRED)}
    assert caller.refused(path, early) == (409, "before-referral", "occurred_on")
    assert facts_of(caller, path, early) == {"made_on": str(REFERRED)}
    assert caller.refused(path, {"occurred_on": "2999-01-01"}) == (422, "date-in-future", "occurred_on")
    assert caller.refused(path, {"started_on": str(STARTED)}) == (422, "invalid-request", "started_on")
    form = forms.vacancy(caller.employer(), converts=True)
    assert caller.refused("/vacancies", form) == (422, "only-interns-convert", "converts")


def test_what_does_not_end_an_internship_is_refused_and_changes_nothing(caller: Caller) -> None:
    seeker_id, vacancy_id = a_young_seeker(caller), an_intern_is_sought(caller)
    internship_id = started(caller, seeker_id, vacancy_id)
    path = f"/internships/{internship_id}"
    before = caller.get(path)
    early, late = {"occurred_on": day_before(STARTED)}, {"occurred_on": "2999-01-01"}
    expected: list[tuple[str, Any, tuple[int, str, str | None]]] = [
        ("breaking-off", {"by": "intern", **early}, (409, "before-internship", "occurred_on")),
        ("breaking-off", {"by": "intern", **late}, (422, "date-in-future", "occurred_on")),
        ("breaking-off", {"by": "nobody"}, (422, "invalid-request", "by")),
        ("breaking-off", {}, (422, "invalid-request", "by")),
        ("completion", early, (409, "before-internship", "occurred_on")),
        ("completion", late, (422, "date-in-future", "occurred_on")),
        ("conversion", {}, (409, "internship-not-completed", "internship_id")),
        ("conversion", {"wage": -1}, (422, "invalid-request", "wage")),
    ]
    for step, body, refusal in expected:
        assert (step, body, caller.refused(f"{path}/{step}", body)) == (step, body, refusal)
    assert facts_of(caller, f"{path}/completion", early) == {"started_on": str(STARTED)}
    assert caller.get(path) == before
    for step, body in (("breaking-off", {"by": "intern"}), ("completion", {}), ("conversion", {})):
        unknown = caller.refused(f"/internships/{uuid4()}/{step}", body)
        assert unknown == (404, "unknown-id", "internship_id")
    seen = caller.read(f"/internships/{uuid4()}")
    assert seen.refusal == (404, "unknown-id")


def test_an_internship_is_completed_and_converted_once_and_not_before_its_completion(caller: Caller) -> None:
    internship_id = completed(caller, a_young_seeker(caller), an_intern_is_sought(caller))
    path = f"/internships/{internship_id}"
    ended = (409, "internship-ended", "internship_id")
    assert caller.refused(f"{path}/completion", {}) == ended
    assert caller.refused(f"{path}/breaking-off", {"by": "intern"}) == ended
    early = {"occurred_on": day_before(ENDED)}
    assert caller.refused(f"{path}/conversion", early) == (409, "before-completion", "occurred_on")
    assert facts_of(caller, f"{path}/conversion", early) == {"completed_on": str(ENDED)}
    late = {"occurred_on": "2999-01-01"}
    assert caller.refused(f"{path}/conversion", late) == (422, "date-in-future", "occurred_on")
    answers = at_once(*[partial(caller.post, f"{path}/conversion", {})] * 5)
    assert sorted(answer.status for answer in answers) == [201, 409, 409, 409, 409]
    assert caller.refused(f"{path}/conversion", {}) == ended


def test_a_job_after_the_completion_makes_the_conversion_impossible(caller: Caller) -> None:
    seeker_id = a_young_seeker(caller)
    internship_id = completed(caller, seeker_id, an_intern_is_sought(caller))
    referral_id = caller.referral(seeker_id, caller.vacancy(caller.employer()))
    placed = caller.made(f"/referrals/{referral_id}/placement", {})
    path = f"/internships/{internship_id}/conversion"
    assert caller.refused(path, {}) == (409, "seeker-already-placed", "seeker_id")
    assert caller.get(f"/internships/{internship_id}")["status"] == "completed"

    caller.job_ended(seeker_id, placed["placement_id"], TODAY)

    lapsed = (409, "conversion-lapsed", "internship_id")
    until(lambda: caller.refused(path, {}), "the conversion has lapsed", lambda refusal: refusal == lapsed)


def test_twenty_at_once_start_as_many_internships_as_there_are_openings(caller: Caller) -> None:
    vacancy_id = an_intern_is_sought(caller, openings=3)
    seekers = [a_young_seeker(caller) for _ in range(20)]
    referrals = [accepted_referral(caller, seeker_id, vacancy_id) for seeker_id in seekers]
    answers = at_once(*(partial(caller.post, f"/referrals/{each}/internship", {}) for each in referrals))
    assert sorted(answer.status for answer in answers) == [201] * 3 + [409] * 17
    problems = {answer.json["type"] for answer in answers if answer.status == 409}
    # once all openings are taken, due work ends the referrals that are left, also before their interns have asked
    assert problems <= {"urn:jobplus:problem:no-free-opening", "urn:jobplus:problem:referral-ended"}
    seen = caller.get(f"/vacancies/{vacancy_id}")
    assert (seen["placed"], seen["openings"], seen["closed_as"]) == (3, 3, "filled")
    counted = caller.query(
        """SELECT count(*) AS internships, count(DISTINCT i.seeker_id) AS interns, count(s.internship_id) AS held
           FROM internship i JOIN seeker s USING (seeker_id) WHERE i.vacancy_id = $1""",
        vacancy_id,
    )
    assert counted == [{"internships": 3, "interns": 3, "held": 3}]


def test_interns_and_placements_share_the_openings_of_a_vacancy(caller: Caller) -> None:
    vacancy_id = an_intern_is_sought(caller, openings=3)
    referrals = [accepted_referral(caller, a_young_seeker(caller), vacancy_id) for _ in range(10)]
    ways = [("placement", "internship")[number % 2] for number in range(10)]
    answers = at_once(
        *(partial(caller.post, f"/referrals/{each}/{way}", {}) for each, way in zip(referrals, ways, strict=True))
    )
    assert sorted(answer.status for answer in answers) == [201] * 3 + [409] * 7


def test_a_person_with_several_accepted_referrals_starts_one_internship(caller: Caller) -> None:
    seeker_id = a_young_seeker(caller)
    referrals = [accepted_referral(caller, seeker_id, an_intern_is_sought(caller)) for _ in range(4)]
    answers = at_once(*(partial(caller.post, f"/referrals/{each}/internship", {}) for each in referrals))
    assert sorted(answer.status for answer in answers) == [201, 409, 409, 409]


def test_only_counsellors_and_managers_handle_internships(caller: Caller) -> None:
    internship_id = started(caller, a_young_seeker(caller), an_intern_is_sought(caller))
    path = f"/internships/{internship_id}"
    for role in ("employer", "counsellor"):
        seen = caller.read(path, role=role)
        assert (role, seen.status) == (role, 403 if role == "employer" else 200)
        done = caller.post(f"{path}/completion", {"occurred_on": day_before(STARTED)}, role=role)
        assert (role, done.status) == (role, 403 if role == "employer" else 409)
