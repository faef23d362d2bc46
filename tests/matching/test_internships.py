"""Youth internships on the real stack: from an accepted referral to a permanent job."""

import asyncio
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg

from jobplus.stack.local import Stack
from tests.matching.service_calls import Caller, eventually
from tests.matching.states import TODAY
from tests.matching.topic_reader import published
from tests.matching.topic_writer import Sent, employment_ended, write

REGISTERED = TODAY - timedelta(60)
REFERRED = TODAY - timedelta(50)
STARTED = TODAY - timedelta(40)
ENDED = TODAY - timedelta(10)


def day_before(day: date) -> str:
    return str(day - timedelta(1))


async def a_young_seeker(caller: Caller, **details: Any) -> str:
    born = f"{STARTED.year - 29}-01-01"
    return await caller.seeker(**{"birth_date": born, "occurred_on": str(REGISTERED), **details})


async def an_intern_is_sought(caller: Caller, **details: Any) -> str:
    terms = {"employment": "internship", "converts": True, "openings": 3, "occurred_on": str(REGISTERED)}
    return await caller.vacancy(await caller.employer(), **{**terms, **details})


async def accepted_referral(caller: Caller, seeker_id: str, vacancy_id: str) -> str:
    asked = {"seeker_id": seeker_id, "vacancy_id": vacancy_id, "occurred_on": str(REFERRED)}
    referral_id = (await caller.made("/referrals", asked))["referral_id"]
    await caller.made(f"/referrals/{referral_id}/answer", {"answer": "accepted"})
    return referral_id


async def started(caller: Caller, seeker_id: str, vacancy_id: str) -> str:
    referral_id = await accepted_referral(caller, seeker_id, vacancy_id)
    made = await caller.made(f"/referrals/{referral_id}/internship", {"occurred_on": str(STARTED)})
    assert made["status"] == "running"
    return made["internship_id"]


async def completed(caller: Caller, seeker_id: str, vacancy_id: str) -> str:
    internship_id = await started(caller, seeker_id, vacancy_id)
    await caller.made(f"/internships/{internship_id}/completion", {"occurred_on": str(ENDED)})
    return internship_id


async def found_for(caller: Caller, seeker_id: str, vacancy_id: str) -> bool:
    """Tell whether a seeker and a vacancy are found for each other."""
    candidates = (await caller.get(f"/vacancies/{vacancy_id}/candidates?limit=100"))["candidates"]
    vacancies = (await caller.get(f"/seekers/{seeker_id}/vacancies?limit=100"))["vacancies"]
    is_candidate = seeker_id in {candidate["seeker_id"] for candidate in candidates}
    assert is_candidate is (vacancy_id in {vacancy["vacancy_id"] for vacancy in vacancies})
    return is_candidate


async def facts_of(caller: Caller, path: str, body: Any) -> Any:
    return (await caller.post(path, body)).json()["facts"]


