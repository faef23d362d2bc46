"""Why a plan can't be met: each function is pure, and gives a reason for everything that it finds.

Most hold a count against another: those are made by the keys of both.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from operator import attrgetter

from contracts.codes import AGE_BANDS, OCCUPATIONS, Occupation
from contracts.targets import TARGET_MEASURES
from jobplus.replay.drawing.interns import completed, converted, placed_elsewhere
from jobplus.replay.drawing.occupations import MOST_OPENINGS, fewest_unplaced, fewest_vacancies
from jobplus.replay.planning.model import Plan
from jobplus.replay.planning.shares import age_counts, counts_printing

Reasons = Iterable[str]

_SUMS: Mapping[str, Callable[[Plan], int]] = {
    "the sum of placed.by_occupation,": lambda plan: sum(plan.placed.by_occupation.values()),
    "internships: converted in all": converted,
}
"""Counts that have no key of their own, by how they are named in a reason."""


def within(part: str, whole: str) -> Callable[[Plan], Reasons]:
    """Give what tells where a count is over another, of which it is a part; each by its key, or a name of `_SUMS`."""
    return lambda plan: _over(_count(part, plan), part, _count(whole, plan), whole)


def without(key: str, needed_by: str) -> Callable[[Plan], Reasons]:
    """Give what tells where there is nothing of what another count needs."""

    def reasons(plan: Plan) -> Iterator[str]:
        if _count(key, plan) == 0 and (count := _count(needed_by, plan)):
            yield f"{key} is 0, but there are {count} {needed_by}"

    return reasons


def with_nobody(key: str, name: str) -> Callable[[Plan], Reasons]:
    """Give what tells where there are some, though nobody is registered."""

    def reasons(plan: Plan) -> Iterator[str]:
        if (count := _count(key, plan)) and not plan.registered:
            yield f"there are {count} {name}, but nobody is registered"

    return reasons


def no(key: str, *needed_by: str) -> Callable[[Plan], Reasons]:
    """Give what tells where there is nobody for what needs them."""

    def reasons(plan: Plan) -> Iterator[str]:
        needing = [needs.partition(".")[0] for needs in needed_by if _count(needs, plan)]
        if needing and not _count(key, plan):
            yield f"{key} is 0, but there are {' and '.join(needing)}"

    return reasons


def _count(name: str, plan: Plan) -> int | None:
    return _SUMS[name](plan) if name in _SUMS else attrgetter(name)(plan)


def _over(part: int | None, part_name: str, whole: int | None, whole_name: str) -> Iterator[str]:
    if part is not None and whole is not None and part > whole:
        yield f"{part_name} {part} is over {whole_name} {whole}"


def dates(plan: Plan) -> Reasons:
    if plan.from_ > plan.to:
        yield f"from {plan.from_} is after to {plan.to}"


def occupations_under_placed(plan: Plan) -> Reasons:
    named = sum(plan.placed.by_occupation.values())
    if len(plan.placed.by_occupation) == len(OCCUPATIONS) and named < plan.placed.total:
        yield f"placed.by_occupation names all and sums up to {named}, not to placed.total {plan.placed.total}"


def shares_of_nobody(plan: Plan) -> Reasons:
    if plan.placed.by_age_percent and not plan.placed.total:
        yield "placed.by_age_percent has shares, but nobody is placed"


def shares_by_themselves(plan: Plan) -> Reasons:
    total = plan.placed.total
    for band, share in plan.placed.by_age_percent.items():
        if total and not counts_printing(share, total):
            yield f"placed.by_age_percent {band}: no whole number of {total} placed prints as {share} %"


def shares_together(plan: Plan) -> Reasons:
    total, shares = plan.placed.total, plan.placed.by_age_percent
    each_prints = total and all(counts_printing(share, total) for share in shares.values())
    if each_prints and shares and age_counts(total, shares) is None:
        whole = "add up to" if len(shares) == len(AGE_BANDS) else "fit into"
        listed = ", ".join(f"{band} {share} %" for band, share in shares.items())
        yield f"placed.by_age_percent: no whole numbers that print as {listed} {whole} {total} placed"


def channels(plan: Plan) -> Reasons:
    if plan.sessions.by_channel is not None:
        held = sum(plan.sessions.by_channel.values())
        if held != plan.sessions.total:
            yield f"sessions.by_channel sums up to {held}, not to all {plan.sessions.total} sessions"


def vacancies_under_placements(plan: Plan) -> Reasons:
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


def converted_over_completed(plan: Plan) -> Reasons:
    for each in plan.internships:
        yield from _over(each.converted, f"internships {each.year}: converted", each.completed, "completed")


def internships_over_referrals(plan: Plan) -> Reasons:
    ended = sum(each.completed - each.converted for each in plan.internships if each.converted <= each.completed)
    # Without any it is what placed over referrals tells.
    if ended:
        referred = plan.placed.total + ended
        yield from _over(referred, "placed.total + completed - converted interns,", plan.referrals, "referrals")


def internships_over_referred(plan: Plan) -> Reasons:
    referred, name = (plan.registered, "registered") if plan.referred is None else (plan.referred, "referred")
    # Interns who are converted are among the placed: then it is what converted over placed tells.
    if completed(plan) > converted(plan):
        yield from _over(completed(plan), "internships: completed in all, each by another person,", referred, name)


def internships_over_the_young(plan: Plan) -> Reasons:
    total, shares = plan.placed.total, plan.placed.by_age_percent
    by_age = plan.placed.by_age or (age_counts(total, shares) if total and shares else None)
    if by_age is not None:
        interns = converted(plan) + placed_elsewhere(plan, _most_referred(plan))
        name = "internships: interns who are placed, all of them 29 at most,"
        yield from _over(interns, name, by_age["-29"], "the -29 placed")


def internships_on_one_day(plan: Plan) -> Reasons:
    if plan.from_ == plan.to and (interns := placed_elsewhere(plan, _most_referred(plan))):
        yield f"internships: {interns} who serve one in vain are placed, too, which a period of one day has no room for"


def _most_referred(plan: Plan) -> int:
    return min(plan.registered, plan.referrals) if plan.referred is None else plan.referred


def surveys_over_served(plan: Plan) -> Reasons:
    served = min(plan.registered, plan.sessions.job) + plan.sessions.startup
    for each in plan.surveys:
        yield from _over(each.asked, f"surveys {each.on}: asked", served, "the most who can have had a session,")


def scores(plan: Plan) -> Reasons:
    for each in plan.surveys:
        # An answer from 1 to 5 gives 0, 25, 50, 75 or 100 points: so many of 4 quarters for each who answers. From 250
        # answers on every score is printed by some, so that no more need be tried.
        if not any(counts_printing(each.score, 4 * answers) for answers in range(1, min(each.asked, 250) + 1)):
            yield f"surveys {each.on}: no answers of {each.asked} persons score {each.score} points"


def top_occupations(plan: Plan) -> Reasons:
    top = plan.unplaced_top_occupations
    if top is None:
        return
    for code, times in Counter(top.codes).items():
        if times > 1:
            yield f"unplaced_top_occupations: {code} stands there {times} times"
    if date(top.year, 12, 31) > plan.to:
        yield f"unplaced_top_occupations {top.year}: the year is not over by {plan.to}"
    at_the_end = date(top.year, 12, 31) >= plan.to
    converted = sum(each.converted for each in plan.internships if each.year <= top.year)
    unplaced = plan.registered - (plan.placed.total if at_the_end else converted)
    yield from _over(
        fewest_unplaced(top.codes), "unplaced_top_occupations: that order takes persons:", unplaced, "the unplaced"
    )


def years(plan: Plan) -> Reasons:
    years = [(f"internships {each.year}", each.year) for each in plan.internships]
    years += [(f"targets {each.year} {each.measure}", each.year) for each in plan.targets]
    if top := plan.unplaced_top_occupations:
        years.append((f"unplaced_top_occupations {top.year}", top.year))
    for name, year in years:
        if plan.from_ <= plan.to and year not in plan.years:
            yield f"{name}: the year is outside {plan.from_} to {plan.to}"


def survey_days(plan: Plan) -> Reasons:
    for each in plan.surveys:
        if plan.from_ <= plan.to and not plan.from_ <= each.on <= plan.to:
            yield f"surveys {each.on}: the day is outside {plan.from_} to {plan.to}"


def said_twice(plan: Plan) -> Reasons:
    counts = Counter([f"internships {each.year}" for each in plan.internships])
    counts.update(f"targets {each.year} {each.measure}" for each in plan.targets)
    for name, times in counts.items():
        if times > 1:
            yield f"{name}: stands there {times} times"


def target_values(plan: Plan) -> Reasons:
    for each in plan.targets:
        if each.is_percentage and each.value > 100:
            yield f"targets {each.year} {each.measure}: {each.value} % is over 100 %"
        if not each.is_percentage and each.value % 1:
            yield f"targets {each.year} {each.measure}: {each.value} is no whole number"


def target_measures(plan: Plan) -> Reasons:
    for each in plan.targets:
        if each.measure not in TARGET_MEASURES:
            yield f"targets {each.year} {each.measure}: no such measure; there are {', '.join(TARGET_MEASURES)}"
