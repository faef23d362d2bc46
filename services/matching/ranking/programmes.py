"""What programmes' laws say of a match: the one place where age counts, and only as a law asks for it."""

from datetime import date

from contracts.codes import age_in_years
from services.matching.pool.model import Profile
from services.matching.ranking.model import Offer, Reason
from services.matching.youth_internship import MOST_AGE, is_young


def by_programmes(profile: Profile, offer: Offer, on: date) -> tuple[Reason, ...] | None:
    """Give the reasons that programmes have, None where one's law keeps this person from this vacancy.

    A youth internship starts only where interns are made permanent; of any other internship no law speaks.
    """
    if not offer.converts:
        return ()
    if not is_young(profile.birth_year, on):
        return None
    age = age_in_years(profile.birth_year, on)
    return (Reason("youth_internship_age", 0, {"age": age, "most": MOST_AGE}),)
