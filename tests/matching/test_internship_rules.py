"""A youth internship from its start to a permanent job, and a job found alone, by the rules alone."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import uuid_utils.compat as uuids
from pydantic import ValidationError

from chassis.batch.decisions import Accepted, Decision, Refused, Unknown
from chassis.problems import DATE_IN_FUTURE
from contracts.ids import EmployerId, InternshipId, PlacementId, ReferralId, VacancyId
from services.matching.employers.model import Employer
from services.matching.internships.commands import (
    BreakingOffForm,
    BreakOffInternship,
    CompleteInternship,
    CompletionForm,
    ConversionForm,
    ConvertInternship,
    StartForm,
    StartInternship,
)
from services.matching.internships.model import Internship
from services.matching.internships.rules import (
    BEFORE_COMPLETION,
    BEFORE_START,
    CONVERSION_LAPSED,
    INTERNSHIP_ENDED,
    NO_INTERNSHIP,
    NOT_COMPLETED,
    NOT_CONVERTING,
    break_off_internship,
    complete_internship,
    convert_internship,
    start_internship,
)
from services.matching.placements.commands import Place, PlacementForm, PlaceSelfFound, SelfFoundForm
from services.matching.placements.rules import FOR_INTERNS, place, place_self_found
from services.matching.pool.commands import ReturnToPool
from services.matching.pool.model import Seeker
from services.matching.pool.rules import ALREADY_PLACED, BEFORE_POOL, INTERNING, SEEKER_ERASED, return_to_pool
from services.matching.ranking.programmes import TOO_OLD
from services.matching.referrals.commands import MakeReferral, ReferralForm
from services.matching.referrals.model import Case, Referral
from services.matching.referrals.rules import BEFORE_REFERRAL, NOT_ACCEPTED, REFERRAL_ENDED, refer
from services.matching.vacancies.commands import OpenVacancy, VacancyForm
from services.matching.vacancies.model import Vacancy
from services.matching.vacancies.rules import NO_FREE_OPENING, NOT_TO_CONVERT, VACANCY_CLOSED, open_vacancy
from tests.matching.states import NOW, TODAY, a_seeker, a_vacancy, an_intern_is_sought

EARLIER = date(2009, 3, 2)
STARTED = date(2009, 4, 1)
COMPLETED = date(2009, 6, 1)


def a_young_seeker(**profile: Any) -> Seeker:
    return a_seeker(**{"birth_year": 1985, **profile})


def a_referral(vacancy: Vacancy, seeker: Seeker, **details: Any) -> Referral:
    referral = Referral(
        ReferralId(uuids.uuid7()),
        seeker.seeker_id,
        vacancy.vacancy_id,
        vacancy.employer_id,
        vacancy.occupation,
        EARLIER,
        "accepted",
        "accepted",
    )
    return replace(referral, **details)


def a_case(seeker: Seeker, *referrals: Referral) -> Case:
    return Case(seeker.seeker_id, referrals)


def starting(vacancy: Vacancy, seeker: Seeker, case: Case, referral: Referral, on: date | None = STARTED) -> Decision:
    command = StartInternship(InternshipId(uuids.uuid7()), referral.referral_id, StartForm(occurred_on=on))
    return start_internship(vacancy, seeker, case, command, NOW)


def breaking_off(
    vacancy: Vacancy, seeker: Seeker, internship: Internship, on: date | None = COMPLETED, by: Any = "intern"
) -> Decision:
    command = BreakOffInternship(internship.internship_id, BreakingOffForm(by=by, occurred_on=on))
    return break_off_internship(vacancy, seeker, internship, command, NOW)


def completing(seeker: Seeker, internship: Internship, on: date | None = COMPLETED) -> Decision:
    command = CompleteInternship(internship.internship_id, CompletionForm(occurred_on=on))
    return complete_internship(seeker, internship, command, NOW)


def converting(
    vacancy: Vacancy, seeker: Seeker, case: Case, internship: Internship, on: date | None = None
) -> Decision:
    form = ConversionForm(occurred_on=on, wage=2_100_000)
    command = ConvertInternship(internship.internship_id, PlacementId(uuids.uuid7()), form)
    return convert_internship(vacancy, seeker, case, internship, command, NOW)


def finding_alone(seeker: Seeker, case: Case | None, on: date | None = None) -> Decision:
    form = SelfFoundForm(occupation="10", sector="private", employment="fixed_term", wage=1_900_000, occurred_on=on)
    return place_self_found(seeker, case, PlaceSelfFound(PlacementId(uuids.uuid7()), seeker.seeker_id, form), NOW)


def accepted(decision: Decision) -> Accepted:
    assert isinstance(decision, Accepted), decision
    return decision


def refusal(decision: Decision) -> tuple[Any, str | None]:
    assert isinstance(decision, Refused), decision
    return decision.problem, decision.field


def facts(decision: Decision) -> Any:
    assert isinstance(decision, Refused), decision
    return decision.facts


def types(decision: Decision) -> list[str]:
    return [type(event).__name__ for event in accepted(decision).events]


def running() -> tuple[Vacancy, Seeker, Case, Internship]:
    vacancy, seeker = an_intern_is_sought(openings=3), a_young_seeker()
    referral = a_referral(vacancy, seeker)
    started = accepted(starting(vacancy, seeker, a_case(seeker, referral), referral))
    vacancy, seeker, case, internship = started.states
    return vacancy, seeker, case, internship


def completed() -> tuple[Vacancy, Seeker, Case, Internship]:
    vacancy, seeker, case, internship = running()
    seeker, internship = accepted(completing(seeker, internship)).states
    return vacancy, seeker, case, internship


def test_a_start_takes_an_opening_and_the_seeker_and_is_no_placement() -> None:
    vacancy, seeker = an_intern_is_sought(openings=3), a_young_seeker()
    referral = a_referral(vacancy, seeker)
    decision = starting(vacancy, seeker, a_case(seeker, referral), referral)
    assert types(decision) == ["InternshipStarted"]
    taken, intern, case, internship = accepted(decision).states
    assert (taken.placed, taken.closed_as) == (1, None)
    assert (intern.internship_id, intern.placement_id) == (internship.internship_id, None)
    assert case.referral(referral.referral_id).status == "interned"
    assert (internship.status, internship.started_on, internship.ended_on) == ("running", STARTED, None)
    (event,) = accepted(decision).events
    assert event.model_dump(include={"internship_id", "vacancy_id", "employer_id", "occupation", "rule"}) == {
        "internship_id": internship.internship_id,
        "vacancy_id": vacancy.vacancy_id,
        "employer_id": vacancy.employer_id,
        "occupation": "02",
        "rule": "start_internship",
    }
    assert (event.person.age_band, event.person.programme) == ("-29", "youth_internship")


def test_the_last_opening_closes_the_vacancy_and_nobody_starts_above_it() -> None:
    vacancy, seeker = an_intern_is_sought(openings=3, placed=2), a_young_seeker()
    referral = a_referral(vacancy, seeker)
    decision = starting(vacancy, seeker, a_case(seeker, referral), referral)
    assert types(decision) == ["InternshipStarted", "VacancyClosed"]
    full = accepted(decision).states[0]
    assert (full.placed, full.closed_as) == (3, "filled")

    another = a_young_seeker()
    referral = a_referral(full, another)
    assert refusal(starting(full, another, a_case(another, referral), referral)) == (NO_FREE_OPENING, "vacancy_id")
    freed = an_intern_is_sought(closed_on=TODAY, closed_as="filled")
    referral = a_referral(freed, another)
    assert refusal(starting(freed, another, a_case(another, referral), referral)) == (VACANCY_CLOSED, "vacancy_id")


def test_a_start_ends_the_other_open_referrals_and_leaves_the_rest() -> None:
    vacancy, seeker = an_intern_is_sought(openings=3), a_young_seeker()
    referral = a_referral(vacancy, seeker)
    waiting = a_referral(a_vacancy(), seeker, status="postponed")
    refused = a_referral(a_vacancy(), seeker, status="refused")
    decision = starting(vacancy, seeker, a_case(seeker, waiting, refused, referral), referral)
    assert types(decision) == ["InternshipStarted", "ReferralEnded"]
    ended = accepted(decision).events[1]
    assert (ended.referral_id, ended.reason, ended.rule) == (waiting.referral_id, "obsolete", "start_internship")
    assert [r.status for r in accepted(decision).states[2].referrals] == ["obsolete", "refused", "interned"]


def test_only_an_internship_whose_employer_plans_to_keep_interns_is_a_youth_internship() -> None:
    seeker = a_young_seeker()
    for details, problem in (
        ({"employment": "permanent", "converts": False}, NO_INTERNSHIP),
        ({"converts": False}, NOT_CONVERTING),
    ):
        vacancy = an_intern_is_sought(**details)
        referral = a_referral(vacancy, seeker)
        assert refusal(starting(vacancy, seeker, a_case(seeker, referral), referral)) == (problem, "vacancy_id")


@pytest.mark.parametrize(("birth_year", "on", "young"), [(1980, STARTED, True), (1979, STARTED, False)])
def test_an_intern_is_29_at_most_in_the_year_of_the_start(birth_year: int, on: date, young: bool) -> None:
    vacancy, seeker = an_intern_is_sought(openings=3), a_young_seeker(birth_year=birth_year)
    referral = a_referral(vacancy, seeker)
    decision = starting(vacancy, seeker, a_case(seeker, referral), referral, on)
    if young:
        assert types(decision) == ["InternshipStarted"]
    else:
        assert refusal(decision) == (TOO_OLD, "seeker_id")
        assert facts(decision) == {"age": 30, "most": 29}


def test_age_is_that_of_the_start_and_not_of_its_record() -> None:
    vacancy = an_intern_is_sought(openings=3, opened_on=date(2008, 11, 1))
    seeker = replace(a_young_seeker(birth_year=1979, registered_on=date(2008, 11, 1)), in_pool_since=date(2008, 11, 1))
    referral = a_referral(vacancy, seeker, made_on=date(2008, 12, 1))
    case = a_case(seeker, referral)
    assert types(starting(vacancy, seeker, case, referral, date(2008, 12, 31))) == ["InternshipStarted"]
    assert refusal(starting(vacancy, seeker, case, referral, date(2009, 1, 1)))[0] == TOO_OLD


@pytest.mark.parametrize(
    ("status", "problem"),
    [
        ("made", NOT_ACCEPTED),
        ("postponed", NOT_ACCEPTED),
        ("refused", NOT_ACCEPTED),
        ("interned", REFERRAL_ENDED),
        ("placed", REFERRAL_ENDED),
        ("obsolete", REFERRAL_ENDED),
    ],
)
def test_only_an_accepted_referral_ends_in_an_internship(status: Any, problem: Any) -> None:
    vacancy, seeker = an_intern_is_sought(openings=3), a_young_seeker()
    referral = a_referral(vacancy, seeker, status=status)
    assert refusal(starting(vacancy, seeker, a_case(seeker, referral), referral)) == (problem, "referral_id")


def test_a_start_is_not_dated_before_the_referral_or_the_pool_or_after_today() -> None:
    vacancy, seeker = an_intern_is_sought(openings=3), a_young_seeker()
    referral = a_referral(vacancy, seeker)
    case = a_case(seeker, referral)
    early = starting(vacancy, seeker, case, referral, EARLIER - timedelta(1))
    assert refusal(early) == (BEFORE_REFERRAL, "occurred_on")
    assert facts(early) == {"made_on": EARLIER}
    returned = replace(seeker, in_pool_since=STARTED)
    early = starting(vacancy, returned, case, referral, STARTED - timedelta(1))
    assert refusal(early) == (BEFORE_POOL, "occurred_on")
    assert facts(early) == {"in_pool_since": STARTED}
    late = starting(vacancy, seeker, case, referral, TODAY + timedelta(1))
    assert refusal(late) == (DATE_IN_FUTURE, "occurred_on")


def test_an_intern_is_not_referred_placed_or_taken_as_an_intern_beside_it() -> None:
    _, seeker, case, internship = running()
    other = an_intern_is_sought(openings=3)
    form = ReferralForm(seeker_id=seeker.seeker_id, vacancy_id=other.vacancy_id)
    referring = refer(other, seeker, case, MakeReferral(ReferralId(uuids.uuid7()), form), NOW)
    assert refusal(referring) == (INTERNING, "seeker_id")
    assert facts(referring) == {"internship_id": str(internship.internship_id)}
    referral = a_referral(other, seeker)
    both = case.with_(referral)
    placing = Place(PlacementId(uuids.uuid7()), referral.referral_id, PlacementForm())
    assert refusal(place(other, seeker, both, placing, NOW)) == (INTERNING, "seeker_id")
    assert refusal(starting(other, seeker, both, referral)) == (INTERNING, "seeker_id")
    assert refusal(finding_alone(seeker, case)) == (INTERNING, "seeker_id")


def test_who_is_placed_starts_no_internship() -> None:
    vacancy = an_intern_is_sought(openings=3)
    seeker = replace(a_young_seeker(), placement_id=PlacementId(uuids.uuid7()))
    referral = a_referral(vacancy, seeker)
    assert refusal(starting(vacancy, seeker, a_case(seeker, referral), referral)) == (ALREADY_PLACED, "seeker_id")


def test_where_interns_are_made_permanent_nobody_is_placed_without_an_internship() -> None:
    vacancy, seeker = an_intern_is_sought(), a_young_seeker()
    referral = a_referral(vacancy, seeker)
    placing = Place(PlacementId(uuids.uuid7()), referral.referral_id, PlacementForm())
    assert refusal(place(vacancy, seeker, a_case(seeker, referral), placing, NOW)) == (FOR_INTERNS, "referral_id")
    plain = replace(vacancy, converts=False)
    refused = place(plain, seeker, a_case(seeker, referral), placing, NOW)
    assert (refusal(refused), facts(refused)) == ((FOR_INTERNS, "referral_id"), {"converts": False})
    assert isinstance(refused, Refused)
    assert "fixed_term" in refused.detail


def test_nobody_found_an_internship_alone() -> None:
    with pytest.raises(ValidationError, match="fixed_term"):
        SelfFoundForm.model_validate({"occupation": "10", "sector": "private", "employment": "internship"})


@pytest.mark.parametrize("by", ["intern", "employer"])
def test_a_breaking_off_frees_the_seeker_and_the_opening(by: str) -> None:
    vacancy, seeker, case, internship = running()
    decision = breaking_off(vacancy, seeker, internship, by=by)
    assert types(decision) == ["InternshipBrokenOff"]
    vacancy, seeker, broken_off = accepted(decision).states
    assert vacancy.placed == 0
    assert (seeker.internship_id, seeker.convertible_id, seeker.in_pool_since) == (None, None, COMPLETED)
    assert (broken_off.status, broken_off.ended_on, broken_off.broken_off_by) == ("broken_off", COMPLETED, by)
    (event,) = accepted(decision).events
    assert (event.by, event.occurred_on, event.person.programme) == (by, COMPLETED, "youth_internship")
    assert event.occupation == vacancy.occupation
    referral = a_referral(vacancy, seeker, made_on=COMPLETED)
    again = starting(vacancy, seeker, case.with_(referral), referral, COMPLETED)
    assert types(again) == ["InternshipStarted"]


def test_a_vacancy_that_closed_as_filled_stays_closed_when_an_intern_breaks_off() -> None:
    vacancy, seeker = an_intern_is_sought(openings=1), a_young_seeker()
    referral = a_referral(vacancy, seeker)
    full, intern, _, internship = accepted(starting(vacancy, seeker, a_case(seeker, referral), referral)).states
    freed = accepted(breaking_off(full, intern, internship)).states[0]
    assert (freed.placed, freed.closed_as) == (0, "filled")
    another = a_young_seeker()
    referral = a_referral(freed, another)
    assert refusal(starting(freed, another, a_case(another, referral), referral)) == (VACANCY_CLOSED, "vacancy_id")


def test_a_completion_frees_the_seeker_and_keeps_the_opening() -> None:
    vacancy, seeker, _, internship = running()
    decision = completing(seeker, internship)
    assert types(decision) == ["InternshipCompleted"]
    free, done = accepted(decision).states
    assert (free.internship_id, free.convertible_id, free.in_pool_since) == (
        None,
        internship.internship_id,
        COMPLETED,
    )
    assert (done.status, done.ended_on) == ("completed", COMPLETED)
    assert vacancy.placed == 1
    form = ReferralForm(seeker_id=seeker.seeker_id, vacancy_id=vacancy.vacancy_id)
    assert types(refer(vacancy, free, None, MakeReferral(ReferralId(uuids.uuid7()), form), NOW)) == ["ReferralMade"]


def test_a_conversion_is_a_permanent_placement_and_ends_the_open_referrals() -> None:
    vacancy, seeker, case, internship = completed()
    waiting = a_referral(a_vacancy(), seeker, status="made")
    day = COMPLETED + timedelta(1)
    decision = converting(vacancy, seeker, case.with_(waiting), internship, day)
    assert types(decision) == ["InternshipConverted", "Placed", "ReferralEnded"]
    event, placed, _ = accepted(decision).events
    assert (event.completed_on, event.occurred_on, event.placement_id) == (COMPLETED, day, placed.placement_id)
    assert placed.model_dump(
        include={"source", "employment", "programme", "occupation", "wanted", "wage", "vacancy_id", "employer_id"}
    ) == {
        "source": "internship",
        "employment": "permanent",
        "programme": "youth_internship",
        "occupation": "02",
        "wanted": True,
        "wage": 2_100_000,
        "vacancy_id": vacancy.vacancy_id,
        "employer_id": vacancy.employer_id,
    }
    assert (placed.occurred_on, placed.referral_id) == (day, internship.referral_id)
    assert placed.person.programme == "youth_internship"
    employee, left, placement, converted = accepted(decision).states
    assert (employee.placement_id, employee.convertible_id) == (placement.placement_id, None)
    assert [r.status for r in left.referrals] == ["placed", "obsolete"]
    assert (placement.source, placement.vacancy_id) == ("internship", vacancy.vacancy_id)
    assert (converted.status, converted.ended_on, converted.placement_id) == (
        "converted",
        COMPLETED,
        placement.placement_id,
    )


def test_only_a_completed_internship_is_converted_and_only_once() -> None:
    vacancy, seeker, case, internship = running()
    assert refusal(converting(vacancy, seeker, case, internship)) == (NOT_COMPLETED, "internship_id")
    freed, free, broken_off = accepted(breaking_off(vacancy, seeker, internship)).states
    assert refusal(converting(freed, free, case, broken_off)) == (INTERNSHIP_ENDED, "internship_id")

    vacancy, seeker, case, internship = completed()
    seeker, case, _, converted = accepted(converting(vacancy, seeker, case, internship)).states
    again = converting(vacancy, seeker, case, converted)
    assert refusal(again) == (INTERNSHIP_ENDED, "internship_id")
    assert facts(again) == {"status": "converted", "ended_on": COMPLETED}


def test_an_internship_ends_once() -> None:
    vacancy, seeker, _, internship = running()
    for status in ("broken_off", "completed", "converted"):
        ended = replace(internship, status=status, ended_on=COMPLETED)
        assert refusal(breaking_off(vacancy, seeker, ended)) == (INTERNSHIP_ENDED, "internship_id")
        assert refusal(completing(seeker, ended)) == (INTERNSHIP_ENDED, "internship_id")


def test_no_step_is_dated_before_the_one_before_it_or_after_today() -> None:
    vacancy, seeker, case, internship = running()
    early, late = STARTED - timedelta(1), TODAY + timedelta(1)
    for decision in (breaking_off(vacancy, seeker, internship, early), completing(seeker, internship, early)):
        assert refusal(decision) == (BEFORE_START, "occurred_on")
        assert facts(decision) == {"started_on": STARTED}
    for decision in (breaking_off(vacancy, seeker, internship, late), completing(seeker, internship, late)):
        assert refusal(decision) == (DATE_IN_FUTURE, "occurred_on")
    assert types(completing(seeker, internship, STARTED)) == ["InternshipCompleted"]

    vacancy, seeker, case, internship = completed()
    early = converting(vacancy, seeker, case, internship, COMPLETED - timedelta(1))
    assert refusal(early) == (BEFORE_COMPLETION, "occurred_on")
    assert facts(early) == {"completed_on": COMPLETED}
    assert refusal(converting(vacancy, seeker, case, internship, late)) == (DATE_IN_FUTURE, "occurred_on")
    assert types(converting(vacancy, seeker, case, internship, COMPLETED)) == ["InternshipConverted", "Placed"]


def test_another_job_after_the_completion_makes_a_conversion_impossible_for_good() -> None:
    vacancy, seeker, case, internship = completed()
    employee, case, placement = accepted(finding_alone(seeker, case)).states
    assert refusal(converting(vacancy, employee, case, internship)) == (ALREADY_PLACED, "seeker_id")
    ended = ReturnToPool(seeker.seeker_id, placement.placement_id, TODAY)
    (free,) = accepted(return_to_pool(employee, ended, NOW)).states
    lapsed = converting(vacancy, free, case, internship)
    assert refusal(lapsed) == (CONVERSION_LAPSED, "internship_id")
    assert facts(lapsed) == {"completed_on": COMPLETED}


def test_another_internship_after_the_completion_makes_a_conversion_impossible() -> None:
    vacancy, seeker, case, internship = completed()
    other = an_intern_is_sought(openings=3)
    referral = a_referral(other, seeker)
    other, seeker, case, second = accepted(starting(other, seeker, case.with_(referral), referral, COMPLETED)).states
    assert refusal(converting(vacancy, seeker, case, internship)) == (INTERNING, "seeker_id")
    _, seeker, _ = accepted(breaking_off(other, seeker, second)).states
    assert refusal(converting(vacancy, seeker, case, internship)) == (CONVERSION_LAPSED, "internship_id")


def test_an_internship_of_a_person_who_was_erased_ends_unpublished() -> None:
    vacancy, seeker, _, internship = running()
    erased = Seeker(seeker.seeker_id, None)
    free, left, broken_off = accepted(breaking_off(vacancy, erased, internship)).states
    assert (free.placed, left, broken_off.status, broken_off.ended_on) == (0, erased, "broken_off", COMPLETED)
    left, completed = accepted(completing(erased, internship)).states
    assert (left, completed.status) == (erased, "completed")
    assert types(breaking_off(vacancy, erased, internship)) == types(completing(erased, internship)) == []


def test_nothing_more_is_recorded_of_a_person_who_was_erased() -> None:
    vacancy, seeker, case, internship = running()
    erased = Seeker(seeker.seeker_id, None)
    referral = a_referral(vacancy, seeker)
    for decision in (
        starting(vacancy, erased, case.with_(referral), referral),
        converting(vacancy, erased, case, internship),
        finding_alone(erased, case),
    ):
        assert refusal(decision) == (SEEKER_ERASED, "seeker_id")


def test_what_is_unknown_is_unknown() -> None:
    internship_id, referral_id = InternshipId(uuids.uuid7()), ReferralId(uuids.uuid7())
    start = StartInternship(internship_id, referral_id, StartForm())
    assert start_internship(None, None, None, start, NOW) == Unknown("referral_id", referral_id)
    unknown = Unknown("internship_id", internship_id)
    broken_off = BreakOffInternship(internship_id, BreakingOffForm(by="intern"))
    assert break_off_internship(None, None, None, broken_off, NOW) == unknown
    assert complete_internship(None, None, CompleteInternship(internship_id, CompletionForm()), NOW) == unknown
    convert = ConvertInternship(internship_id, PlacementId(uuids.uuid7()), ConversionForm())
    assert convert_internship(None, None, None, None, convert, NOW) == unknown


def test_a_job_found_alone_is_a_placement_without_referral_vacancy_and_employer() -> None:
    seeker = a_seeker(wanted_occupations=("10",))
    waiting = a_referral(a_vacancy(), seeker, status="made")
    decision = finding_alone(seeker, a_case(seeker, waiting), EARLIER)
    assert types(decision) == ["Placed", "ReferralEnded"]
    placed = accepted(decision).events[0]
    assert (placed.source, placed.occupation, placed.wanted) == ("self_found", "10", True)
    assert (placed.sector, placed.employment, placed.wage) == ("private", "fixed_term", 1_900_000)
    assert (placed.referral_id, placed.vacancy_id, placed.employer_id) == (None, None, None)
    assert (placed.programme, placed.person.programme, placed.occurred_on) == (None, None, EARLIER)
    employee, case, placement = accepted(decision).states
    assert employee.placement_id == placement.placement_id
    assert case.referrals[0].status == "obsolete"
    assert refusal(finding_alone(employee, case)) == (ALREADY_PLACED, "seeker_id")


def test_a_job_found_alone_is_not_dated_before_the_pool_or_after_today() -> None:
    seeker = a_seeker()
    assert seeker.in_pool_since is not None
    early = finding_alone(seeker, None, seeker.in_pool_since - timedelta(1))
    assert refusal(early) == (BEFORE_POOL, "occurred_on")
    assert facts(early) == {"in_pool_since": seeker.in_pool_since}
    assert refusal(finding_alone(seeker, None, TODAY + timedelta(1))) == (DATE_IN_FUTURE, "occurred_on")
    assert types(finding_alone(seeker, None, seeker.in_pool_since)) == ["Placed"]


@pytest.mark.parametrize(
    ("employment", "converts", "opens"),
    [("internship", True, True), ("internship", False, True), ("permanent", False, True), ("permanent", True, False)],
)
def test_a_vacancy_says_whether_interns_are_made_permanent(employment: Any, converts: bool, opens: bool) -> None:
    employer = Employer(EmployerId(uuids.uuid7()), EARLIER)
    form = VacancyForm(
        employer_id=employer.employer_id,
        occupation="02",
        openings=1,
        title="인턴",
        sector="private",
        employment=employment,
        district="11440",
        converts=converts,
    )
    decision = open_vacancy(employer, OpenVacancy(VacancyId(uuids.uuid7()), form), NOW)
    if not opens:
        assert refusal(decision) == (NOT_TO_CONVERT, "converts")
        return
    (vacancy,), (event,) = accepted(decision).states, accepted(decision).events
    assert (vacancy.converts, event.converts) == (converts, converts)
