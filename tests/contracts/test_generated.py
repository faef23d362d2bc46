"""What is generated from the events is up to date, and true of the samples."""

import json
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from contracts import EVENTS, decode
from contracts.event import Event
from contracts.generate.__main__ import main
from contracts.generate.drafts import draft_of
from contracts.generate.files import drafts, out_of_date
from contracts.generate.schemas import schema_of
from contracts.notices import KINDS, NOTICES, NoticeTopic, decode_notice
from contracts.topics import PARTNER_TOPICS, TOPICS
from tests.contracts.samples import HOME, SAMPLES, envelope

OF_SCHOOL = [NoticeTopic("school", kind) for kind in KINDS]


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return yaml.safe_load((HOME / "asyncapi.yaml").read_text("utf-8"))


def _valid(instance: Any, schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).validate(instance)


def test_the_generated_files_are_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert (main(["--check"]), capsys.readouterr()) == (0, ("", ""))


def test_a_file_that_is_changed_missing_or_of_no_event_is_named(tmp_path: Path) -> None:
    home = tmp_path / "contracts"
    shutil.copytree(HOME, home)
    (home / "asyncapi.yaml").write_text("asyncapi: 3.0.0\n")
    (home / "schemas" / "jobplus.Placed.json").unlink()
    (home / "schemas" / "jobplus.Hired.json").write_text("{}")
    assert [path.name for path in out_of_date(home)] == ["asyncapi.yaml", "jobplus.Placed.json", "jobplus.Hired.json"]


@pytest.mark.parametrize("kind", EVENTS.values(), ids=EVENTS)
def test_a_first_sample_is_an_event_with_all_its_fields(kind: type[Event]) -> None:
    draft = draft_of(kind)
    if kind.tombstone:
        assert "data" not in draft
        return
    _valid(draft["data"], schema_of(kind))
    event = decode(kind.type, kind.topic.name, draft["subject"], json.dumps(draft["data"]).encode())
    assert draft["data"].keys() == {*kind.model_fields}
    assert json.loads(event.encode() or b"") == draft["data"]


def test_the_sample_of_an_event_that_has_none_is_drafted_and_one_that_is_there_is_kept(tmp_path: Path) -> None:
    home = tmp_path / "contracts"
    shutil.copytree(HOME, home)
    sample = home / "samples" / "jobplus.Placed.json"
    sample.unlink()
    (home / "samples" / "jobplus.SeekerErased.json").write_text("{}")
    assert out_of_date(home) == [sample]
    assert [*drafts(home)] == [sample]


def test_an_option_that_is_unknown_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--chek"]) == 2
    assert "usage" in capsys.readouterr().err


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_and_what_is_written_again_from_it_fit_the_schema(path: Path) -> None:
    cloud_event = envelope(path)
    kind = EVENTS[cloud_event["type"]]
    if kind.tombstone:
        assert "data" not in cloud_event
        return
    schema = schema_of(kind)
    jsonschema.Draft202012Validator.check_schema(schema)
    _valid(cloud_event["data"], schema)
    event = kind.model_validate(cloud_event["data"])
    _valid(yaml.safe_load((event.encode() or b"").decode()), schema)


def test_a_schema_has_room_for_fields_to_come_and_none_for_null() -> None:
    for kind in EVENTS.values():
        schema = schema_of(kind)
        assert schema.get("additionalProperties", True) is True
        assert "'null'" not in str(schema)


def test_the_document_has_every_topic_with_its_settings(document: dict[str, Any]) -> None:
    channels = {channel["address"]: channel for channel in document["channels"].values()}
    told = [NoticeTopic("{partner}", kind).name for kind in KINDS]
    assert list(channels) == [*(topic.name for topic in PARTNER_TOPICS), *told]
    for topic in PARTNER_TOPICS:
        kafka = channels[topic.name]["bindings"]["kafka"]
        assert kafka["partitions"] == topic.partitions
        assert kafka["topicConfiguration"]["cleanup.policy"] == ["compact" if topic.compacted else "delete"]
        assert kafka["topicConfiguration"].get("delete.retention.ms") == (2_592_000_000 if topic.compacted else None)


def test_the_document_has_every_event_on_its_own_topic_with_an_example(document: dict[str, Any]) -> None:
    messages = document["components"]["messages"]
    assert {message["name"] for message in messages.values()} == {
        *(name for name, kind in EVENTS.items() if kind.topic.partners),
        *NOTICES,
    }
    for channel in document["channels"].values():
        if "parameters" in channel:
            continue
        for name in channel["messages"]:
            (example,) = messages[name]["examples"]
            _valid(example["headers"], document["components"]["schemas"]["CloudEventHeaders"])
            headers = example["headers"]
            data = None if example["payload"] is None else yaml.dump(example["payload"]).encode()
            assert headers["ce_type"] == messages[name]["name"]
            kind: type[Event] = EVENTS[headers["ce_type"]]
            assert kind.topic.name == channel["address"]
            if data is None:
                assert kind.tombstone
                assert decode(kind.type, channel["address"], headers["ce_subject"], None).key == headers["ce_subject"]


def test_the_document_has_what_partners_write_as_what_the_centre_receives(document: dict[str, Any]) -> None:
    schemas, messages = document["components"]["schemas"], document["components"]["messages"]
    received = [one for one in document["operations"].values() if one["action"] == "receive"]
    assert len(received) == len(KINDS)
    for operation in received:
        channel = document["channels"][operation["channel"]["$ref"].rpartition("/")[2]]
        assert channel["address"].replace("{partner}", "school") in (topic.name for topic in OF_SCHOOL)
        assert [*channel["parameters"]] == ["partner"]
        assert channel["bindings"]["kafka"]["partitions"] == OF_SCHOOL[0].partitions
        assert [one["$ref"].rpartition("/")[2] for one in operation["messages"]] == [*channel["messages"]]
        for name in channel["messages"]:
            (example,) = messages[name]["examples"]
            for headers in messages[name]["headers"]["allOf"]:
                _valid(example["headers"], schemas["NoticeHeaders"] if "$ref" in headers else headers)
            _valid(example["payload"], {**document, **schemas[name]})
            topic, key = channel["address"].replace("{partner}", "school"), example["headers"]["ce_subject"]
            notice = decode_notice(messages[name]["name"], topic, key, json.dumps(example["payload"]).encode())
            assert messages[name]["x-stability"] == notice.stability == "draft"


def test_what_is_for_the_services_alone_is_told_to_no_partner() -> None:
    hidden = [topic.name for topic in TOPICS if not topic.partners]
    told = "".join(page.read_text("utf-8") for page in (HOME / "asyncapi.yaml", HOME / "README.md"))
    assert hidden == ["jobplus.revocations"]
    assert not [word for word in (*hidden, "SubjectRevoked") if word in told]
    assert not list((HOME / "schemas").glob("*Revo*"))


def test_every_reference_of_the_document_leads_somewhere(document: dict[str, Any]) -> None:
    def walk(node: Any) -> None:
        if isinstance(node, list):
            for inner in node:
                walk(inner)
        if isinstance(node, dict):
            if "$ref" in node:
                found = document
                for step in node["$ref"].removeprefix("#/").split("/"):
                    found = found[step]
            for inner in node.values():
                walk(inner)

    walk(document)


def test_codes_stay_texts_for_readers_of_yaml_1_2() -> None:
    text = (HOME / "asyncapi.yaml").read_text("utf-8")
    assert "- '08'\n" in text
    assert "- 08\n" not in text