async def test_an_intern_becomes_permanent_staff(stack: Stack, caller: Caller) -> None:
    seeker_id = await a_young_seeker(caller, wanted_occupations=["20", "02"])
    vacancy_id = await an_intern_is_sought(caller, openings=1)
    assert (await caller.get(f"/vacancies/{vacancy_id}"))["converts"] is True
    waiting = await caller.referral(seeker_id, await caller.vacancy(await caller.employer()), answer=None)
    referral_id = await accepted_referral(caller, seeker_id, vacancy_id)
    begun = await caller.made(f"/referrals/{referral_id}/internship", {"occurred_on": str(STARTED)})
    internship_id = begun["internship_id"]
    assert (await caller.get(f"/referrals/{referral_id}"))["status"] == "interned"
    assert (await caller.get(f"/referrals/{waiting}"))["status"] == "obsolete"
    seen = await caller.get(f"/vacancies/{vacancy_id}")
    assert (seen["placed"], seen["closed_as"]) == (1, "filled")
    assert await caller.get(f"/internships/{internship_id}") == {
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

    done = await caller.made(f"/internships/{internship_id}/completion", {"occurred_on": str(ENDED)})
    assert done == {"internship_id": internship_id, "status": "completed"}
    meanwhile = await caller.referral(seeker_id, await caller.vacancy(await caller.employer()), answer=None)
    converted = await caller.made(f"/internships/{internship_id}/conversion", {"wage": 2_100_000})
    placement_id = converted["placement_id"]
    assert converted == {"internship_id": internship_id, "status": "converted", "placement_id": placement_id}
    assert (await caller.get(f"/internships/{internship_id}"))["placement_id"] == placement_id
    assert (await caller.get(f"/referrals/{referral_id}"))["status"] == "placed"
    assert (await caller.get(f"/referrals/{meanwhile}"))["status"] == "obsolete"

    case = [
        (name, event)
        for name, event in await published(stack, "jobplus.cases", seeker_id, "Placed")
        if not name.startswith("Referral")
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
    closed = await published(stack, "jobplus.vacancies", vacancy_id, "VacancyClosed")
    assert [name for name, _ in closed] == ["VacancyOpened", "VacancyClosed"]
    assert closed[0][1]["converts"] is True
    assert (closed[1][1]["reason"], closed[1][1]["placed"]) == ("filled", 1)
    with psycopg.connect(stack.database_url("matching")) as database:
        query = "SELECT source, referral_id, vacancy_id, wage FROM placement WHERE placement_id = %s"
        kept = database.execute(query, [placement_id]).fetchone()
    assert kept == ("internship", UUID(referral_id), UUID(vacancy_id), 2_100_000)


async def test_an_intern_is_out_of_the_pool_until_the_internship_is_broken_off(stack: Stack, caller: Caller) -> None:
    seeker_id = await a_young_seeker(caller, wanted_occupations=["22"])
    vacancy_id = await an_intern_is_sought(caller, occupation="22")
    other = await caller.vacancy(await caller.employer(), occupation="22")

    async def is_candidate() -> bool:
        found = await caller.get(f"/vacancies/{other}/candidates?limit=100")
        return seeker_id in {candidate["seeker_id"] for candidate in found["candidates"]}

    await eventually(is_candidate)
    internship_id = await started(caller, seeker_id, vacancy_id)
    assert not await is_candidate()
    asked = {"seeker_id": seeker_id, "vacancy_id": other}
    assert await caller.refused("/referrals", asked) == (409, "seeker-interning", "seeker_id")
    assert await facts_of(caller, "/referrals", asked) == {"internship_id": internship_id}

    path = f"/internships/{internship_id}/breaking-off"
    assert await caller.made(path, {"by": "employer", "occurred_on": str(ENDED)}) == {
        "internship_id": internship_id,
        "status": "broken_off",
    }
    assert await is_candidate()
    assert (await caller.get(f"/vacancies/{vacancy_id}"))["placed"] == 0
    seen = await caller.get(f"/internships/{internship_id}")
    assert (seen["status"], seen["ended_on"], seen["broken_off_by"]) == ("broken_off", str(ENDED), "employer")
    name, event = (await published(stack, "jobplus.cases", seeker_id, "InternshipBrokenOff"))[-1]
    assert (name, event["by"], event["occurred_on"]) == ("InternshipBrokenOff", "employer", str(ENDED))
    referral_id = await caller.referral(seeker_id, vacancy_id)
    await caller.made(f"/referrals/{referral_id}/internship", {})


async def test_a_vacancy_that_closed_as_filled_stays_closed_after_a_breaking_off(caller: Caller) -> None:
    vacancy_id = await an_intern_is_sought(caller, openings=1)
    internship_id = await started(caller, await a_young_seeker(caller), vacancy_id)
    await caller.made(f"/internships/{internship_id}/breaking-off", {"by": "intern"})
    seen = await caller.get(f"/vacancies/{vacancy_id}")
    assert (seen["placed"], seen["openings"], seen["closed_as"]) == (0, 1, "filled")
    asked = {"seeker_id": await a_young_seeker(caller), "vacancy_id": vacancy_id}
    assert await caller.refused("/referrals", asked) == (409, "vacancy-closed", "vacancy_id")


async def test_what_starts_no_youth_internship_is_refused(caller: Caller) -> None:
    seeker_id, vacancy_id = await a_young_seeker(caller), await an_intern_is_sought(caller)
    older = await a_young_seeker(caller, birth_date=f"{STARTED.year - 30}-12-31", wanted_occupations=["05"])
    job = await an_intern_is_sought(caller, employment="permanent", converts=False)
    without = await an_intern_is_sought(caller, converts=False, occupation="05")
    too_old = await accepted_referral(caller, older, vacancy_id)
    expected: list[tuple[str, date, tuple[int, str, str | None]]] = [
        (too_old, STARTED, (409, "too-old-for-internship", "seeker_id")),
        (await accepted_referral(caller, seeker_id, job), STARTED, (409, "vacancy-not-internship", "vacancy_id")),
        (await accepted_referral(caller, seeker_id, without), STARTED, (409, "vacancy-not-converting", "vacancy_id")),
        (
            await caller.referral(seeker_id, vacancy_id, answer=None),
            TODAY,
            (409, "referral-not-accepted", "referral_id"),
        ),
        (str(uuid4()), STARTED, (404, "unknown-id", "referral_id")),
    ]
    for referral_id, day, refusal in expected:
        refused = await caller.refused(f"/referrals/{referral_id}/internship", {"occurred_on": str(day)})
        assert refused == refusal
    assert await found_for(caller, older, without)
    assert not await found_for(caller, older, await an_intern_is_sought(caller, occupation="05"))

    path = f"/referrals/{too_old}/internship"
    assert await facts_of(caller, path, {"occurred_on": str(STARTED)}) == {"age": 30, "most": 29}

    accepted = await accepted_referral(caller, seeker_id, await an_intern_is_sought(caller))
    path = f"/referrals/{accepted}/internship"
    early = {"occurred_on": day_before(REFERRED)}
    assert await caller.refused(path, early) == (409, "before-referral", "occurred_on")
    assert await facts_of(caller, path, early) == {"made_on": str(REFERRED)}
    assert await caller.refused(path, {"occurred_on": "2999-01-01"}) == (422, "date-in-future", "occurred_on")
    assert await caller.refused(path, {"started_on": str(STARTED)}) == (422, "invalid-request", "started_on")
    form = {
        "employer_id": await caller.employer(),
        "occupation": "02",
        "openings": 1,
        "title": "회계",
        "sector": "private",
        "employment": "permanent",
        "district": "11440",
        "converts": True,
    }
    assert await caller.refused("/vacancies", form) == (422, "only-interns-convert", "converts")


async def test_what_does_not_end_an_internship_is_refused_and_changes_nothing(caller: Caller) -> None:
    seeker_id, vacancy_id = await a_young_seeker(caller), await an_intern_is_sought(caller)
    internship_id = await started(caller, seeker_id, vacancy_id)
    path = f"/internships/{internship_id}"
    before = await caller.get(path)
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
        assert (step, body, await caller.refused(f"{path}/{step}", body)) == (step, body, refusal)
    assert await facts_of(caller, f"{path}/completion", early) == {"started_on": str(STARTED)}
    assert await caller.get(path) == before
    for step, body in (("breaking-off", {"by": "intern"}), ("completion", {}), ("conversion", {})):
        unknown = await caller.refused(f"/internships/{uuid4()}/{step}", body)
        assert unknown == (404, "unknown-id", "internship_id")
    seen = await caller.client("matching").once("GET", f"/internships/{uuid4()}")
    assert (seen.status, seen.json()["type"]) == (404, "urn:jobplus:problem:unknown-id")


async def test_an_internship_is_completed_and_converted_once_and_not_before_its_completion(caller: Caller) -> None:
    internship_id = await completed(caller, await a_young_seeker(caller), await an_intern_is_sought(caller))
    path = f"/internships/{internship_id}"
    ended = (409, "internship-ended", "internship_id")
    assert await caller.refused(f"{path}/completion", {}) == ended
    assert await caller.refused(f"{path}/breaking-off", {"by": "intern"}) == ended
    early = {"occurred_on": day_before(ENDED)}
    assert await caller.refused(f"{path}/conversion", early) == (409, "before-completion", "occurred_on")
    assert await facts_of(caller, f"{path}/conversion", early) == {"completed_on": str(ENDED)}
    late = {"occurred_on": "2999-01-01"}
    assert await caller.refused(f"{path}/conversion", late) == (422, "date-in-future", "occurred_on")
    answers = await asyncio.gather(*(caller.post(f"{path}/conversion", {}) for _ in range(5)))
    assert sorted(answer.status for answer in answers) == [201, 409, 409, 409, 409]
    assert await caller.refused(f"{path}/conversion", {}) == ended


async def test_a_job_after_the_completion_makes_the_conversion_impossible(stack: Stack, caller: Caller) -> None:
    seeker_id = await a_young_seeker(caller)
    internship_id = await completed(caller, seeker_id, await an_intern_is_sought(caller))
    referral_id = await caller.referral(seeker_id, await caller.vacancy(await caller.employer()))
    placed = await caller.made(f"/referrals/{referral_id}/placement", {})
    path = f"/internships/{internship_id}/conversion"
    assert await caller.refused(path, {}) == (409, "seeker-already-placed", "seeker_id")
    assert (await caller.get(f"/internships/{internship_id}"))["status"] == "completed"

    await write(stack, [Sent.of(employment_ended(UUID(seeker_id), UUID(placed["placement_id"]), TODAY))])

    async def the_conversion_has_lapsed() -> bool:
        return await caller.refused(path, {}) == (409, "conversion-lapsed", "internship_id")

    await eventually(the_conversion_has_lapsed)


async def test_twenty_at_once_start_as_many_internships_as_there_are_openings(stack: Stack, caller: Caller) -> None:
    vacancy_id = await an_intern_is_sought(caller, openings=3)
    seekers = [await a_young_seeker(caller) for _ in range(20)]
    referrals = [await accepted_referral(caller, seeker_id, vacancy_id) for seeker_id in seekers]
    answers = await asyncio.gather(*(caller.post(f"/referrals/{each}/internship", {}) for each in referrals))
    assert sorted(answer.status for answer in answers) == [201] * 3 + [409] * 17
    problems = {answer.json()["type"] for answer in answers if answer.status == 409}
    assert problems == {"urn:jobplus:problem:no-free-opening"}
    seen = await caller.get(f"/vacancies/{vacancy_id}")
    assert (seen["placed"], seen["openings"], seen["closed_as"]) == (3, 3, "filled")
    with psycopg.connect(stack.database_url("matching")) as database:
        counted = database.execute(
            """SELECT count(*), count(DISTINCT i.seeker_id), count(s.internship_id)
               FROM internship i JOIN seeker s USING (seeker_id) WHERE i.vacancy_id = %s""",
            [vacancy_id],
        ).fetchone()
    assert counted == (3, 3, 3)


async def test_interns_and_placements_share_the_openings_of_a_vacancy(caller: Caller) -> None:
    vacancy_id = await an_intern_is_sought(caller, openings=3)
    referrals = [await accepted_referral(caller, await a_young_seeker(caller), vacancy_id) for _ in range(10)]
    ways = [("placement", "internship")[number % 2] for number in range(10)]
    answers = await asyncio.gather(
        *(caller.post(f"/referrals/{each}/{way}", {}) for each, way in zip(referrals, ways, strict=True))
    )
    assert sorted(answer.status for answer in answers) == [201] * 3 + [409] * 7


async def test_a_person_with_several_accepted_referrals_starts_one_internship(caller: Caller) -> None:
    seeker_id = await a_young_seeker(caller)
    referrals = [await accepted_referral(caller, seeker_id, await an_intern_is_sought(caller)) for _ in range(4)]
    answers = await asyncio.gather(*(caller.post(f"/referrals/{each}/internship", {}) for each in referrals))
    assert sorted(answer.status for answer in answers) == [201, 409, 409, 409]


async def test_only_counsellors_and_managers_handle_internships(caller: Caller) -> None:
    internship_id = await started(caller, await a_young_seeker(caller), await an_intern_is_sought(caller))
    path = f"/internships/{internship_id}"
    for role in ("employer", "counsellor"):
        seen = await caller.client("matching", role).once("GET", path)
        assert (role, seen.status) == (role, 403 if role == "employer" else 200)
        done = await caller.post(f"{path}/completion", {"occurred_on": day_before(STARTED)}, role=role)
        assert (role, done.status) == (role, 403 if role == "employer" else 409)
