"""A plan made smaller, or larger: wholes by the factor, half up; parts by largest remainder; and checked again."""

import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from contracts.codes import AGE_BANDS, CHANNELS
from jobplus.replay.planning.checks import refusals
from jobplus.replay.planning.model import Internships, Placed, Plan, PlanRefused, Sessions, Survey, Target
from jobplus.replay.planning.shares import apportion, half_up


def parse_scale(text: str) -> Fraction:
    """Read a factor over 0, as `1/20`, `0.05` or `1`; over 1 makes a plan larger. Raises PlanRefused."""
    if re.fullmatch(r"[0-9]{1,9}(/0*[1-9][0-9]{0,8}|\.[0-9]{1,9})?", text, re.ASCII) and (factor := Fraction(text)) > 0:
        return factor
    raise PlanRefused([f"scale: a number over 0 is expected, as 1/20 or 0.05, not {text!r}"])


def scale(plan: Plan, factor: Fraction) -> Plan:
    """Give the plan at a factor over 0; at 1 the plan itself. Raises PlanRefused where it can't be met so."""
    if factor == 1:
        return plan
    scaled = _scaled(plan, factor)
    if reasons := refusals(scaled, scaled=True):
        raise PlanRefused([f"at scale {factor}: {reason}" for reason in reasons])
    return scaled


def _scaled(plan: Plan, factor: Fraction) -> Plan:
    def times(count: int) -> int:
        return half_up(count * factor)

    sessions = replace(plan.sessions, job=times(plan.sessions.job), startup=times(plan.sessions.startup))
    return replace(
        plan,
        employers=max(times(plan.employers), min(plan.employers, 1)),
        registered=times(plan.registered),
        placed=_placed(plan.placed, times(plan.placed.total)),
        sessions=_by_channel(sessions),
        referrals=times(plan.referrals),
        launches=times(plan.launches),
        vacancies=None if plan.vacancies is None else times(plan.vacancies),
        referred=None if plan.referred is None else times(plan.referred),
        internships=tuple(_internships(each, times(each.completed)) for each in plan.internships),
        surveys=tuple(Survey(each.on, times(each.asked), each.score) for each in plan.surveys),
        targets=tuple(_target(each, factor) for each in plan.targets),
    )


def _placed(placed: Placed, total: int) -> Placed:
    codes = sorted(placed.by_occupation)
    parts = apportion(total, [*(placed.by_occupation[code] for code in codes), placed.unnamed])
    by_age = placed.by_age
    if by_age is not None:
        by_age = dict(zip(AGE_BANDS, apportion(total, [by_age[band] for band in AGE_BANDS]), strict=True))
    return replace(placed, total=total, by_occupation=dict(zip(codes, parts[:-1], strict=True)), by_age=by_age)


def _by_channel(sessions: Sessions) -> Sessions:
    """Split the sessions, scaled already, as their channels did."""
    by_channel = sessions.by_channel
    if by_channel is None:
        return sessions
    parts = apportion(sessions.total, [by_channel.get(channel, 0) for channel in CHANNELS])
    split = {channel: part for channel, part in zip(CHANNELS, parts, strict=True) if channel in by_channel}
    return replace(sessions, by_channel=split)


def _target(target: Target, factor: Fraction) -> Target:
    return target if target.is_percentage else replace(target, value=Decimal(half_up(int(target.value) * factor)))


def _internships(internships: Internships, completed: int) -> Internships:
    parts = apportion(completed, [internships.converted, internships.completed - internships.converted])
    return replace(internships, completed=completed, converted=parts[0])
