"""What breaks who reads is refused, by name, with what to do instead; what they can do without is not."""

import json
import shutil
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from contracts.compatible import interfaces
from contracts.compatible.__main__ import main
from contracts.compatible.breaks import Break, schema_breaks
from contracts.compatible.changes import changed
from contracts.compatible.events import document_of, event_breaks
from contracts.compatible.interfaces import OASDIFF, NoOasdiff, interface_breaks
from contracts.compatible.versions import wrong_version
from contracts.event import EVENTS
from contracts.generate.revisions import releases, revisions
from contracts.generate.schemas import schema_of, schemas_of_all
from contracts.notices import NOTICES, TrainingCompleted
from tests.contracts.samples import HOME

PLACED = schema_of(EVENTS["jobplus.Placed"])
TODAY = date(2026, 11, 29)
OPENAPI = HOME.parent / "openapi"
Change = Callable[[Any], object]
needs_oasdiff = pytest.mark.skipif(not OASDIFF.exists(), reason="oasdiff is missing: install Go, then make setup")


def _person(schema: Any) -> Any:
    return schema["$defs"]["Bands"]


def _found(change: Change) -> list[tuple[str, str]]:
    """Change the present schema of Placed; gives where it breaks readers, and why."""
    present = deepcopy(PLACED)
    change(present)
    return [(one.place, one.reason) for one in schema_breaks("Placed.json", PLACED, present)]


@pytest.mark.parametrize(
    ("change", "place", "reason"),
    [
        (lambda now: now["properties"].pop("wage"), "wage", "gone or has another name"),
        (lambda now: _person(now)["properties"].pop("gender"), "person.gender", "gone or has another name"),
        (lambda now: now["properties"]["wanted"].update(type="string"), "wanted", "type was 'boolean' and is 'string'"),
        (lambda now: now["properties"]["wage"].update(minimum=1), "wage", "minimum was 0 and is 1"),
        (lambda now: now["properties"]["seeker_id"].pop("format"), "seeker_id", "format was 'uuid' and is not said"),
        (lambda now: now["properties"]["imported"].update(default=True), "imported", "default was False and is True"),
        (lambda now: now["required"].append("wage"), "wage", "has to be there now"),
        (lambda now: now["required"].remove("wanted"), "wanted", "may be absent now"),
        (lambda now: now["properties"].update(team={}) or now["required"].append("team"), "team", "is new and has to"),
        (lambda now: now["$defs"]["Occupation"]["enum"].remove("24"), "occupation", "the code 24 is gone"),
        (lambda now: now["$defs"]["Occupation"]["enum"].append("25"), "occupation", "edition is still Occupation:1"),
        (lambda now: now["properties"]["sector"].pop("enum"), "sector", "list of codes in one of the two only"),
        (
            lambda now: _person(now)["properties"]["wanted_occupations"].update(items={"type": "integer"}),
            "person.wanted_occupations[]",
            "type was 'string' and is 'integer'",
        ),
        (
            lambda now: _person(now)["properties"]["wanted_occupations"].pop("minItems"),
            "person.wanted_occupations",
            "minItems was 1 and is not said",
        ),
    ],
)
def test_a_schema_that_breaks_readers_is_refused_where_it_does(change: Change, place: str, reason: str) -> None:
    found = _found(change)
    assert [where for where, _ in found if where == place], found
    assert any(reason in why for where, why in found if where == place), found


def _with_a_code_more(now: Any) -> None:
    now["$defs"]["Occupation"]["enum"].append("25")
    now["$defs"]["Occupation"]["x-edition"] = "Occupation:2"


