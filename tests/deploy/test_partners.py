"""A partner reads what it was granted, with the file that it was handed alone, and nothing else, until its end."""

import asyncio
import json
import re
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import GroupAuthorizationFailedError, KafkaError, TopicAuthorizationFailedError

from chassis.running.settings import KafkaSettings
from chassis.stream import kafka
from jobplus.partners.records import today
from jobplus.site.build import EXAMPLES
from jobplus.site.events import CONTRACTS
from jobplus.stack.ports import free_base_port
from tests.deploy.partners import GROUND, folder, granted, in_90_days, partner, topics_job
from tests.deploy.secured_kafka import Secured, secured_kafka
from tests.kit.events import registered, somebody
from tests.kit.guide import GUIDE, commands_of, run
from tests.kit.records import UNWRITTEN, Record, Sources
from tests.stacks import Stacks

DAY = date(2011, 3, 2)
CASES = TopicPartition("jobplus.cases", 0)


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory, stacks: Stacks) -> Iterator[Secured]:
    with secured_kafka(tmp_path_factory.mktemp("partners"), free_base_port()) as running:
        topics_job(running)
        yield running


def _client(told: dict[str, Any]) -> dict[str, Any]:
    """Give what a client is made with, by the file alone."""
    return {
        "bootstrap_servers": told["bootstrap_servers"],
        "security_protocol": told["security_protocol"],
        "sasl_mechanism": told["sasl_mechanism"],
        "sasl_plain_username": told["username"],
        "sasl_plain_password": told["password"],
        "ssl_context": ssl.create_default_context(cadata=told["ca_pem"]),
    }


@asynccontextmanager
async def _consumer(told: dict[str, Any], group: str | None, *topics: str) -> AsyncIterator[AIOKafkaConsumer]:
    consumer = AIOKafkaConsumer(
        *topics, **_client(told), group_id=group, auto_offset_reset="earliest", enable_auto_commit=False
    )
    try:
        await consumer.start()
        yield consumer
    finally:
        await consumer.stop()


async def _published(secured: Secured, value: bytes) -> None:
    """Have matching, whose topic it is, publish something."""
    await _written(secured, "matching", Record(CASES.topic, CASES.partition, UNWRITTEN, b"", value, []))


async def _written(secured: Secured, owner: str, record: Record) -> None:
    told = {name.removeprefix("JOBPLUS_").lower(): given for name, given in secured.settings(owner).items()}
    async with AIOKafkaProducer(**kafka.connection(KafkaSettings(**told)), acks="all") as producer:  # pyright: ignore[reportArgumentType]
        written = {"key": record.key, "partition": record.partition, "headers": record.headers}
        await producer.send_and_wait(record.topic, record.value, **written)


async def _next(consumer: AIOKafkaConsumer) -> bytes:
    return (await asyncio.wait_for(consumer.getone(), 30)).value or b""


async def test_it_reads_its_topics_in_groups_of_its_own_and_nothing_else(secured: Secured, tmp_path: Path) -> None:
    told = granted(secured, "welfare", tmp_path / "welfare")
    assert told["bootstrap_servers"] == secured.partners
    own = f"{told['group_id_prefix']}table"
    await _published(secured, b"one")
    async with _consumer(told, own, CASES.topic) as consumer:
        assert await _next(consumer) == b"one"
        await consumer.commit()
    with pytest.raises(TopicAuthorizationFailedError):
        async with _consumer(told, own, "jobplus.seekers") as consumer:
            await _next(consumer)
    for other in ("jobplus.matching", "partner-welfareoffice.table", "table"):
        with pytest.raises(GroupAuthorizationFailedError):
            async with _consumer(told, other, CASES.topic) as consumer:
                await _next(consumer)
    producer = AIOKafkaProducer(**_client(told), enable_idempotence=False)
    await producer.start()
    with pytest.raises(TopicAuthorizationFailedError):
        await producer.send_and_wait(CASES.topic, b"forged", partition=CASES.partition)
    await producer.stop()


async def test_the_topics_job_leaves_a_partner_its_rights(secured: Secured, tmp_path: Path) -> None:
    told = granted(secured, "library", tmp_path / "library")
    given = topics_job(secured)
    assert not [right for right in (*given["added"], *given["removed"]) if "partner-library" in right]
    async with _consumer(told, f"{told['group_id_prefix']}table", CASES.topic) as consumer:
        assert await _next(consumer) == b"one"


async def test_a_password_that_was_rotated_is_refused(secured: Secured, tmp_path: Path) -> None:
    before = granted(secured, "insurance", tmp_path / "before")
    after = granted(secured, "insurance", tmp_path / "after", "rotate", "insurance")
    assert {**before, "password": ""} == {**after, "password": ""}
    with pytest.raises(KafkaError):
        async with _consumer(before, None):
            pass
    async with _consumer(after, f"{after['group_id_prefix']}table", CASES.topic) as consumer:
        assert await _next(consumer) == b"one"


