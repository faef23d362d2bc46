"""What becomes of open referrals when their vacancy closes: those that were answered are left for a time (decision
13)."""

from dataclasses import replace

from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Accepted, Decision, Now, Unknown
from services.matching.pool.model import Seeker
from services.matching.referrals.commands import LapseReferral, MeetClosing
from services.matching.referrals.ends import end_by_itself
from services.matching.referrals.model import Case
from services.matching.vacancies.model import Vacancy


def meet_closing(
    vacancy: Vacancy | None, seeker: Seeker | None, case: Case | None, command: MeetClosing, now: Now
) -> Decision:
    """End an open referral whose vacancy has closed, if nobody has answered it or no opening is left.

    One that was answered is left for a time where openings are: a job may still come of it.
    """
    referral = case.referral(command.referral_id) if case else None
    if vacancy is None or seeker is None or case is None or referral is None:
        return Unknown("referral_id", command.referral_id)
    if seeker.merged_into or vacancy.closed_on is None or not referral.is_open:
        return Accepted()
    if referral.status != "made" and not vacancy.is_filled:
        closed_on = referral.vacancy_closed_on or now.day
        return Accepted((case.with_(replace(referral, vacancy_closed_on=closed_on)),))
    day = now.day if referral.vacancy_closed_on else vacancy.closed_on
    return end_by_itself(referral, seeker, case, day, now, "end_obsolete", "obsolete")


def lapse(
    vacancy: Vacancy | None, seeker: Seeker | None, case: Case | None, command: LapseReferral, now: Now
) -> Decision:
    """End a referral of which nothing came in the time after its vacancy had closed.

    Where that was recorded long after, it ends as many days after the closing as it was left after the recording.
    """
    referral = case.referral(command.referral_id) if case else None
    if vacancy is None or seeker is None or case is None or referral is None:
        return Unknown("referral_id", command.referral_id)
    left_since = referral.vacancy_closed_on
    if seeker.merged_into or not referral.is_open or left_since is None or vacancy.closed_on is None:
        return Accepted()
    day = vacancy.closed_on + (now.day - left_since)
    return end_by_itself(referral, seeker, case, day, now, "lapse", "lapsed")


DECIDERS: Deciders = {MeetClosing: meet_closing, LapseReferral: lapse}