@pytest.mark.parametrize(
    "change",
    [
        lambda now: now["properties"].update(commute_minutes={"type": "integer", "minimum": 0}),
        lambda now: _person(now)["properties"].update(household={"enum": ["one"], "type": "string"}),
        _with_a_code_more,
        lambda now: now["properties"]["wage"].update(description="Other words."),
        lambda now: now["properties"].update(sector={"allOf": [now["properties"]["sector"]], "description": "Its."}),
    ],
)
def test_what_readers_can_do_without_passes(change: Change) -> None:
    assert _found(change) == []


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The contracts and interfaces with one release, which is as they are: tests change what was released."""
    made = tmp_path / "contracts"
    shutil.copytree(HOME, made, ignore=shutil.ignore_patterns("released", "__pycache__"))
    release = made / "released" / "1"
    (made / "CHANGELOG.md").write_text(
        "# What changed\n\n## Coming\n\nNothing.\n\n## 1 of 2026-11-29, version 1.0.0\n\nThe first.\n"
    )
    for samples in (HOME / "samples", HOME / "notices" / "samples"):
        shutil.copytree(samples, release / "samples", dirs_exist_ok=True)
    shutil.copytree(OPENAPI, release / "openapi")
    shutil.copytree(OPENAPI, tmp_path / "openapi")
    shutil.copy(HOME / "asyncapi.yaml", release)
    (release / "schemas").mkdir()
    for name, schema in schemas_of_all().items():
        (release / "schemas" / f"{name}.json").write_text(json.dumps(schema))
    return made


def _edit(path: Path, change: Change) -> None:
    document = json.loads(path.read_text("utf-8"))
    change(document)
    path.write_text(json.dumps(document))


def _breaks(home: Path, today: date = TODAY) -> list[Break]:
    return [one for release in releases(home) for one in event_breaks(release, home, today)]


def test_what_is_as_it_was_released_breaks_nobody(home: Path) -> None:
    assert _breaks(home) == []
    assert [*changed(home / "released" / "1", home, OPENAPI)] == []


def test_every_release_is_held_against_not_only_the_last(home: Path) -> None:
    shutil.copytree(home / "released" / "1", home / "released" / "10")
    shutil.copytree(home / "released" / "1", home / "released" / "9")
    first = home / "released" / "1" / "schemas" / "jobplus.Placed.json"
    _edit(first, lambda schema: schema["properties"].update(bonus={"type": "integer"}))
    assert [str(one) for one in _breaks(home)] == [
        "contracts/released/1/schemas/jobplus.Placed.json: bonus: the field is gone or has another name. "
        "Instead: keep it, or publish a new type beside it (contracts/upcasters.py says how the old one is read)."
    ]
    assert [folder.name for folder in releases(home)] == ["1", "9", "10"]


def test_a_notice_that_is_stable_is_held_against_what_was_released(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    schema = home / "released" / "1" / "schemas" / "partners.TrainingCompleted.json"
    _edit(schema, lambda released: released["required"].remove("hours"))
    assert _breaks(home) == []
    assert [*changed(home / "released" / "1", home, OPENAPI)] == ["partners.TrainingCompleted"]
    assert revisions(home)["partners.TrainingCompleted"] == 2
    _edit(schema, lambda released: released.update({"x-stability": "stable"}))
    assert [one.reason for one in _breaks(home)] == ["it is a draft again"]
    monkeypatch.setattr(TrainingCompleted, "stability", "stable")
    assert [(one.place, one.reason) for one in _breaks(home)] == [
        ("hours", "it has to be there now, and events that were published lack it")
    ]
    sample = home / "released" / "1" / "samples" / "partners.TrainingCompleted.json"
    _edit(sample, lambda told: told["data"].pop("hours"))
    assert any("can't be read any more: partners.TrainingCompleted: hours" in one.reason for one in _breaks(home))


def _hired(home: Path, stability: str) -> None:
    schema = {**PLACED, "$id": "urn:jobplus:schema:Hired:1", "x-stability": stability}
    (home / "released" / "1" / "schemas" / "jobplus.Hired.json").write_text(json.dumps(schema))


def test_an_event_that_is_gone_is_refused_and_a_draft_may_go(home: Path) -> None:
    _hired(home, "draft")
    assert _breaks(home) == []
    _hired(home, "stable")
    assert [(one.place, one.reason) for one in _breaks(home)] == [("jobplus.Hired", "the event is gone")]


def test_an_event_may_end_that_is_still_read_when_its_announced_day_has_come(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _hired(home, "stable")
    monkeypatch.setattr("contracts.compatible.events.UPCASTERS", {"jobplus.Hired": ("jobplus.Placed", dict)})
    assert len(_breaks(home)) == 1
    changelog = home / "CHANGELOG.md"
    ends, told = "- `jobplus.Hired` ends on 2027-11-29.\n", changelog.read_text("utf-8")
    changelog.write_text(told.replace("## Coming\n", f"## Coming\n\n{ends}"))
    assert len(_breaks(home, date(2028, 1, 1))) == 1, "what is only coming was announced to nobody"
    changelog.write_text(told + ends)
    assert len(_breaks(home, date(2027, 11, 28))) == 1
    assert _breaks(home, date(2027, 11, 29)) == []
    changelog.write_text(told + ends.replace("2027-11-29", "2027-11-28"))
    assert len(_breaks(home, date(2028, 1, 1))) == 1, "a year's notice was not given"


def test_a_stable_event_stays_stable_and_a_draft_may_change(home: Path) -> None:
    schemas = home / "released" / "1" / "schemas"
    _edit(schemas / "jobplus.FlagRaised.json", lambda schema: schema.update({"x-stability": "stable"}))
    _edit(schemas / "jobplus.SeekerChanged.json", lambda schema: schema["properties"].update(mood={"type": "string"}))
    assert [(one.place, one.reason) for one in _breaks(home)] == [("jobplus.FlagRaised", "it is a draft again")]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"wage": "much"}, "it can't be read any more: jobplus.Placed: wage: "),
        ({"commute_minutes": 20}, "it is lost in reading"),
    ],
)
def test_a_sample_that_was_released_is_read_for_ever(home: Path, fields: dict[str, Any], reason: str) -> None:
    sample = home / "released" / "1" / "samples" / "jobplus.Placed.json"
    _edit(sample, lambda event: event["data"].update(fields))
    (found,) = _breaks(home)
    assert found.file == "contracts/released/1/samples/jobplus.Placed.json"
    assert found.reason.startswith(reason)


def _header(document: Any) -> Any:
    return document["components"]["schemas"]["CloudEventHeaders"]


@pytest.mark.parametrize(
    ("change", "place", "reason"),
    [
        (lambda was: was["channels"]["cases"]["bindings"]["kafka"].update(partitions=6), "jobplus.cases", "partitions"),
        (
            lambda was: was["channels"]["profiles"]["bindings"]["kafka"].update(
                topicConfiguration={"cleanup.policy": ["delete"], "retention.ms": -1}
            ),
            "jobplus.profiles",
            "topicConfiguration was",
        ),
        (lambda was: was["channels"]["cases"].update(address="jobplus.jobs"), "jobplus.jobs", "the topic is gone"),
        (
            lambda was: was["channels"]["visits"]["messages"].update(Placed={}),
            "jobplus.visits Placed",
            "isn't on the topic any more",
        ),
        (
            lambda was: was["components"]["messages"]["Placed"]["bindings"]["kafka"].update(key={"type": "string"}),
            "jobplus.cases Placed",
            "its key is another",
        ),
        (
            lambda was: _header(was)["properties"].update(ce_partner={"type": "string"}),
            "jobplus.cases Placed ce_partner",
            "gone or has another name",
        ),
        (
            lambda was: _header(was)["required"].append("ce_centre"),
            "jobplus.cases Placed ce_centre",
            "may be absent now",
        ),
    ],
)
def test_a_channel_that_breaks_readers_is_refused(home: Path, change: Change, place: str, reason: str) -> None:
    released = home / "released" / "1"
    document = document_of(released)
    change(document)
    (released / "asyncapi.yaml").write_text(yaml.safe_dump(document))
    found = [one for one in _breaks(home) if one.place == place]
    assert found
    assert reason in found[0].reason


def test_an_event_and_a_header_more_break_nobody_and_are_told(home: Path) -> None:
    release = home / "released" / "1"
    document: Any = document_of(release)
    del document["channels"]["cases"]["messages"]["Placed"], document["components"]["messages"]["Placed"]
    del _header(document)["properties"]["ce_traceparent"]
    (release / "asyncapi.yaml").write_text(yaml.safe_dump(document))
    (release / "schemas" / "jobplus.Placed.json").unlink()
    assert _breaks(home) == []
    assert [*changed(release, home, OPENAPI)] == ["jobplus.Placed"]


def _with_more(document: Any) -> None:
    """Have had an address, and a field in an answer."""
    document["paths"]["/contacts/calls"] = document["paths"]["/contacts/bulk"]
    document["components"]["schemas"]["EmploymentView"]["properties"]["bonus"] = {"type": "integer"}


def _with_less(document: Any) -> None:
    """Have had no such address, and not that field in an answer."""
    del document["paths"]["/contacts/bulk"]
    view = document["components"]["schemas"]["EmploymentView"]
    del view["properties"]["sector"]
    view["required"].remove("sector")


def _with_another_version(document: Any) -> None:
    document["info"]["version"] = "another"


@needs_oasdiff
def test_an_interface_that_breaks_who_asks_is_refused_and_additions_pass(home: Path) -> None:
    release = home / "released" / "1"
    _edit(release / "openapi" / "followup.json", _with_less)
    assert [*interface_breaks(release, OPENAPI)] == []
    assert [*changed(release, home, OPENAPI)] == ["openapi/followup.json"]
    shutil.copy(OPENAPI / "followup.json", release / "openapi")
    _edit(release / "openapi" / "followup.json", _with_more)
    found = [*interface_breaks(release, OPENAPI)]
    assert {one.file for one in found} == {"contracts/released/1/openapi/followup.json"}
    assert "POST /contacts/calls" in {one.place for one in found}


@needs_oasdiff
def test_an_interface_that_is_gone_is_refused(home: Path) -> None:
    shutil.copy(OPENAPI / "followup.json", home / "released" / "1" / "openapi" / "payroll.json")
    assert [one.reason for one in interface_breaks(home / "released" / "1", OPENAPI)] == ["the interface is gone"]


def test_without_oasdiff_its_part_is_left_out_which_is_told_and_fails_in_ci(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(interfaces, "OASDIFF", home / "oasdiff")
    with pytest.raises(NoOasdiff):
        [*interface_breaks(home / "released" / "1", OPENAPI)]
    assert main([], home, in_ci=False, version="1.0.0") == 0
    assert "oasdiff is missing, the HTTP interfaces aren't compared: install Go" in capsys.readouterr().err
    assert main([], home, in_ci=True) == 1


def test_a_change_has_its_line_in_the_changelog(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(interfaces, "OASDIFF", home / "oasdiff")
    schema = home / "released" / "1" / "schemas" / "jobplus.Placed.json"
    _edit(schema, lambda was: was["properties"].pop("visit_id"))
    assert main([], home, in_ci=False, version="1.1.0") == 1
    assert "CHANGELOG.md: jobplus.Placed: it differs from the last release" in capsys.readouterr().err
    changelog = home / "CHANGELOG.md"
    text = changelog.read_text("utf-8")
    changelog.write_text(text + "\n- `jobplus.Placed` names the visit.\n")
    assert main([], home, in_ci=False, version="1.1.0") == 1, "the line stands in a section that is released"
    changelog.write_text(text.replace("## Coming\n", "## Coming\n\n- `jobplus.Placed` names the visit.\n"))
    assert main([], home, in_ci=False, version="1.1.0") == 0


def _placed_without_visit(home: Path) -> None:
    """Have released a schema of Placed that lacks a field, which has joined since then."""
    schema = home / "released" / "1" / "schemas" / "jobplus.Placed.json"
    _edit(schema, lambda was: was["properties"].pop("visit_id"))


@pytest.mark.parametrize(
    ("change", "allowed"),
    [
        (lambda home: None, ["1.0.0", "1.0.1", "1.1.0", "2.0.0"]),
        (
            lambda home: _edit(home.parent / "openapi" / "feed.json", _with_another_version),
            ["1.0.0", "1.0.1", "1.1.0", "2.0.0"],
        ),
        (_placed_without_visit, ["1.1.0", "2.0.0"]),
        (lambda home: (home / "released" / "1" / "schemas" / "jobplus.Placed.json").unlink(), ["1.1.0", "2.0.0"]),
        (lambda home: _hired(home, "draft"), ["1.1.0", "2.0.0"]),
        (lambda home: _hired(home, "stable"), ["2.0.0"]),
    ],
)
def test_what_changed_says_which_number_of_the_version_is_raised(
    home: Path, change: Callable[[Path], object], allowed: list[str]
) -> None:
    change(home)
    release = home / "released" / "1"
    differing = [*changed(release, home, home.parent / "openapi")]
    tried = ["0.9.9", "1.0.0", "1.0.1", "1.0.2", "1.1.0", "1.1.1", "1.2.0", "2.0.0", "2.1.0", "3.0.0", "next"]
    assert [one for one in tried if not [*wrong_version(release, home, one, differing)]] == allowed


def test_a_version_that_was_not_raised_is_refused_with_the_least_that_will_do(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _placed_without_visit(home)
    assert main([], home, in_ci=False, version="1.0.1") == 1
    told = "contracts/version.py: VERSION: 1.0.1 after 1.0.0, and since then types or topics have joined or changed. "
    assert told + "Instead: write 1.1.0." in capsys.readouterr().err
    changelog = home / "CHANGELOG.md"
    changelog.write_text(changelog.read_text("utf-8").replace(", version 1.0.0", ""))
    assert main([], home, in_ci=False, version="1.1.0") == 1
    assert "CHANGELOG.md: 1: the heading of the release names no version" in capsys.readouterr().err


def test_a_schema_that_changed_since_the_release_is_the_next_revision(home: Path) -> None:
    assert {*revisions(home).values()} == {1}
    schemas = home / "released" / "1" / "schemas"
    _edit(schemas / "jobplus.Placed.json", lambda was: was["properties"].pop("visit_id"))
    _edit(schemas / "jobplus.SessionHeld.json", lambda was: was.update(description="Other words."))
    revised = revisions(home)
    assert (revised["jobplus.Placed"], revised["jobplus.SessionHeld"]) == (2, 1)


@needs_oasdiff
def test_a_release_is_taken_down_under_its_section_and_the_next_is_held_against_it(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--release"], home, in_ci=False) == 1
    assert "CHANGELOG.md has no section 2 with its day" in capsys.readouterr().err
    changelog = home / "CHANGELOG.md"
    text = changelog.read_text("utf-8")
    changelog.write_text(text.replace("## Coming", "## Coming\n\n## 2 of 2027-01-01, version 1.0.0"))
    assert main(["--release"], home, in_ci=False, version="1.0.1") == 1
    assert "write ## 2 of YYYY-MM-DD, version 1.0.1 below Coming" in capsys.readouterr().err
    changelog.write_text(text.replace("## Coming", "## Coming\n\n## 2 of 2027-01-01, version 1.0.1"))
    assert main(["--release"], home, in_ci=False, version="1.0.1") == 0
    taken = home / "released" / "2"
    assert sorted(path.name for path in taken.iterdir()) == ["asyncapi.yaml", "openapi", "samples", "schemas"]
    assert {path.stem for path in (taken / "schemas").iterdir()} == {*EVENTS, *NOTICES}
    assert {path.stem for path in (taken / "samples").iterdir()} >= {*EVENTS, *NOTICES}
    assert main([], home, in_ci=True, version="1.0.1") == 0


def test_an_option_that_is_unknown_is_refused(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--relaese"], home, in_ci=False) == 2
    assert "usage" in capsys.readouterr().err


@needs_oasdiff
def test_the_contracts_as_they_are_break_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    assert (main([], in_ci=True), capsys.readouterr().err) == (0, "")
