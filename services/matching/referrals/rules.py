"""When a seeker may be referred to a vacancy, how a referral is answered or chased, and how it ends."""

from dataclasses import replace
from datetime import date
from typing import Any

from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Accepted, Decision, Now, Refused, Unknown, impossible_day, other_version
from chassis.problems import ProblemType
from contracts import refusals
from contracts.cases import Answer, ReferralAnswered, ReferralMade
from contracts.topics import PROFILES
from services.matching.pool.model import Profile, Seeker
from services.matching.pool.rules import refuse_gone
from services.matching.ranking.model import Offer, Wishes
from services.matching.ranking.programmes import refuse_forbidden
from services.matching.ranking.rules import match
from services.matching.referrals.commands import AnswerForm, AnswerReferral, MakeReferral
from services.matching.referrals.gate import refuse_unready, seeking
from services.matching.referrals.model import Case, Referral, ReferralStatus
from services.matching.vacancies.model import Vacancy
from services.matching.vacancies.rules import refuse_closed

ALREADY_REFERRED = ProblemType("already-referred", 409, "This seeker has an open referral to this vacancy")
BEFORE_REGISTRATION = ProblemType(*refusals.BEFORE_REGISTRATION)
BEFORE_OPENING = ProblemType("before-opening", 409, "The vacancy was not open yet on that day")
REASON_NEEDED = ProblemType("reason-needed", 422, "A refusal is recorded with its reason")
ALREADY_ANSWERED = ProblemType("already-answered", 409, "This referral has its answer")
NOT_ACCEPTED = ProblemType("referral-not-accepted", 409, "Only of an accepted referral comes a job or an internship")
BEFORE_REFERRAL = ProblemType("before-referral", 409, "The referral was not made yet on that day")
REFERRAL_ENDED = ProblemType("referral-ended", 409, "This referral has ended")

STATUS_AFTER: dict[Answer, ReferralStatus] = {
    "accepted": "accepted",
    "refused_by_seeker": "refused",
    "refused_by_employer": "refused",
    "postponed": "postponed",
}


def refer(
    vacancy: Vacancy | None, seeker: Seeker | None, case: Case | None, command: MakeReferral, now: Now
) -> Decision:
    """Refer a seeker in the pool to an open vacancy, with the reasons that speak for it.

    What an import tells may come after its vacancy has closed: it is taken if it was made by then.
    """
    form = command.form
    day = form.occurred_on or now.day
    if vacancy is None:
        return Unknown("vacancy_id", form.vacancy_id)
    if seeker is None:
        return Unknown("seeker_id", form.seeker_id, PROFILES.name)
    if refused := impossible_day(now, "occurred_on", day) or _closed_by(vacancy, day, now):
        return refused
    profile = seeking(seeker, vacancy.kind)
    if isinstance(profile, Refused):
        return profile
    case = case or Case(seeker.seeker_id)
    offer = Offer.of(vacancy)
    if refused := (
        _too_early(vacancy, profile.registered_on, day)
        or _open_already(case, vacancy)
        or refuse_forbidden(profile, offer, day)
    ):
        return refused
    not_ready = refuse_unready(seeker, profile, vacancy.kind)
    if not_ready and form.override is None:
        return not_ready
    override = form.override if not_ready else None
    referral = Referral(
        referral_id=command.referral_id,
        seeker_id=seeker.seeker_id,
        vacancy_id=vacancy.vacancy_id,
        employer_id=vacancy.employer_id,
        occupation=vacancy.occupation,
        made_on=day,
        override=override,
    )
    reasons = match(Wishes.of(profile, seeker.in_pool_since), offer, day).spoke_for_it
    event = ReferralMade(
        **now.stamp("refer", day),
        seeker_id=seeker.seeker_id,
        person=profile.bands(day),
        referral_id=referral.referral_id,
        vacancy_id=vacancy.vacancy_id,
        employer_id=vacancy.employer_id,
        occupation=vacancy.occupation,
        sector=vacancy.sector,
        employment=vacancy.employment,
        reasons=reasons,
        override=override,
    )
    return Accepted((case.with_(referral),), (event,), {"referral_id": referral.referral_id, "reasons": reasons})


