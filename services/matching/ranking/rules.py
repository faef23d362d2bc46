"""How well a seeker and a vacancy fit: points for each thing looked at, and why."""

from datetime import date

from services.matching.ranking.districts import STEPS
from services.matching.ranking.model import Match, Offer, Reason, Refusal, Wishes

OCCUPATION_POINTS = (50, 35, 25)
"""By the occupation's place among those wanted; a later place gives as much as the last."""
DISTRICT_POINTS = 20
FAR_DISTRICT_POINTS = (("district_neighbouring", 10), ("district_two_steps", 5))
"""By the steps from home, from one on; more steps give none."""
WAGE_POINTS = 15
EMPLOYMENT_POINTS = 10
MOST_CAREER_YEARS = 10
MOST_WAITING_MONTHS = 12
SOS_CARE_POINTS = 120
"""More than all else together can give, so that the public jobs come first."""


REFUSED_POINTS = -40
"""Who was refused comes after others who fit about as well, but stays in question: wages and wishes change."""


def match(
    wishes: Wishes, offer: Offer, on: date, programmes: tuple[Reason, ...] = (), refused: Refusal | None = None
) -> Match:
    """Judge a match as of a day, with the reasons that programmes have, and how the last referral was refused."""
    reasons = (
        _occupation(wishes, offer),
        _district(wishes, offer),
        _wage(wishes, offer),
        _employment(wishes, offer),
        _career(wishes),
        _waiting(wishes, on),
        *_sos_care(wishes, offer),
        *programmes,
        *((_refused(refused),) if refused else ()),
    )
    return Match(sum(reason.points for reason in reasons), reasons)


def _occupation(wishes: Wishes, offer: Offer) -> Reason:
    if offer.occupation not in wishes.occupations:
        return Reason("occupation_not_wanted", 0, {"occupation": offer.occupation})
    place = wishes.occupations.index(offer.occupation)
    points = OCCUPATION_POINTS[min(place, len(OCCUPATION_POINTS) - 1)]
    return Reason("occupation_wanted", points, {"occupation": offer.occupation, "place": place + 1})


def _district(wishes: Wishes, offer: Offer) -> Reason:
    """Where the person would work counts like home; otherwise the steps from home count."""
    steps = STEPS.get(wishes.lives_in, {}).get(offer.district)
    facts = {"lives_in": wishes.lives_in, "works_in": offer.district, "steps": steps}
    if offer.district in wishes.districts:
        return Reason("district_wanted", DISTRICT_POINTS, facts)
    if steps == 0:
        return Reason("district_same", DISTRICT_POINTS, facts)
    if steps is not None and steps <= len(FAR_DISTRICT_POINTS):
        return Reason(*FAR_DISTRICT_POINTS[steps - 1], facts)
    return Reason("district_other", 0, facts)


def _wage(wishes: Wishes, offer: Offer) -> Reason:
    facts = {"desired": wishes.wage, "offered": offer.wage}
    if wishes.wage is None:
        return Reason("wage_open", WAGE_POINTS, facts)
    if offer.wage is None:
        return Reason("wage_not_said", 0, facts)
    if offer.wage >= wishes.wage:
        return Reason("wage_meets", WAGE_POINTS, facts)
    return Reason("wage_below", 0, facts)


def _employment(wishes: Wishes, offer: Offer) -> Reason:
    facts = {"employment": offer.employment}
    if not wishes.employment:
        return Reason("employment_open", EMPLOYMENT_POINTS, facts)
    if offer.employment in wishes.employment:
        return Reason("employment_wanted", EMPLOYMENT_POINTS, facts)
    return Reason("employment_not_wanted", 0, facts)


def _career(wishes: Wishes) -> Reason:
    """A point for every two years, up to ten."""
    years = wishes.career_years or 0
    return Reason("career", min(years, MOST_CAREER_YEARS) // 2, {"years": years})


def _waiting(wishes: Wishes, on: date) -> Reason:
    """A point for each full thirty days of waiting, up to twelve."""
    days = max((on - wishes.waiting_since).days, 0) if wishes.waiting_since else 0
    return Reason("waiting", min(days // 30, MOST_WAITING_MONTHS), {"days": days})


def _sos_care(wishes: Wishes, offer: Offer) -> tuple[Reason, ...]:
    """Put public jobs, fixed-term work and public works first for who is in SOS-Care; of others nothing is said."""
    if not wishes.sos_care:
        return ()
    facts = {"sector": offer.sector, "employment": offer.employment}
    if offer.is_public_job:
        return (Reason("sos_care_public_first", SOS_CARE_POINTS, facts),)
    return (Reason("sos_care_private", 0, facts),)


def _refused(refusal: Refusal) -> Reason:
    return Reason("refused_before", REFUSED_POINTS, {"answer": refusal.answer, "reason": refusal.reason})
