"""Days before the centre opened are refused for whatever goes on in it, in every service, by hand and in imports."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import orjson
import pytest

from tests.kit import forms
from tests.kit.client import StackClient
from tests.stacks import Stacks

OPENED = date(2009, 1, 28)
EVE = "2009-01-27"
TODAY = date(2009, 4, 20)
"""Before an unanswered referral of the opening day expires."""
SERVICES = ("intake", "matching", "followup")
REFUSED = (422, "date-before-opened")
ID = "0190c0de-0000-7000-8000-000000000001"
JOB = {"occupation": "02", "sector": "private", "employment": "permanent"}
ASSESSED = {"work_habits": 4, "job_goal": 2, "vocational_skills": 3}
LEFT = {"outcome": "left", "reason": "resigned"}
SURVEY = {"asked": 1, "period_from": "2008-07-01", "period_to": "2008-12-31"}

Case = tuple[str, str, dict[str, Any]]


@pytest.fixture(scope="module")
def calling(stacks: Stacks) -> Iterator[StackClient]:
    with stacks.running("opened", SERVICES, durable=False, settings={"OPENED_ON": str(OPENED)}) as running:
        made = StackClient(running)
        made.move_to(TODAY, SERVICES)
        yield made


@pytest.fixture(scope="module")
def ids(calling: StackClient) -> dict[str, Any]:
    """Somebody who is placed, who is referred and accepted, and who is an intern; each begun on the opening day."""
    day = {"occurred_on": str(OPENED)}
    made: dict[str, Any] = {"counsellor": _id(calling, "intake", "/counsellors", forms.counsellor(**day))}
    made["employer"] = _id(calling, "intake", "/employers", forms.employer(**day))
    for name, terms in (("job", {}), ("interns", {"employment": "internship", "converts": True})):
        vacancy = forms.vacancy(made["employer"], openings=9, **terms, **day)
        made[name] = _id(calling, "matching", "/vacancies", vacancy)
    for name, vacancy in (("placed", "job"), ("accepted", "job"), ("intern", "interns"), ("completed", "interns")):
        made[name] = _id(calling, "intake", "/seekers", forms.seeker(birth_date="1985-05-14", **day))
        referral = {"seeker_id": made[name], "vacancy_id": made[vacancy], **day}
        made[f"{name} referral"] = _id(calling, "matching", "/referrals", referral)
        calling.made("matching", f"/referrals/{made[f'{name} referral']}/answer", {"answer": "accepted"})
    made["placement"] = _id(calling, "matching", f"/referrals/{made['placed referral']}/placement", day)
    for name in ("intern", "completed"):
        made[f"{name} internship"] = _id(calling, "matching", f"/referrals/{made[f'{name} referral']}/internship", day)
    calling.made("matching", f"/internships/{made['completed internship']}/completion", day)
    return made


def _id(calling: StackClient, service: str, path: str, form: dict[str, Any]) -> str:
    answer = calling.made(service, path, form)
    return next(value for name, value in answer.items() if name.endswith("_id"))


def on_the_eve(ids: dict[str, Any]) -> list[Case]:
    """What goes on in the centre, each on the day before it opened."""
    day = {"occurred_on": EVE}
    firm, seeker, other = ids["employer"], ids["placed"], ids["accepted"]
    referral, accepted = {"seeker_id": other, "vacancy_id": ids["interns"]}, ids["accepted referral"]
    plan = {"openings": 3, "occupations": ["02"], "hire_by": str(TODAY)}
    visit = {"employer_id": firm, "officials": 1}
    return [
        ("intake", "/counsellors", forms.counsellor(**day)),
        ("intake", f"/counsellors/{ids['counsellor']}/departure", day),
        ("intake", "/seekers", forms.seeker(**day)),
        ("intake", "/sessions", forms.session(seeker, ids["counsellor"], **day)),
        ("intake", "/employers", forms.employer(**day)),
        ("intake", f"/employers/{firm}/departure", day),
        ("intake", f"/employers/{firm}/plan-requests", {"channel": "call", **day}),
        ("intake", f"/employers/{firm}/hiring-plans", {**plan, **day}),
        ("intake", "/prospects", forms.employer(**day)),
        ("intake", f"/seekers/{seeker}/consents", {"purpose": "employers", "given": True, "text_version": "t1", **day}),
        ("intake", f"/seekers/{seeker}/sos-care", day),
        ("intake", f"/seekers/{seeker}/care-assessments", {**ASSESSED, **day}),
        ("matching", "/vacancies", forms.vacancy(firm, **day)),
        ("matching", "/visits", {**visit, **day}),
        ("matching", "/referrals", {**referral, **day}),
        ("matching", f"/referrals/{accepted}/withdrawal", {"reason": "other", **day}),
        ("matching", f"/referrals/{accepted}/placement", day),
        ("matching", f"/referrals/{accepted}/internship", day),
        ("matching", f"/seekers/{other}/self-found", {**JOB, **day}),
        ("matching", f"/internships/{ids['intern internship']}/breaking-off", {"by": "intern", **day}),
        ("matching", f"/internships/{ids['intern internship']}/completion", day),
        ("matching", f"/internships/{ids['completed internship']}/conversion", day),
        ("matching", f"/placements/{ids['placement']}/correction", {"reason": "never_started", **day}),
        ("followup", f"/placements/{ids['placement']}/ending", {"reason": "resigned", **day}),
    ]


def rows_on_the_eve(ids: dict[str, Any]) -> list[Case]:
    """The same as rows of an earlier system, and the days that only rows have."""
    day, early = {"occurred_on": EVE}, {"occurred_on": str(OPENED)}
    referral = {"seeker_id": ids["accepted"], "vacancy_id": ids["interns"]}
    return [
        ("intake", "/counsellors/bulk", forms.counsellor(**day)),
        ("intake", "/employers/bulk", forms.employer(**day)),
        ("intake", "/seekers/bulk", forms.seeker(**day)),
        ("intake", "/sessions/bulk", forms.session(ids["placed"], ids["counsellor"], **day)),
        ("intake", "/launches/bulk", {"client_id": ids["placed"], **day}),
        ("matching", "/vacancies/bulk", forms.vacancy(ids["employer"], **day)),
        ("matching", "/referrals/bulk", {**referral, **day}),
        ("matching", "/referrals/bulk", {**referral, **early, "answer": "accepted", "answered_on": EVE}),
        ("matching", "/placements/bulk", {"referral_id": ids["accepted referral"], **day}),
        ("matching", "/self-found/bulk", {"seeker_id": ids["accepted"], **JOB, **day}),
        ("matching", "/vacancies/closings/bulk", {"vacancy_id": ids["job"], "reason": "expired", **day}),
        ("followup", "/contacts/bulk", {"placement_id": ids["placement"], "step": "1w", **LEFT, **day}),
    ]


def test_what_goes_on_in_the_centre_is_refused_on_the_eve_and_nothing_is_kept(
    calling: StackClient, ids: dict[str, Any]
) -> None:
    for service, path, form in on_the_eve(ids):
        reply = calling.ask(service, path, form)
        assert (path, reply.problem) == (path, (*REFUSED, ["occurred_on"]))
        assert reply.json["facts"] == {"opened_on": str(OPENED)}


def test_so_are_the_rows_of_an_import(calling: StackClient, ids: dict[str, Any]) -> None:
    for service, path, row in rows_on_the_eve(ids):
        (told,) = calling.ask(service, f"{path}?imported=true", orjson.dumps(row)).json["refused"]
        field = "answered_on" if row.get("answered_on") else "occurred_on"
        assert (path, told["type"], told["field"]) == (path, "urn:jobplus:problem:date-before-opened", field)


def test_a_survey_is_of_the_centres_time_but_may_ask_about_an_earlier_one(calling: StackClient) -> None:
    for day, taken in ((EVE, 0), (str(OPENED), 1)):
        row = orjson.dumps({**SURVEY, "answered_3": 1, "occurred_on": day})
        answer = calling.post("followup", "/surveys/bulk?imported=true", row, role="evaluator").json
        assert (day, answer["accepted"]) == (day, taken)


def test_on_the_opening_day_somebody_registers_whose_last_job_had_ended_before(calling: StackClient) -> None:
    last_job = {"last_job_ended_on": "2008-12-31", "last_job_end_reason": "firm_closed"}
    form = forms.seeker(occurred_on=str(OPENED), birth_date="1950-01-01", **last_job)
    assert calling.made("intake", "/seekers", form)["seeker_id"]
