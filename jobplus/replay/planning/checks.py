"""What a plan can't say, as an ordered table: each check is pure, and gives a reason for everything that it finds.

A plan that passes can be met by a history; what is refused, and why, is told in docs/figures.md.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from contracts.codes import AGE_BANDS, OCCUPATIONS, Occupation
from contracts.targets import TARGET_MEASURES
from jobplus.replay.drawing.interns import beside_placement, completed, converted
from jobplus.replay.drawing.occupations import MOST_OPENINGS, fewest_unplaced, fewest_vacancies
from jobplus.replay.planning.model import Plan
from jobplus.replay.planning.shares import age_counts, counts_printing

Reasons = Iterable[str]


@dataclass(frozen=True, slots=True)
class Check:
    """A check by its name, and the plan's keys that must be well-formed for it to tell anything true.

    A key whose malformed part could only add to the refusal is not among them.
    """

    name: str
    reasons: Callable[[Plan], Reasons]
    needs: tuple[str, ...]
    also_scaled: bool = True
    """Whether a scaled plan has to meet it too: percentages, scores and the top occupations are only shown there."""


def refusals(plan: Plan, *, scaled: bool = False, malformed: frozenset[str] = frozenset()) -> list[str]:
    """Give every reason why the plan can't be met, in the table's order; checks of what is malformed are left out."""
    return [
        reason
        for check in CHECKS
        if (check.also_scaled or not scaled) and not any(_touch(key, path) for key in check.needs for path in malformed)
        for reason in check.reasons(plan)
    ]


def _touch(key: str, path: str) -> bool:
    return not path or f"{key}.".startswith(f"{path}.") or f"{path}.".startswith(f"{key}.")


def _over(part: int | None, part_name: str, whole: int | None, whole_name: str) -> Iterator[str]:
    if part is not None and whole is not None and part > whole:
        yield f"{part_name} {part} is over {whole_name} {whole}"


def _dates(plan: Plan) -> Reasons:
    if plan.from_ > plan.to:
        yield f"from {plan.from_} is after to {plan.to}"


def _placed_over_registered(plan: Plan) -> Reasons:
    return _over(plan.placed.total, "placed.total", plan.registered, "registered")


def _placed_over_referrals(plan: Plan) -> Reasons:
    return _over(plan.placed.total, "placed.total", plan.referrals, "referrals")


def _placed_over_referred(plan: Plan) -> Reasons:
    return _over(plan.placed.total, "placed.total", plan.referred, "referred")


def _referred_over_registered(plan: Plan) -> Reasons:
    return _over(plan.referred, "referred", plan.registered, "registered")


def _referred_over_referrals(plan: Plan) -> Reasons:
    return _over(plan.referred, "referred", plan.referrals, "referrals")


def _referrals_of_nobody(plan: Plan) -> Reasons:
    if plan.referrals and plan.referred == 0:
        yield f"referred is 0, but there are {plan.referrals} referrals"


def _referrals_with_nobody_registered(plan: Plan) -> Reasons:
    if plan.referrals and not plan.registered:
        yield f"there are {plan.referrals} referrals, but nobody is registered"


def _occupations_over_placed(plan: Plan) -> Reasons:
    named = sum(plan.placed.by_occupation.values())
    return _over(named, "the sum of placed.by_occupation,", plan.placed.total, "placed.total")


def _occupations_under_placed(plan: Plan) -> Reasons:
    named = sum(plan.placed.by_occupation.values())
    if len(plan.placed.by_occupation) == len(OCCUPATIONS) and named < plan.placed.total:
        yield f"placed.by_occupation names all and sums up to {named}, not to placed.total {plan.placed.total}"


def _shares_of_nobody(plan: Plan) -> Reasons:
    if plan.placed.by_age_percent and not plan.placed.total:
        yield "placed.by_age_percent has shares, but nobody is placed"


def _shares_by_themselves(plan: Plan) -> Reasons:
    total = plan.placed.total
    for band, share in plan.placed.by_age_percent.items():
        if total and not counts_printing(share, total):
            yield f"placed.by_age_percent {band}: no whole number of {total} placed prints as {share} %"


def _shares_together(plan: Plan) -> Reasons:
    total, shares = plan.placed.total, plan.placed.by_age_percent
    each_prints = total and all(counts_printing(share, total) for share in shares.values())
    if each_prints and shares and age_counts(total, shares) is None:
        whole = "add up to" if len(shares) == len(AGE_BANDS) else "fit into"
        listed = ", ".join(f"{band} {share} %" for band, share in shares.items())
        yield f"placed.by_age_percent: no whole numbers that print as {listed} {whole} {total} placed"


def _job_sessions_with_nobody(plan: Plan) -> Reasons:
    if plan.sessions.job and not plan.registered:
        yield f"there are {plan.sessions.job} job sessions, but nobody is registered"


def _channels(plan: Plan) -> Reasons:
    if plan.sessions.by_channel is not None:
        held = sum(plan.sessions.by_channel.values())
        if held != plan.sessions.total:
            yield f"sessions.by_channel sums up to {held}, not to all {plan.sessions.total} sessions"


def _launches_over_sessions(plan: Plan) -> Reasons:
    return _over(plan.launches, "launches", plan.sessions.startup, "sessions.startup")


def _vacancies_under_placements(plan: Plan) -> Reasons:
    # Whoever isn't in an occupation that the plan names is in at least one other.
    placed: dict[Occupation, int] = {code: count for code, count in plan.placed.by_occupation.items() if count}
    free = plan.placed.free_occupations
    if free and plan.placed.unnamed > 0:
        placed[free[0]] = plan.placed.unnamed
    fewest = fewest_vacancies(plan, placed)
    if plan.vacancies is not None and plan.vacancies < fewest:
        yield (
            f"vacancies {plan.vacancies} are fewer than the {fewest} that the placements need: one for each occupation "
            f"placed in, and for each {MOST_OPENINGS} in it"
            f"{'; interns need their own' if completed(plan) else ''}"
        )


def _referrals_without_vacancies(plan: Plan) -> Reasons:
    if plan.referrals and plan.vacancies == 0:
        yield f"vacancies is 0, but there are {plan.referrals} referrals"


def _no_employer(plan: Plan) -> Reasons:
    needed_by = [name for name, count in (("vacancies", plan.vacancies), ("referrals", plan.referrals)) if count]
    if needed_by and not plan.employers:
        yield f"employers is 0, but there are {' and '.join(needed_by)}"


def _no_counsellor(plan: Plan) -> Reasons:
    needed_by = [name for name, count in (("sessions", plan.sessions.total), ("referrals", plan.referrals)) if count]
    if needed_by and not plan.counsellors:
        yield f"counsellors is 0, but there are {' and '.join(needed_by)}"


def _converted_over_completed(plan: Plan) -> Reasons:
    for each in plan.internships:
        yield from _over(each.converted, f"internships {each.year}: converted", each.completed, "completed")


def _converted_over_placed(plan: Plan) -> Reasons:
    converted = sum(each.converted for each in plan.internships)
    return _over(converted, "internships: converted in all", plan.placed.total, "placed.total")


def _internships_over_referrals(plan: Plan) -> Reasons:
    ended = sum(each.completed - each.converted for each in plan.internships if each.converted <= each.completed)
    # Without any it is what placed over referrals tells.
    if ended:
        referred = plan.placed.total + ended
        yield from _over(referred, "placed.total + completed - converted interns,", plan.referrals, "referrals")


def _internships_over_referred(plan: Plan) -> Reasons:
    referred, name = (plan.registered, "registered") if plan.referred is None else (plan.referred, "referred")
    # Interns who are converted are among the placed: then it is what converted over placed tells.
    if completed(plan) > converted(plan):
        yield from _over(completed(plan), "internships: completed in all, each by another person,", referred, name)


def _internships_over_the_young(plan: Plan) -> Reasons:
    total, shares = plan.placed.total, plan.placed.by_age_percent
    by_age = plan.placed.by_age or (age_counts(total, shares) if total and shares else None)
    if by_age is not None:
        interns = converted(plan) + beside_placement(plan, _most_referred(plan))
        name = "internships: interns who are placed, all of them 29 at most,"
        yield from _over(interns, name, by_age["-29"], "the -29 placed")


def _internships_on_one_day(plan: Plan) -> Reasons:
    if plan.from_ == plan.to and (interns := beside_placement(plan, _most_referred(plan))):
        yield f"internships: {interns} who serve one in vain are placed, too, which a period of one day has no room for"


def _most_referred(plan: Plan) -> int:
    return min(plan.registered, plan.referrals) if plan.referred is None else plan.referred


def _surveys_over_served(plan: Plan) -> Reasons:
    served = min(plan.registered, plan.sessions.job) + plan.sessions.startup
    for each in plan.surveys:
        yield from _over(each.asked, f"surveys {each.on}: asked", served, "the most who can have had a session,")


def _scores(plan: Plan) -> Reasons:
    for each in plan.surveys:
        # An answer from 1 to 5 gives 0, 25, 50, 75 or 100 points: so many of 4 quarters for each who answers. From 250
        # answers on every score is printed by some, so that no more need be tried.
        if not any(counts_printing(each.score, 4 * answers) for answers in range(1, min(each.asked, 250) + 1)):
            yield f"surveys {each.on}: no answers of {each.asked} persons score {each.score} points"


def _top_occupations(plan: Plan) -> Reasons:
    top = plan.unplaced_top_occupations
    if top is None:
        return
    for code, times in Counter(top.codes).items():
        if times > 1:
            yield f"unplaced_top_occupations: {code} stands there {times} times"
    if date(top.year, 12, 31) > plan.to:
        yield f"unplaced_top_occupations {top.year}: the year is not over by {plan.to}"
    at_the_end = date(top.year, 12, 31) >= plan.to
    unplaced = plan.registered - plan.placed.total if at_the_end else plan.registered
    yield from _over(
        fewest_unplaced(top.codes), "unplaced_top_occupations: that order takes persons:", unplaced, "the unplaced"
    )


def _years(plan: Plan) -> Reasons:
    years = [(f"internships {each.year}", each.year) for each in plan.internships]
    years += [(f"targets {each.year} {each.measure}", each.year) for each in plan.targets]
    if top := plan.unplaced_top_occupations:
        years.append((f"unplaced_top_occupations {top.year}", top.year))
    for name, year in years:
        if plan.from_ <= plan.to and year not in plan.years:
            yield f"{name}: the year is outside {plan.from_} to {plan.to}"


def _survey_days(plan: Plan) -> Reasons:
    for each in plan.surveys:
        if plan.from_ <= plan.to and not plan.from_ <= each.on <= plan.to:
            yield f"surveys {each.on}: the day is outside {plan.from_} to {plan.to}"


def _said_twice(plan: Plan) -> Reasons:
    said = Counter([f"internships {each.year}" for each in plan.internships])
    said.update(f"targets {each.year} {each.measure}" for each in plan.targets)
    for name, times in said.items():
        if times > 1:
            yield f"{name}: stands there {times} times"


def _target_values(plan: Plan) -> Reasons:
    for each in plan.targets:
        if each.is_percentage and each.value > 100:
            yield f"targets {each.year} {each.measure}: {each.value} % is over 100 %"
        if not each.is_percentage and each.value % 1:
            yield f"targets {each.year} {each.measure}: {each.value} is no whole number"


def _target_measures(plan: Plan) -> Reasons:
    for each in plan.targets:
        if each.measure not in TARGET_MEASURES:
            yield f"targets {each.year} {each.measure}: no such measure; there are {', '.join(TARGET_MEASURES)}"


CHECKS = (
    Check("dates", _dates, ("from", "to")),
    Check("placed over registered", _placed_over_registered, ("registered",)),
    Check("placed over referrals", _placed_over_referrals, ("referrals",)),
    Check("placed over referred", _placed_over_referred, ()),
    Check("referred over registered", _referred_over_registered, ("registered",)),
    Check("referred over referrals", _referred_over_referrals, ("referrals",)),
    Check("referrals of nobody", _referrals_of_nobody, ()),
    Check("referrals with nobody registered", _referrals_with_nobody_registered, ("registered",)),
    Check("occupations over placed", _occupations_over_placed, ("placed.total",)),
    Check("occupations under placed", _occupations_under_placed, ()),
    Check("shares of nobody", _shares_of_nobody, ("placed.total",), also_scaled=False),
    Check("shares by themselves", _shares_by_themselves, (), also_scaled=False),
    Check("shares together", _shares_together, (), also_scaled=False),
    Check("job sessions with nobody", _job_sessions_with_nobody, ("registered",)),
    Check("channels", _channels, ("sessions.job", "sessions.startup", "sessions.by_channel")),
    Check("launches over start-up sessions", _launches_over_sessions, ("sessions.startup",)),
    Check("vacancies under placements", _vacancies_under_placements, ("placed.by_occupation",)),
    Check("referrals without vacancies", _referrals_without_vacancies, ()),
    Check("no employer", _no_employer, ("employers",)),
    Check("no counsellor", _no_counsellor, ("counsellors",)),
    Check("converted over completed", _converted_over_completed, ()),
    Check("converted over placed", _converted_over_placed, ("placed.total",)),
    Check("internships over referrals", _internships_over_referrals, ("referrals",)),
    Check("internships over referred", _internships_over_referred, ("registered",)),
    Check("internships over the young", _internships_over_the_young, ("registered", "referrals")),
    Check("internships on one day", _internships_on_one_day, ("registered", "referrals", "from", "to")),
    Check("surveys over served", _surveys_over_served, ("registered", "sessions.job", "sessions.startup")),
    Check("scores", _scores, (), also_scaled=False),
    Check("top occupations", _top_occupations, ("registered", "to"), also_scaled=False),
    Check("years", _years, ("from", "to")),
    Check("survey days", _survey_days, ("from", "to")),
    Check("said twice", _said_twice, ()),
    Check("target values", _target_values, ()),
    Check("target measures", _target_measures, ()),
)
