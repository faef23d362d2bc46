"""Writes what the docs say of the code: `python docs/generate.py [--check]`.

docs/listens.md   who listens to what, from each service's subscriptions
docs/settings.md  every setting of every service, from the settings classes
docs/problems.md  every problem type that an interface may answer with, from the code that refuses
docs/access.md  who may use which route, and whose records they find there, from the door that each endpoint declares
docs/figures.md  its tables, of figures, measures, shares, and of what the replay draws and counts, by
  docs/figures_tables.py; the rest is written by hand
services/reporting/figures/measures.py  the names of the measures, from the rows
docs/glossary.md  its table of events, from the events; the rest is written by hand
docs/import-columns.md  the columns of every table that can be imported, from the forms
services/SERVICE/README.md, chassis/README.md  what each is for, its topics and its rooms, by docs/readmes.py
jobplus/importing/columns.json  the same for the command that imports them, and for the templates that it writes
jobplus/site/listening.json  which services listen to an event, for its page on the partners' site
openapi/SERVICE.json  the HTTP interface of each service as it serves it at /openapi.json, from its routers and forms
"""

import csv
import json
import os
import pkgutil
import re
import sys
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from fastapi.routing import APIRoute
from pydantic_core import PydanticUndefined

import chassis.problems
from chassis.batch.owners import EVERYBODY, NOBODY, Owner
from chassis.http.access import Doors
from chassis.http.commands import AS_ALONE
from chassis.problems import ProblemType
from chassis.running.service import Blueprint, interface
from chassis.running.service import doors_of as doors_of_blueprint
from chassis.running.settings import ServiceSettings
from contracts import EVENTS
from contracts.owners import RULES
from docs import figures_tables, readmes
from docs.regions import filled, marks
from jobplus.importing.kinds import KINDS, reference_of

ROOT = Path(__file__).parents[1]
SERVICES = ("intake", "matching", "followup", "reporting", "feed")
KEPT_AS = {
    "reporting": "entered into the ledger and the figures",
    "feed": "entered into the logs of the partners that it is granted to",
}
"""What becomes of events in services that take in whole topics."""


def settings_of(service: str) -> type[ServiceSettings]:
    """The settings class of a service."""
    module = import_module(f"services.{service}.settings")
    return next(
        kind
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, ServiceSettings) and kind.__module__ == module.__name__
    )


def blueprint_of(service: str) -> Blueprint:
    """The blueprint of a service, with its settings' defaults."""
    kind = settings_of(service)
    defaults = {n: f.default for n, f in kind.model_fields.items() if f.default is not PydanticUndefined}
    return import_module(f"services.{service}.bootstrap").blueprint(kind.model_construct(None, **defaults))


def _told(policy: Any) -> str:
    """Name a policy by its slice: services.followup.contacts.policies gives contacts.plan_contacts; of the
    chassis by its module."""
    parts = policy.__module__.split(".")
    return f"{parts[2] if parts[0] == 'services' else parts[-1]}.{policy.__qualname__.split('.')[0]}"


def listens() -> str:
    """The table of who listens to what."""
    lines = [
        "# Who listens to what",
        "",
        "Written by `python docs/generate.py` from each service's `subscriptions.py`.",
        "",
        "| service | topic | event | what follows | may cause |",
        "|---|---|---|---|---|",
    ]
    for service in SERVICES:
        blueprint = blueprint_of(service)
        for subscription in blueprint.subscriptions:
            event = subscription.event
            told = _told(subscription.policy)
            causes = ", ".join(f"`{cause.__name__}`" for cause in subscription.causes) or "no event"
            lines.append(f"| {service} | `{event.topic.name}` | `{event.__name__}` | `{told}` | {causes} |")
        for topic in blueprint.topics:
            lines.append(f"| {service} | `{topic}` | every event | {KEPT_AS[service]} | no event |")
        if not blueprint.subscriptions and not blueprint.topics:
            lines.append(f"| {service} | | nothing | | |")
    return "\n".join(lines) + "\n"


def listening() -> str:
    """Which services listen to each event."""
    found: dict[str, list[str]] = {name: [] for name in sorted(kind.__name__ for kind in EVENTS.values())}
    for service in SERVICES:
        blueprint = blueprint_of(service)
        heard = {each.event.__name__ for each in blueprint.subscriptions}
        heard |= {kind.__name__ for kind in EVENTS.values() if kind.topic.name in blueprint.topics}
        for name in heard:
            found[name].append(service)
    return json.dumps(found, indent=1) + "\n"