def answer(seeker: Seeker | None, case: Case | None, command: AnswerReferral, now: Now) -> Decision:
    """Record an answer. There is one, except that a postponed referral is answered again, and that an accepted one may
    still be refused by either side while nothing has come of it: such a change names the version that was read.

    The same answer again changes nothing; put off again on a later day, a referral waits anew.
    """
    form = command.form
    referral = case.referral(command.referral_id) if case else None
    if case is None or seeker is None or referral is None:
        return Unknown("referral_id", command.referral_id)
    if seeker.profile is None:
        return refuse_gone(seeker)
    status = STATUS_AFTER[form.answer]
    if status == "refused" and form.reason is None:
        return Refused(REASON_NEEDED, "say why it was refused, as a code", "reason")
    if not referral.is_open and referral.status != "refused":
        return refuse_ended(referral)
    if _stands(referral, form, now.day):
        return Accepted(answer=_answered(referral))
    names_one = referral.answer is not None or command.version is not None
    if names_one and (refused := other_version(referral.version, command.version)):
        return refused
    if referral.status == "refused" or (referral.status == "accepted" and status != "refused"):
        return Refused(
            ALREADY_ANSWERED,
            f"the answer is {referral.answer}; a postponed referral is answered again, an accepted one only refused",
            "referral_id",
            {"answer": referral.answer},
        )
    answered = replace(referral, status=status, answer=form.answer, reason=form.reason, version=referral.version + 1)
    if status == "postponed":
        answered = replace(answered, postponed_on=now.day, chased=0)
    event = ReferralAnswered(
        **now.stamp("answer"),
        **about(referral, seeker.profile, now.day),
        answer=form.answer,
        reason=form.reason,
    )
    return Accepted((case.with_(answered),), (event,), _answered(answered))


def _stands(referral: Referral, form: AnswerForm, day: date) -> bool:
    """Whether a referral has this answer already."""
    same = (referral.answer, referral.reason) == (form.answer, form.reason)
    return same and (form.answer != "postponed" or referral.postponed_on == day)


def _answered(referral: Referral) -> dict[str, Any]:
    return {"referral_id": referral.referral_id, "status": referral.status, "version": referral.version}


def about(referral: Referral, profile: Profile, day: date) -> dict[str, Any]:
    """Give what every event about a referral tells, as of a day."""
    return {
        "seeker_id": referral.seeker_id,
        "person": profile.bands(day),
        "referral_id": referral.referral_id,
        "vacancy_id": referral.vacancy_id,
        "employer_id": referral.employer_id,
        "occupation": referral.occupation,
    }


def refuse_unaccepted(referral: Referral, day: date) -> Refused | None:
    """Refuse what only comes of an accepted referral, on its day at the earliest."""
    if refused := refuse_before_referral(referral, day):
        return refused
    if referral.status == "accepted":
        return None
    if referral.status in {"placed", "interned", "withdrawn", "obsolete", "expired", "lapsed"}:
        return refuse_ended(referral)
    return Refused(NOT_ACCEPTED, f"this referral is {referral.status}", "referral_id", {"status": referral.status})


def refuse_ended(referral: Referral) -> Refused:
    """Refuse what only an open referral allows."""
    return Refused(
        REFERRAL_ENDED, f"this referral has ended as {referral.status}", "referral_id", {"status": referral.status}
    )


def refuse_before_referral(referral: Referral, day: date) -> Refused | None:
    """Refuse what comes of a referral on a day before it was made."""
    if day >= referral.made_on:
        return None
    return Refused(BEFORE_REFERRAL, f"referred on {referral.made_on}", "occurred_on", {"made_on": referral.made_on})


def _closed_by(vacancy: Vacancy, day: date, now: Now) -> Refused | None:
    """Refuse a vacancy that is closed; of what an import tells, one that was closed before that day."""
    if now.imported and vacancy.closed_on is not None and day <= vacancy.closed_on:
        return None
    return refuse_closed(vacancy)


def _too_early(vacancy: Vacancy, registered_on: date, day: date) -> Refused | None:
    if day < registered_on:
        return Refused(BEFORE_REGISTRATION, f"registered on {registered_on}", "occurred_on")
    if day < vacancy.opened_on:
        return Refused(BEFORE_OPENING, f"opened on {vacancy.opened_on}", "occurred_on")
    return None


def _open_already(case: Case, vacancy: Vacancy) -> Refused | None:
    for referral in case.open():
        if referral.vacancy_id == vacancy.vacancy_id:
            return Refused(
                ALREADY_REFERRED,
                f"see /referrals/{referral.referral_id}",
                "vacancy_id",
                {"referral_id": str(referral.referral_id), "status": referral.status},
            )
    return None


DECIDERS: Deciders = {
    MakeReferral: refer,
    AnswerReferral: answer,
}
