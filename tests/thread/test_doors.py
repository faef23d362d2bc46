"""Every route of every service, asked by every role: without a token, by roles that may not, of what is one's own and
of what is another's. Two counsellors and two firms have each what the other has, too."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from itertools import chain
from typing import Any, NamedTuple, get_args

import pytest

from chassis.http.access import Door
from docs.generate import doors_of
from jobplus.stack.keys import Bearer, Role
from tests.kit import forms
from tests.kit.client import Reply, StackClient
from tests.kit.waiting import until
from tests.stacks import SOON, Stacks

NUMBERS = {"letter_id", "position", "unsent_id", "republication_id"}
"""Ids in paths that are numbers."""
YOUNG = "1985-05-14"
NOBODYS = str(uuid.uuid4())
OF_ANOTHER = {(403, "seeker-of-another"), (403, "not-oneself"), (404, "unknown-id")}
LISTS = {
    "intake": ("/seekers",),
    "matching": ("/referrals", "/internships", "/vacancies"),
    "followup": ("/contacts", "/supports"),
}


class Side(NamedTuple):
    """A counsellor and a firm, and by the name of its parameter each record of theirs."""

    counsellor: Bearer
    firm: Bearer
    seekers: tuple[str, ...]
    ids: dict[str, str]
    session: dict[str, Any]
    vacancy: dict[str, Any]

    def of(self, role: Role) -> Bearer:
        return {"counsellor": self.counsellor, "employer": self.firm}[role]


class Route(NamedTuple):
    service: str
    method: str
    path: str
    door: Door
    operation: dict[str, Any]


@pytest.fixture(scope="module")
def calling(stacks: Stacks) -> Iterator[StackClient]:
    with stacks.running("doors", settings=SOON, feed=True) as running:
        yield StackClient(running)


@pytest.fixture(scope="module")
def routes(calling: StackClient) -> list[Route]:
    """Every operation that the running services publish, with its door; one without a door is found here."""
    found: list[Route] = []
    for service in calling.stack.services:
        interface, doors = calling.get(service, "/openapi.json").json, dict(doors_of(service))
        schemas = interface["components"]["schemas"]
        for path, methods in interface["paths"].items():
            for method, operation in methods.items():
                operation["form"] = _example(operation, schemas)
                found.append(Route(service, method.upper(), path, doors.pop(f"{method.upper()} {path}"), operation))
        assert not doors
    return found


def _example(operation: dict[str, Any], schemas: dict[str, Any]) -> Any:
    content = operation.get("requestBody", {}).get("content", {})
    name = content.get("application/json", {}).get("schema", {}).get("$ref", "").rpartition("/")[2]
    return schemas[name]["examples"][0] if name else None


@pytest.fixture(scope="module")
def sides(calling: StackClient) -> tuple[Side, Side]:
    made = [_people(calling) for _ in range(2)]
    calling.settle()
    day = calling.today("followup") + timedelta(days=40)
    calling.move_to(day, ("followup",))
    calling.settle()
    for side in made:
        side.ids["contact_id"] = _named(calling, "contacts", side.seekers[1], "contact_id")
        side.ids["support_id"] = _named(calling, "supports", side.seekers[3], "support_id")
    return made[0], made[1]


def _people(calling: StackClient) -> Side:
    """A counsellor and their seekers: who is referred, placed, an intern, in care; and a firm."""
    counsellor = calling.made("intake", "/counsellors", forms.counsellor())["counsellor_id"]
    number = forms.business_number()
    joining = Bearer("employer", business_number=number)
    firm = calling.made("intake", "/employers", forms.employer(business_number=number), role=joining)["employer_id"]
    plan = {"hire_by": "2099-06-30", "occupations": ["02"], "openings": 12}
    plan_id = calling.made("intake", f"/employers/{firm}/hiring-plans", plan, role=Bearer("employer", firm))["plan_id"]
    seekers = tuple(_seeker(calling, counsellor) for _ in range(4))
    form = forms.vacancy(firm, openings=9)
    vacancy = calling.made("matching", "/vacancies", form, role=Bearer("employer", firm))["vacancy_id"]
    referral = _referred(calling, seekers[0], vacancy)
    placed = _accepted(calling, _referred(calling, seekers[1], vacancy), "placement")
    trial = forms.vacancy(firm, employment="internship", converts=True, openings=9)
    youth = calling.made("matching", "/vacancies", trial)["vacancy_id"]
    intern = _accepted(calling, _referred(calling, seekers[2], youth), "internship")
    assert calling.made("intake", f"/seekers/{seekers[3]}/sos-care", {"hardship": "illness"})["granted"]
    course = _course(calling, seekers[0])
    public = calling.made(
        "matching", "/vacancies", forms.vacancy(firm, sector="public", employment="public_works", openings=9)
    )["vacancy_id"]
    until(
        lambda: calling.get("matching", f"/seekers/{seekers[3]}/vacancies").body,
        "matching has heard of the care",
        lambda ranked: b"sos_care_public_first" in ranked,
    )
    _accepted(calling, _referred(calling, seekers[3], public), "placement")
    ids = {
        "seeker_id": seekers[0],
        "client_id": seekers[0],
        "course_id": course,
        "counsellor_id": counsellor,
        "employer_id": firm,
        "business_number": number,
        "plan_id": plan_id,
        "vacancy_id": vacancy,
        "referral_id": referral,
        "placement_id": placed["placement_id"],
        "internship_id": intern["internship_id"],
    }
    session = forms.session(seekers[0], counsellor)
    return Side(Bearer("counsellor", counsellor), Bearer("employer", firm), seekers, ids, session, form)


def _seeker(calling: StackClient, counsellor: str) -> str:
    """One who could be an intern, and in SOS-Care."""
    form = forms.seeker(birth_date=YOUNG, dependants=2, other_earners=0, income_band="low")
    seeker = calling.made("intake", "/seekers", form)["seeker_id"]
    calling.made("intake", f"/seekers/{seeker}/counsellor", {"counsellor_id": counsellor})
    return seeker


def _referred(calling: StackClient, seeker: str, vacancy: str) -> str:
    return calling.made("matching", "/referrals", {"seeker_id": seeker, "vacancy_id": vacancy})["referral_id"]


def _accepted(calling: StackClient, referral: str, becomes: str) -> Any:
    calling.made("matching", f"/referrals/{referral}/answer", {"answer": "accepted"})
    return calling.made("matching", f"/referrals/{referral}/{becomes}", {})


def _course(calling: StackClient, seeker: str) -> str:
    scores = {"work_habits": 3, "job_goal": 3, "vocational_skills": 1}
    calling.made("intake", f"/seekers/{seeker}/care-assessments", scores)
    course = {"course": "office_software", "hours": 60, "stage": "training"}
    return calling.made("intake", f"/seekers/{seeker}/courses", course)["course_id"]


def _named(calling: StackClient, what: str, seeker: str, name: str) -> str:
    listed = until(
        lambda: [one for one in calling.get("followup", f"/{what}?limit=500").json[what] if one["seeker_id"] == seeker],
        f"the {what} of {seeker} are due",
    )
    return listed[0][name]


def _ask(calling: StackClient, route: Route, who: Any, ids: dict[str, str], side: Side | None = None) -> Reply:
    """Ask at a route, its path and its form filled with ids of records; a dry run where there are rows."""
    path = route.path
    for name in [one["name"] for one in route.operation.get("parameters", ()) if one["in"] == "path"]:
        path = path.replace("{" + name + "}", "1" if name in NUMBERS else ids.get(name, NOBODYS))
    query = {one["name"] for one in route.operation.get("parameters", ()) if one["in"] == "query" and one["required"]}
    asked = "&".join(f"{name}={ids.get(name, NOBODYS)}" for name in query)
    headers = {**calling.bearing(who), "Idempotency-Key": str(uuid.uuid4())}
    if route.method == "GET":
        return calling.send(route.service, "GET", f"{path}?{asked}" if asked else path, None, headers)
    headers["Content-Type"] = "application/json"
    if "if-match" in {one["name"].lower() for one in route.operation.get("parameters", ()) if one["in"] == "header"}:
        headers["If-Match"] = '"1"'
    form = _filled(route, ids, side)
    return calling.send(route.service, route.method, path, forms.encoded(form), headers)


def _filled(route: Route, ids: dict[str, str], side: Side | None) -> Any:
    if side is not None and route.path == "/sessions":
        return side.session
    if side is not None and route.path == "/vacancies":
        return side.vacancy
    if side is not None and route.path == "/employers":
        return forms.employer(business_number=side.ids["business_number"])
    form = route.operation["form"]
    return {name: ids.get(name, value) for name, value in form.items()} if isinstance(form, dict) else form


def test_without_a_token_nothing_is_answered_and_a_role_without_a_door_finds_none(
    calling: StackClient, routes: list[Route]
) -> None:
    for route in routes:
        assert calling.send(route.service, route.method, route.path.replace("{", "").replace("}", "")).status == 401
        for role in get_args(Role):
            code = _ask(calling, route, role, {}).code
            if not route.door.held(role):
                assert (code == "not-allowed") == (role not in route.door.roles), (route[:3], role, code)


def test_lists_show_ones_own_and_nothing_of_another(calling: StackClient, sides: tuple[Side, Side]) -> None:
    own, other = sides
    for service, path in chain.from_iterable([(service, path) for path in paths] for service, paths in LISTS.items()):
        asker = own.firm if path == "/vacancies" else own.counsellor
        marks = (
            ([own.ids["employer_id"]], [other.ids["employer_id"]])
            if path == "/vacancies"
            else (
                own.seekers,
                other.seekers,
            )
        )
        shown = calling.get(service, f"{path}?limit=500", role=asker).body.decode()
        assert any(mark in shown for mark in marks[0]), (path, shown)
        assert not any(mark in shown for mark in marks[1]), path


def test_what_is_anothers_is_closed_and_what_is_ones_own_is_open(
    calling: StackClient, routes: list[Route], sides: tuple[Side, Side]
) -> None:
    own, other = sides
    tried = 0
    for route, role in _held(routes):
        if not _names_a_record(route):
            continue
        asker = own.of(role)
        refusal = _ask(calling, route, asker, other.ids, other)
        expected = {"employer": {(404, "unknown-id")}, "counsellor": OF_ANOTHER}[role]
        assert (refusal.status, refusal.code) in expected, (route[:3], role, refusal)
        tried += 1
    for route, role in _held(routes):
        if _names_a_record(route):
            reply = _ask(calling, route, own.of(role), own.ids, own)
            assert (reply.status, reply.code) not in OF_ANOTHER, (route[:3], role, reply)
    assert tried > 40


def _held(routes: list[Route]) -> Iterator[tuple[Route, Role]]:
    for route in routes:
        for role in get_args(Role):
            if role in route.door.roles and route.door.held(role) and role != "evaluator":
                yield route, role


def _names_a_record(route: Route) -> bool:
    by_form = route.method == "POST" and route.path in {"/referrals", "/vacancies", "/employers", "/links", "/codes"}
    return "{" in route.path or by_form or route.path in {"/sessions", "/launches"}