def settings() -> str:
    """The table of settings."""
    lines = [
        "# Settings",
        "",
        "Written by `python docs/generate.py` from the settings classes. All come from the environment. A wrong or"
        " missing one stops the process at once with a line that names it.",
        "",
        "| setting | services | type | default | meaning |",
        "|---|---|---|---|---|",
    ]
    found: dict[str, tuple[list[str], Any]] = {}
    for service in SERVICES:
        for name, field in settings_of(service).model_fields.items():
            found.setdefault(name, ([], field))[0].append(service)
    for name, (services, field) in found.items():
        whose = "all" if len(services) == len(SERVICES) else ", ".join(services)
        default = "needed" if field.default is PydanticUndefined else f"`{field.default}`"
        # What Python 3.11 calls pathlib.Path is pathlib._local.Path to Python 3.13.
        kind = re.sub(r"typing\.|datetime\.|pathlib\.(_local\.)?", "", str(field.annotation)).replace("|", "or")
        kind = field.annotation.__name__ if isinstance(field.annotation, type) else kind
        lines.append(f"| `JOBPLUS_{name.upper()}` | {whose} | {kind} | {default} | {field.description} |")
    return "\n".join(lines) + "\n"


def problem_types() -> list[tuple[ProblemType, str]]:
    """Every problem type that is declared, with the service that it belongs to: `all` where it is the chassis's."""
    found: dict[tuple[ProblemType, str], None] = {}
    for package in ("chassis", *(f"services.{service}" for service in SERVICES)):
        for module in pkgutil.walk_packages(import_module(package).__path__, f"{package}."):
            if module.name.endswith("__main__"):
                continue
            for value in vars(import_module(module.name)).values():
                if isinstance(value, ProblemType):
                    owner = "all" if value in vars(chassis.problems).values() else package.removeprefix("services.")
                    found[value, owner] = None
    order = ("all", *SERVICES)
    return sorted(found, key=lambda each: (order.index(each[1]), each[0].code))


def problems() -> str:
    """The table of problem types."""
    lines = [
        "# Problem types",
        "",
        "Written by `python docs/generate.py` from the code. An error is answered as `application/problem+json` (RFC"
        " 9457): its `type` is the URI here, which never changes; `detail` and `errors` name the field and the reason.",
        "",
        "| type | status | services | what it means |",
        "|---|---|---|---|",
        *(f"| `{problem.uri}` | {problem.status} | {owner} | {problem.title} |" for problem, owner in problem_types()),
    ]
    return "\n".join(lines) + "\n"


def rows_bodies() -> dict[tuple[str, str], dict[str, Any]]:
    """The bodies of requests with many rows, by service and path, as OpenAPI has them."""
    return {
        (service, route.path): route.openapi_extra["requestBody"]
        for service in SERVICES
        for router in blueprint_of(service).routers
        for route in router.routes
        if isinstance(route, APIRoute) and "x-columns" in (route.openapi_extra or {}).get("requestBody", {})
    }


def columns_for_import() -> str:
    """The columns of every kind as the command has them, which may not import the services' forms."""
    described = rows_bodies()
    found: dict[str, list[dict[str, Any]]] = {}
    for kind in KINDS:
        body = described[kind.service, kind.path]
        (example,) = csv.DictReader(body["content"]["text/csv"]["example"].splitlines())
        found[kind.name] = [
            {
                **{part: column[part] for part in ("name", "kind", "needed", "codes")},
                "example": example.get(column["name"], ""),
            }
            for column in body["x-columns"]
        ]
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def columns() -> str:
    """The columns of every kind of table."""
    lines = [
        "# Columns of the tables that can be imported",
        "",
        "Written by `python docs/generate.py` from the forms. [import.md](import.md) tells how they are used. Every"
        " table may also have the column `ref`: the row's number in the earlier system.",
    ]
    described = rows_bodies()
    for kind in KINDS:
        lines += ["", f"## {kind.name}", "", f"`POST {kind.path}` of {kind.service}.", ""]
        lines += ["| column | needed | holds |", "|---|---|---|"]
        for column in described[kind.service, kind.path]["x-columns"]:
            name, holds = column["name"], column["holds"].replace("|", "\\|")
            if reference := reference_of(name):
                name, holds = reference, f"the ref of an earlier row; or `{name}`, its id here"
            elif name.endswith("_id"):
                holds = "an id here: no table brings in what it names"
            lines.append(f"| `{name}` | {'yes' if column['needed'] else ''} | {holds} |")
    return "\n".join(lines) + "\n"


