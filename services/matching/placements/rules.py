"""When a seeker may be placed, and what else ends by it."""

from dataclasses import replace

from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Accepted, Decision, Now, Refused, Unknown, impossible_day
from chassis.problems import ProblemType
from contracts.cases import Placed
from contracts.codes import is_public_job
from contracts.ids import PlacementId
from contracts.topics import PROFILES
from services.matching.placements.commands import Place, PlaceSelfFound
from services.matching.placements.model import Job, Placement
from services.matching.pool.model import Profile, Seeker
from services.matching.pool.rules import refuse_before_pool, refuse_gone, refuse_taken
from services.matching.referrals.ends import overtaken
from services.matching.referrals.model import Case
from services.matching.referrals.rules import refuse_unaccepted
from services.matching.vacancies.model import Vacancy
from services.matching.vacancies.rules import refuse_untakable, take_opening

FOR_INTERNS = ProblemType("vacancy-for-interns", 409, "This vacancy is for interns, and an internship is no placement")


def place(vacancy: Vacancy | None, seeker: Seeker | None, case: Case | None, command: Place, now: Now) -> Decision:
    """Place a seeker by an accepted referral. Their other open referrals end, and so does a vacancy that is full."""
    referral = case.referral(command.referral_id) if case else None
    if vacancy is None or seeker is None or case is None or referral is None:
        return Unknown("referral_id", command.referral_id)
    day = command.form.occurred_on or now.day
    if seeker.profile is None:
        return refuse_gone(seeker)
    if refused := (
        impossible_day(now, "occurred_on", day)
        or refuse_unaccepted(referral, day)
        or refuse_taken(seeker, vacancy.is_private_job)
        or refuse_untakable(vacancy)
        or _for_interns(vacancy)
    ):
        return refused
    job = Job(
        source="referral",
        occupation=vacancy.occupation,
        sector=vacancy.sector,
        employment=vacancy.employment,
        since=day,
        wage=command.form.wage,
        referral=referral,
        visit_id=vacancy.visit_id,
    )
    placed = place_in(job, command.placement_id, seeker, seeker.profile, case, now, "place")
    taken, closed = take_opening(vacancy, now)
    return Accepted((taken, *placed.states), (*placed.events, *closed), placed.answer)


def _for_interns(vacancy: Vacancy) -> Refused | None:
    """Refuse a placement as an intern. Where an internship comes first, it is the conversion that places."""
    if vacancy.employment != "internship":
        return None
    if vacancy.converts:
        return Refused(
            FOR_INTERNS, "start the internship at /referrals/{id}/internship; its conversion places", "referral_id"
        )
    return Refused(
        FOR_INTERNS,
        "nobody is placed as an intern, and this employer does not plan to make interns permanent; a job for a time is "
        "a vacancy with employment fixed_term",
        "referral_id",
        {"converts": False},
    )


def place_self_found(seeker: Seeker | None, case: Case | None, command: PlaceSelfFound, now: Now) -> Decision:
    """Record that a seeker found a job alone. They count as placed, and their open referrals end."""
    form = command.form
    day = form.occurred_on or now.day
    if seeker is None:
        return Unknown("seeker_id", command.seeker_id, PROFILES.name)
    if seeker.profile is None:
        return refuse_gone(seeker)
    if refused := (
        impossible_day(now, "occurred_on", day)
        or refuse_taken(seeker, not is_public_job(form.sector, form.employment))
        or refuse_before_pool(seeker, day)
    ):
        return refused
    job = Job("self_found", form.occupation, form.sector, form.employment, day, form.wage)
    case = case or Case(seeker.seeker_id)
    return place_in(job, command.placement_id, seeker, seeker.profile, case, now, "place_self_found")


def place_in(
    job: Job, placement_id: PlacementId, seeker: Seeker, profile: Profile, case: Case, now: Now, rule: str
) -> Accepted:
    """Place a seeker in a job, decided by `rule`: the referral that it came of ends in it, and the open ones end.

    A public job under SOS-Care leaves the seeker in the pool for private vacancies. The private job takes its place:
    it is the placement from then on, and names the former, whose employment followup ends by it.
    """
    referral = job.referral
    in_public_job = profile.sos_care and is_public_job(job.sector, job.employment)
    programme = job.programme or ("sos_care" if in_public_job and referral else None)
    case, ended = overtaken(case, profile, job.since, now, rule, by=referral)
    if referral:
        case = case.with_(replace(referral, status="placed"))
    placement = Placement(
        placement_id=placement_id,
        source=job.source,
        referral_id=referral.referral_id if referral else None,
        seeker_id=seeker.seeker_id,
        vacancy_id=referral.vacancy_id if referral else None,
        occurred_on=job.since,
        wage=job.wage,
        convertible_id=seeker.convertible_id,
        in_pool_since=seeker.in_pool_since,
    )
    event = Placed(
        **now.stamp(rule, job.since),
        seeker_id=placement.seeker_id,
        person=profile.bands(job.since, programme),
        placement_id=placement.placement_id,
        source=job.source,
        occupation=job.occupation,
        wanted=job.occupation in profile.wanted_occupations,
        sector=job.sector,
        employment=job.employment,
        referral_id=placement.referral_id,
        vacancy_id=placement.vacancy_id,
        employer_id=referral.employer_id if referral else None,
        wage=job.wage,
        programme=programme,
        former_placement_id=seeker.placement_id,
        visit_id=job.visit_id,
    )
    seeker = replace(seeker, placement_id=placement_id, convertible_id=None, in_public_job=in_public_job)
    return Accepted((seeker, case, placement), (event, *ended), {"placement_id": placement_id})


DECIDERS: Deciders = {Place: place, PlaceSelfFound: place_self_found}