async def test_what_is_ended_is_cut_off_at_once_also_while_it_reads(secured: Secured, tmp_path: Path) -> None:
    told = granted(secured, "training", tmp_path / "training")
    async with _consumer(told, None) as consumer:
        consumer.assign([CASES])
        assert await _next(consumer) == b"one"
        assert partner(secured, "end", "training").returncode == 0
        await _published(secured, b"two")
        with pytest.raises(TopicAuthorizationFailedError):
            await _next(consumer)
    with pytest.raises(KafkaError):
        async with _consumer(told, None):
            pass
    assert "training: ended on" in partner(secured, "list").stdout
    again = partner(secured, "rotate", "training")
    assert (again.returncode, "the right of training is over" in again.stderr) == (2, True)


async def test_after_its_last_day_the_topics_job_takes_it_away(secured: Secured, tmp_path: Path) -> None:
    told = granted(secured, "housing", tmp_path / "housing")
    record = folder(secured) / "housing.json"
    kept = json.loads(record.read_text())
    record.write_text(json.dumps(kept | {"until": str(today() - timedelta(days=2))}))
    removed = topics_job(secured)["removed"]
    assert sorted(right for right in removed if "partner-housing" in right) == [
        "ALLOW User:partner-housing READ LITERAL TOPIC jobplus.cases",
        "ALLOW User:partner-housing READ PREFIXED GROUP partner-housing.",
    ]
    with pytest.raises(KafkaError):
        async with _consumer(told, None):
            pass


def test_a_name_is_given_once_and_a_file_is_never_written_over(secured: Secured, tmp_path: Path) -> None:
    out = tmp_path / "police"
    granted(secured, "police", out)
    for arguments, refusal in (
        (
            ("add", "police", "--topics", "cases", "--ground", GROUND, "--until", in_90_days()),
            "NAME: there is a partner police already",
        ),
        (("rotate", "police"), f"--out: {out} is there already"),
        (("end", "nobody"), "NAME: there is no partner 'nobody'"),
    ):
        done = partner(secured, *arguments, *(("--out", str(out)) if arguments[0] != "end" else ()))
        assert (done.returncode, refusal in done.stderr) == (2, True), done.stderr


async def test_every_command_of_the_guide_leads_to_the_first_event_by_the_file_alone(
    secured: Secured, tmp_path: Path
) -> None:
    write, read = (block for block in commands_of("first-event.md") if "$FEED" not in block)
    asked = ("add", "guided", "--topics", "seekers", "--ground", GROUND, "--until", in_90_days())
    granted(secured, "guided", tmp_path / "welfare.credentials", *asked)
    record = Sources().record(registered(somebody(), DAY))
    await _written(secured, "intake", record)
    run(write, tmp_path)
    kind, _, rest = run(read, tmp_path).partition(" ")
    event_id, _, data = rest.partition(" ")
    assert kind == "jobplus.SeekerRegistered"
    assert dict(record.headers)["ce_id"] == event_id.encode()
    assert json.loads(data) == json.loads(record.value or b"")
    assert run(read, tmp_path) == f"{kind} {rest}", "nothing was committed"


def test_the_guide_has_the_same_commands_in_both_languages() -> None:
    for page in GUIDE.glob("en/*.md"):
        assert commands_of(page.name, "ko") == commands_of(page.name, "en")
    assert len(commands_of("first-event.md")) == 5


def test_the_guide_has_installed_what_the_example_needs() -> None:
    needed = (EXAMPLES / "welfare_office/requirements.txt").read_text().split()
    for language in ("ko", "en"):
        (installed,) = re.findall(r"^    pip install '(.*)'$", (GUIDE / language / "first-event.md").read_text(), re.M)
        assert installed in needed


async def test_a_notice_is_written_by_what_the_guide_says(secured: Secured, tmp_path: Path) -> None:
    (write,) = commands_of("notices.md")
    asked = (
        "add",
        "telling",
        "--topics",
        "seekers",
        "--writes",
        "trainings",
        "--ground",
        GROUND,
        "--until",
        in_90_days(),
    )
    granted(secured, "telling", tmp_path / "welfare.credentials", *asked)
    topics_job(secured)
    notice = json.loads((CONTRACTS / "notices/samples/partners.TrainingCompleted.json").read_text())
    (tmp_path / "notice.json").write_text(json.dumps(notice | {"source": "/partners/telling"}))
    run(write, tmp_path)
    said = run("python3 write_notice.py welfare.credentials notice.json", tmp_path).split()
    assert said[:2] == [notice["id"], "partners.telling.trainings"]