def openapi(service: str) -> str:
    """The HTTP interface of a service; what changes in it is a line of a diff."""
    return json.dumps(interface(blueprint_of(service)).openapi(), ensure_ascii=False, indent=2) + "\n"


def doors_of(service: str) -> Doors:
    """The doors of a service, those for the operator among them."""
    return doors_of_blueprint(blueprint_of(service))


def access() -> str:
    """The table of who may do what."""
    rules = [EVERYBODY, NOBODY, AS_ALONE, *(Owner(*rule) for rule in RULES)]
    lines = [
        "# Who may do what",
        "",
        "Written by `python docs/generate.py` from the doors that endpoints declare, which are all that is asked. A",
        "token names the role. Whose records somebody finds behind a route is its owner rule:",
        "",
        "| owner rule | what it says | held to it |",
        "|---|---|---|",
        *(f"| {rule.name} | {rule.meaning} | {', '.join(sorted(rule.bound))} |" for rule in rules),
        "",
        "What isn't one's own is answered to an employer as if it weren't there (404), and refused to staff with the",
        "reason (403). Where a service hears whose a seeker is from another, it says no only when it has read all",
        "there was to hear within the last 2 s; otherwise it asks to come again (409, `Retry-After`).",
        "",
        "`HEAD` of a route that is asked by `GET`, and of health, is answered as that, without the body.",
    ]
    for service in SERVICES:
        lines += ["", f"## {service}", "", "| route | roles | owner rule |", "|---|---|---|"]
        lines += [
            f"| `{route}` | {', '.join(door.roles)} | {door.owner.name} |" for route, door in doors_of(service).items()
        ]
    return "\n".join(lines) + "\n"


def figures() -> str:
    """The page of the figures, with its tables as the rows have them."""
    return figures_tables.page(ROOT)


def glossary() -> str:
    """The glossary, with the table of events."""
    page = ROOT / "docs" / "glossary.md"
    rows = (
        f"| {kind.korean} | `{kind.__name__}` | {' '.join((kind.__doc__ or '').partition('.')[0].split())} |"
        for kind in EVENTS.values()
    )
    lines = ["| Korean | event | what it says |", "|---|---|---|", *rows]
    return filled("docs/glossary.md", page.read_text(), *marks("events"), lines)


def measures() -> str:
    """The module of the figures' words, with the names of the measures as the rows have them."""
    return figures_tables.names(ROOT)


def readme(service: str) -> str:
    """The README of a service."""
    return readmes.of_service(service, blueprint_of(service))


FILES = {
    figures_tables.NAMES: measures,
    "docs/listens.md": listens,
    "docs/settings.md": settings,
    "docs/problems.md": problems,
    figures_tables.PAGE: figures,
    "docs/glossary.md": glossary,
    "docs/import-columns.md": columns,
    "jobplus/importing/columns.json": columns_for_import,
    "jobplus/site/listening.json": listening,
    "docs/access.md": access,
    **{f"services/{service}/README.md": partial(readme, service) for service in SERVICES},
    "chassis/README.md": readmes.of_chassis,
    **{f"openapi/{service}.json": partial(openapi, service) for service in SERVICES},
}


def outdated() -> list[str]:
    """The files that differ from what the code says."""
    return [name for name, text in FILES.items() if not (ROOT / name).exists() or (ROOT / name).read_text() != text()]


if __name__ == "__main__":
    stale = outdated()
    if "--check" in sys.argv:
        print("\n".join(f"{name} is out of date: run python docs/generate.py" for name in stale), file=sys.stderr)
        sys.exit(1 if stale else 0)
    if figures_tables.NAMES in stale:  # it is imported as it was: only a new process knows the new names
        (ROOT / figures_tables.NAMES).write_text(measures())
        os.execv(sys.executable, [sys.executable, *sys.argv])
    for name in stale:
        (ROOT / name).parent.mkdir(exist_ok=True)
        (ROOT / name).write_text(FILES[name]())
        print(name)
