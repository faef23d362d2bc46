"""What programmes' laws say of a match: the one place where age counts, and only as a law asks for it."""

from datetime import date

from chassis.batch.decisions import Refused
from chassis.problems import ProblemType
from contracts.codes import age_in_years
from services.matching.pool.model import Profile
from services.matching.ranking.model import Offer, Reason
from services.matching.youth_internship import MOST_AGE, is_young

TOO_OLD = ProblemType("too-old-for-internship", 409, "A youth internship is for those who are 29 at most in its year")


def by_programmes(profile: Profile, offer: Offer, on: date) -> tuple[Reason, ...] | None:
    """Give the reasons that programmes have, None where one's law keeps this person from this vacancy.

    A youth internship starts only where interns are made permanent; of any other internship no law speaks.
    """
    if refuse_forbidden(profile, offer, on) is not None:
        return None
    if not offer.converts:
        return ()
    return (Reason("youth_internship_age", 0, {"age": age_in_years(profile.birth_year, on), "most": MOST_AGE}),)


def refuse_forbidden(profile: Profile, offer: Offer, on: date) -> Refused | None:
    """Refuse a match that a programme's law forbids."""
    return refuse_too_old(profile, on) if offer.converts else None


def refuse_too_old(profile: Profile, on: date) -> Refused | None:
    """Refuse whoever isn't young by the law of the youth internship."""
    if is_young(profile.birth_year, on):
        return None
    age = age_in_years(profile.birth_year, on)
    return Refused(TOO_OLD, f"{age} years old in {on.year}", "seeker_id", {"age": age, "most": MOST_AGE})
