"""The docs are what the code says, and no event causes itself through others."""

import importlib.util
import re
import shutil
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from contracts import EVENTS, TOPICS

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_files_are_current(generate: ModuleType) -> None:
    assert generate.outdated() == []


def test_a_generated_file_that_is_changed_or_missing_is_named(
    generate: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in generate.FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "docs" / "listens.md").unlink()
    interface = tmp_path / "openapi" / "intake.json"
    interface.write_text(interface.read_text().replace('"/seekers"', '"/seeker"'))
    figures = tmp_path / "docs" / "figures.md"
    page = figures.read_text()
    figures.write_text(page.replace("| businesses launched |", "| firms |", 1))
    monkeypatch.setattr(generate, "ROOT", tmp_path)
    assert generate.outdated() == ["docs/listens.md", "docs/figures.md", "openapi/intake.json"]
    assert generate.figures() == page, "what is written by hand stays"


@pytest.mark.parametrize("service", ["intake", "matching", "followup", "reporting", "feed"])
def test_a_services_story_tells_what_it_hears_publishes_and_is_asked(generate: ModuleType, service: str) -> None:
    story = list(generate.readmes.told_in_stories(service))
    publishes = any(topic.owner == service for topic in TOPICS)
    assert any((service, "kafka") == ((who, whom) if publishes else (whom, who)) for who, whom, _ in story)
    for who, whom, what in story:
        if whom == "kafka":
            events = re.findall(r"\b[A-Z][a-z]+[A-Z]?\w+", what)
            assert events, what
            owners = {EVENTS[f"jobplus.{event}"].topic.owner for event in events}
            assert owners <= ({who} if who in generate.SERVICES else set(generate.SERVICES) - {service}), what
        elif who == "kafka":
            event = what.split(":")[0]
            heard = {one.event.__name__ for one in generate.blueprint_of(whom).subscriptions}
            assert event in heard or (event == "every event" and generate.blueprint_of(whom).topics), what
        elif whom in generate.SERVICES:
            assert what in generate.doors_of(whom), what
        else:
            assert who in generate.SERVICES, what


@pytest.mark.parametrize("service", ["intake", "matching", "followup", "reporting", "feed"])
def test_a_published_schema_is_named_by_no_module(service: str) -> None:
    schemas = yaml.safe_load((ROOT / "openapi" / f"{service}.json").read_text())["components"]["schemas"]
    assert [name for name in schemas if "__" in name] == []


def test_a_problem_types_uri_means_one_thing(generate: ModuleType) -> None:
    declared = [problem for problem, _ in generate.problem_types()]
    uris = [problem.uri for problem in dict.fromkeys(declared)]
    assert len(uris) > 40
    assert len(uris) == len(set(uris))


def test_no_event_causes_itself_through_others(generate: ModuleType) -> None:
    causes: dict[str, set[str]] = {}
    for service in generate.SERVICES:
        for subscription in generate.blueprint_of(service).subscriptions:
            causes.setdefault(subscription.event.type, set()).update(event.type for event in subscription.causes)

    def reached(start: str) -> set[str]:
        found: set[str] = set()
        ahead = set(causes.get(start, ()))
        while ahead:
            event = ahead.pop()
            found.add(event)
            ahead |= causes.get(event, set()) - found
        return found

    assert [event for event in causes if event in reached(event)] == []


@pytest.mark.parametrize("file", ["docker-compose.yml", "deploy/cluster.yml", "tests/compose/override.yml"])
def test_compose_files_set_no_setting_that_nobody_knows(generate: ModuleType, file: str) -> None:
    known = {f"JOBPLUS_{name.upper()}" for s in generate.SERVICES for name in generate.settings_of(s).model_fields}
    services = yaml.safe_load((ROOT / file).read_text())["services"]
    used = {name for service in services.values() for name in service.get("environment", {}) if "JOBPLUS_" in name}
    assert used
    assert used <= known


def test_the_compose_files_versions_are_the_projects() -> None:
    version = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    named = re.findall(r"^JOBPLUS_(\w+)_VERSION=(.+)$", (ROOT / ".env").read_text(), re.MULTILINE)
    assert version
    assert dict(named) == dict.fromkeys(("INTAKE", "MATCHING", "FOLLOWUP", "REPORTING", "FEED", "TOPICS"), version[1])


def test_the_base_compose_file_is_for_production_and_the_tests_change_nothing_but_that() -> None:
    base = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    override = yaml.safe_load((ROOT / "tests/compose/override.yml").read_text())
    environments = [service["environment"] for name, service in base.items() if "JOBPLUS_CLOCK" in str(service)]
    assert {(e["JOBPLUS_ENVIRONMENT"], e["JOBPLUS_CLOCK"]) for e in environments} == {("production", "system")}
    no_limits = {
        "JOBPLUS_REQUEST_LIMITS": "none",
        "JOBPLUS_ADDRESS_LIMIT": "none",
        "JOBPLUS_OPEN_LIMIT": "none",
        "JOBPLUS_REGISTRATIONS": "0",
    }
    changed = {"environment": {"JOBPLUS_ENVIRONMENT": "test", "JOBPLUS_CLOCK": "simulated", **no_limits}}
    assert all(service == changed for service in override["services"].values())
    assert set(override["services"]) <= set(base)


def test_each_process_names_what_it_needs_until_it_ends_so_that_this_ends_after_it() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    lasting = [name for name, one in services.items() if "profiles" in one and not name.endswith("-migrate")]
    running = {name: services[name]["depends_on"] for name in lasting}
    assert len(running) == 17
    for name, needed in running.items():
        assert {"postgres"} if name.endswith("-api") else {"postgres", "kafka"} <= needed.keys(), name


def test_every_link_in_the_docs_leads_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)}: {link}"
        for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "contracts").glob("*.md")]
        for link in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text())
        if "://" not in link and not (page.parent / link).exists()
    ]
    assert broken == []


def test_every_dependency_is_explained() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = {
        re.split(r"[\[=<>]", requirement)[0]
        for group in project["optional-dependencies"].values()
        for requirement in group
    } - {"jobplus"}
    page = (ROOT / "docs" / "dependencies.md").read_text()
    assert [name for name in sorted(named) if f"`{name}`" not in page] == []
