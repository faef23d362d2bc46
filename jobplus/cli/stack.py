"""The commands that run the local stack, and give what one needs to use it: a token, the topics."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jobplus.cli.options import base_port_option, home_option, json_option, partners_option, stack_at

if TYPE_CHECKING:
    from jobplus.stack.keys import Role
    from jobplus.stack.users import Given

_ROLES: tuple["Role", ...] = ("counsellor", "manager", "employer", "operator", "analyst", "evaluator", "partner")


@click.command()
@home_option
@base_port_option
@click.option("--brief", is_flag=True, help="For minutes only: Kafka is ready sooner, and slower in the long run.")
@click.option("--feed", is_flag=True, help="With the partners' feed, which nothing else needs.")
def up(home: Path, base_port: int | None, brief: bool, feed: bool) -> None:
    """Start Kafka, PostgreSQL and the services, and return when all is healthy."""
    stack = stack_at(home, base_port, brief=brief, feed=feed)
    stack.up()
    for service in stack.services:
        print(f"{service:<10} {stack.url(service)}/openapi.json")
    print(_pages(stack.url("reporting")))
    print(f"Pages of staff, where one signs in as a person of any role: {stack.url('reporting')}/ko/staff/")


def _pages(reporting: str) -> str:
    """Say where the centre's figures are to be looked at."""
    return f"The centre's figures as pages, for everybody: {reporting}/"


@click.command()
@home_option
@base_port_option
@click.option("--wipe", is_flag=True, help="Also remove data, logs, passwords and keys.")
def down(home: Path, base_port: int | None, wipe: bool) -> None:
    """Stop everything, and return when all has ended."""
    stack_at(home, base_port).down(wipe=wipe)


@click.command()
@home_option
@base_port_option
@json_option
def status(home: Path, base_port: int | None, as_json: bool) -> None:
    """Tell each process's health, and each service's outbox, lag and dead letters; exits 3 if not well."""
    stack = stack_at(home, base_port)
    found = stack.status()
    if as_json:
        print(json.dumps(found.as_json(), indent=2))
    else:
        from rich.console import Console

        from jobplus.stack.status_table import status_tables

        Console().print(status_tables(found))
        print(_pages(stack.url("reporting")))
    if not found.healthy:
        sys.exit(3)


@click.command()
@click.option("--role", type=click.Choice(_ROLES), required=True, help="What its bearer may do.")
@click.option("--subject", help="The bearer's opaque id.")
@click.option("--own", metavar="ID", help="The counsellor or the firm that the bearer is.")
@click.option("--business-number", help="Of a firm that has no record yet: the number that it may join by.")
@click.option(
    "--ttl",
    type=click.IntRange(min=1),
    default=3600,
    show_default=True,
    help="For how many seconds it is valid; services take an hour at most.",
)
@home_option
@base_port_option
def token(
    role: "Role",
    subject: str | None,
    own: str | None,
    business_number: str | None,
    ttl: int,
    home: Path,
    base_port: int | None,
) -> None:
    """Print a token for the local stack."""
    from jobplus.stack.home import Home
    from jobplus.stack.keys import sign_token

    keys = Home(home.absolute()).keys
    print(sign_token(keys, role, subject=subject, ttl_seconds=ttl, own=own, business_number=business_number))


@click.command()
@click.option(
    "--servers",
    envvar="JOBPLUS_KAFKA_SERVERS",
    show_envvar=True,
    help="Kafka's host:port,... instead of the local stack's.",
)
@click.option("--replication", type=click.IntRange(min=1), default=1, show_default=True, help="Copies of each record.")
@click.option(
    "--users",
    metavar="FOLDER",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Also make Kafka's users, by the passwords in the files NAME_kafka there, and give them their rights alone.",
)
@partners_option
@home_option
@base_port_option
@json_option
def topics(
    servers: str | None,
    replication: int,
    users: Path | None,
    partners: Path | None,
    home: Path,
    base_port: int | None,
    as_json: bool,
) -> None:
    """Make the topics that don't exist yet, and print their names.

    With --servers, Kafka's other settings come from the environment, as for the services: JOBPLUS_KAFKA_SECURITY...
    With --users, whoever this connects as may do everything: every right that is neither in the topics' table nor in a
    partner's record that holds is taken away.
    """
    from contracts.topics import TOPICS
    from jobplus.stack.errors import StackFailed
    from jobplus.stack.topics import make_topics

    if servers:
        from chassis.running import settings
        from chassis.stream import kafka

        security = kafka.connection(settings.read(settings.KafkaSettings, kafka_servers=servers))
    else:
        servers, security = stack_at(home, base_port).kafka_servers, {}
    try:
        made = make_topics(servers, TOPICS, replication=replication, security=security)
        known = {**security, "bootstrap_servers": servers.split(",")}
        given = _give_rights(users, partners, known, replication) if users else None
    except StackFailed as failure:
        if not as_json:
            raise
        print(json.dumps({"event": "topics_failed", "level": "error", "error": str(failure)}))
        sys.exit(3)
    if as_json:
        print(json.dumps({"event": "topics_made", "level": "info", "made": made}))
        if given:
            print(json.dumps({"event": "rights_given", "level": "info", **given._asdict()}))
    for name in () if as_json else made:
        print(name)


def _give_rights(users: Path, partners: Path | None, security: dict[str, Any], replication: int) -> "Given":
    from contracts.topics import LISTENS, TOPICS
    from jobplus.partners.granting import apply
    from jobplus.partners.records import Records, today
    from jobplus.stack.rights import rights_of
    from jobplus.stack.users import passwords_in

    passwords = passwords_in(users, rights_of(TOPICS, LISTENS))
    return apply(Records(partners) if partners else None, security, today(), passwords, replication)
