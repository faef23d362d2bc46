"""What partners tell the centre is read, or refused with the field and the reason."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from contracts.decoding import Undecodable, UnknownType
from contracts.notices import NOTICES, NoticeTopic, decode_notice, topic_named
from contracts.notices.__main__ import main
from tests.contracts.samples import HOME

SAMPLES = sorted((HOME / "notices" / "samples").glob("*.json"))
TRAINING = HOME / "notices" / "samples" / "partners.TrainingCompleted.json"


def _told(path: Path = TRAINING) -> dict[str, Any]:
    return json.loads(path.read_text("utf-8"))


def _decoded(told: dict[str, Any], topic: str | None = None) -> Any:
    kind = NOTICES[told["type"]].kind if told["type"] in NOTICES else "deaths"
    name = topic or NoticeTopic(told["source"].rpartition("/")[2], kind).name
    return decode_notice(told["type"], name, told["subject"], json.dumps(told["data"]).encode())


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_is_read_and_fits_its_schema(path: Path) -> None:
    told = _told(path)
    schema = json.loads((HOME / "notices" / "schemas" / path.name).read_text("utf-8"))
    jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).validate(told["data"])
    assert json.loads(_decoded(told).model_dump_json(exclude_none=True)) == told["data"]


def test_every_notice_has_a_sample_and_they_pass_the_checker() -> None:
    assert {path.stem for path in SAMPLES} == {*NOTICES}
    assert main([str(path) for path in SAMPLES]) == 0


@pytest.mark.parametrize(
    ("changed", "data", "topic", "refusal"),
    [
        ({}, {"hours": 0}, None, "partners.TrainingCompleted: hours: Input should be greater than or equal to 1"),
        ({}, {"client_number": "Hong Gildong"}, None, "partners.TrainingCompleted: client_number: String should match"),
        (
            {},
            {"occurred_on": "yesterday"},
            None,
            "partners.TrainingCompleted: occurred_on: Input should be a valid date",
        ),
        (
            {},
            {"told_at": "2026-11-27T05:10:00"},
            None,
            "partners.TrainingCompleted: told_at: Input should have timezone",
        ),
        ({"subject": "W-2"}, {}, None, "partners.TrainingCompleted: client_number differs from the record's key"),
        ({}, {}, "partners.school.deaths", "partners.TrainingCompleted belongs on partners.school.trainings, not on"),
        ({"type": "partners.Moved"}, {}, None, "no notice has the type 'partners.Moved': there are partners.DeathRec"),
    ],
)
def test_what_is_wrong_is_refused_with_the_field_and_the_reason(
    changed: dict[str, str], data: dict[str, Any], topic: str | None, refusal: str
) -> None:
    told = _told()
    told = {**told, **changed, "data": told["data"] | data}
    with pytest.raises(Undecodable) as refused:
        _decoded(told, topic)
    assert str(refused.value).startswith(refusal)
    assert isinstance(refused.value, UnknownType) == ("type" in changed)


def test_the_checker_says_what_is_wrong_in_which_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = {
        "hours.json": json.dumps({**_told(), "data": _told()["data"] | {"hours": 0}}),
        "source.json": json.dumps({**_told(), "source": "/jobplus/intake"}),
        "id.json": json.dumps({name: value for name, value in _told().items() if name != "id"}),
        "text.json": "{",
    }
    for name, text in wrong.items():
        (tmp_path / name).write_text(text)
    assert main([str(TRAINING), *(str(tmp_path / name) for name in wrong)]) == 1
    said = capsys.readouterr().err.splitlines()
    assert [line.removeprefix(f"{tmp_path}/").split(": ")[:2] for line in said[:3]] == [
        ["hours.json", "partners.TrainingCompleted"],
        ["source.json", "source"],
        ["id.json", "id"],
    ]
    assert said[3].startswith(f"{tmp_path}/text.json: EOF while parsing")


@pytest.mark.parametrize(
    "name", ["jobplus.cases", "partners.school", "partners.School.deaths", "partners.school.births"]
)
def test_a_topic_that_is_no_partners_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"is no topic of a partner's: partners\.NAME\.KIND"):
        topic_named(name)
    assert topic_named("partners.a-school.deaths") == NoticeTopic("a-school", "deaths")
