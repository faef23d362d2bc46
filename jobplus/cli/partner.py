"""The commands that let another system read whole topics, and end that."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jobplus.cli.options import PATH, json_option, partners_option, tell
from jobplus.stack.errors import OptionRefused

if TYPE_CHECKING:
    from chassis.running.settings import KafkaSettings

_DAY = click.DateTime(formats=["%Y-%m-%d"])

_out = click.option("--out", metavar="FILE", type=PATH, help="Where the credentials go, which are handed over.")
_servers = click.option(
    "--for-partners",
    "servers",
    metavar="HOST:PORT,...",
    help="Where partners find Kafka, as the credentials say; without it as here.",
)


@click.command("add")
@click.argument("name")
@click.option("--topics", metavar="TOPIC,...", default="", help="What it may read: seekers,cases")
@click.option("--writes", metavar="KIND,...", default="", help="What it tells the centre: deaths,insurance,trainings")
@click.option("--ground", metavar="TEXT", required=True, help="The law or agreement that allows it, and the purpose.")
@click.option("--until", type=_DAY, required=True, help="The last day.")
@_out
@_servers
@partners_option
def add(
    name: str,
    topics: str,
    writes: str,
    ground: str,
    until: datetime,
    out: Path | None,
    servers: str | None,
    partners: Path | None,
) -> None:
    """Let another system of the city read whole topics until a day, and write the credentials that it connects with.

    It may use any group of consumers whose id begins with its own user's name and a dot. Topics keyed by a person are
    pseudonymous personal data: the ground stands in the partner's record. What it writes stands on topics of its own,
    partners.NAME.KIND, which the feed is told to read by JOBPLUS_FEED_NOTICE_TOPICS.
    """
    from jobplus.partners.records import asked, today

    records, now = _records(partners), today()
    if any(one.name == name for one in records.all()):
        raise OptionRefused(f"NAME: there is a partner {name} already: rotate it, or take another name")
    read, written = ([one for one in given.split(",") if one] for given in (topics, writes))
    partner = asked(name, read, ground, until.date(), now, written)
    _grant(records, partner, out, servers, now)


@click.command("rotate")
@click.argument("name")
@_out
@_servers
@partners_option
def rotate(name: str, out: Path | None, servers: str | None, partners: Path | None) -> None:
    """Give a partner a new password; the one before is refused from then on."""
    from dataclasses import replace

    from jobplus.partners.records import today

    records, now = _records(partners), today()
    partner = records.named(name)
    if not partner.holds(now):
        raise OptionRefused(f"NAME: the right of {name} is over ({partner.state(now)})")
    _grant(records, replace(partner, rotated_on=now), out, servers, now)


@click.command("end")
@click.argument("name")
@partners_option
def end(name: str, partners: Path | None) -> None:
    """End a partner's right at once; its record stays."""
    from chassis.stream import kafka
    from jobplus.partners import granting
    from jobplus.partners.records import ended, today

    records, now = _records(partners), today()
    partner = ended(records.named(name), now)
    granting.end(records, partner, kafka.connection(_connecting()), now)
    tell(f"{name} may read and write nothing any more")


@click.command("list")
@partners_option
@json_option
def list_(partners: Path | None, as_json: bool) -> None:
    """Tell who may read what, by which ground, and until when."""
    from dataclasses import asdict

    from jobplus.partners.records import today

    now, all_ = today(), _records(partners).all()
    if as_json:
        print(json.dumps([{**asdict(one), "state": one.state(now)} for one in all_], default=str, ensure_ascii=False))
        return
    for one in all_:
        print(f"{one.name}: {one.state(now)}")
        print(f"  reads {', '.join(one.topics) or 'nothing'}")
        if one.writes:
            print(f"  writes {', '.join(topic.name for topic in one.own_topics)}")
        print(f"  by    {one.ground}")
    if not all_:
        tell("there is no partner")


def _records(folder: Path | None) -> Any:
    from jobplus.partners.records import Records

    if folder is None:
        raise OptionRefused("--partners: the folder with the partners' records is wanted")
    return Records(folder)


def _connecting() -> "KafkaSettings":
    """Read how an admin comes to Kafka from the environment, as the topics job does."""
    from chassis.running import settings

    return settings.read(settings.KafkaSettings)


def _grant(records: Any, partner: Any, out: Path | None, servers: str | None, now: date) -> None:
    from chassis.stream import kafka
    from jobplus.partners import granting

    file = out or Path(f"{partner.name}.credentials")
    granting.refuse_existing(file)
    connecting = _connecting()
    password = granting.grant(records, partner, kafka.connection(connecting), now)
    granting.hand_over(file, partner, password, servers or connecting.kafka_servers, connecting.kafka_ca_file)
    tell(f"{partner.name} may read {', '.join(partner.topics) or 'nothing'} until {partner.until}")
    for topic in partner.own_topics:
        tell(f"{partner.name} may write {topic.name}: name it to the feed in JOBPLUS_FEED_NOTICE_TOPICS")
    tell(f"hand over {file} by a way that nobody else reads, and delete it: its password is kept nowhere")
