"""The commands that run the local stack, and give what one needs to use it: a token, the topics."""

from typing import Annotated, Literal

import typer

from jobplus.cli.options import DEFAULT_HOME, BasePortOption, HomeOption, JsonOption, stack_at


def up(
    home: HomeOption = DEFAULT_HOME,
    base_port: BasePortOption = None,
    brief: Annotated[
        bool, typer.Option("--brief", help="For minutes only: Kafka is ready sooner, and slower in the long run.")
    ] = False,
) -> None:
    """Start Kafka, PostgreSQL and the services, and return when all is healthy."""
    from jobplus.stack.ports import SERVICES

    stack = stack_at(home, base_port, brief=brief)
    stack.up()
    for service in SERVICES:
        print(f"{service:<10} {stack.url(service)}/openapi.json")


def down(
    home: HomeOption = DEFAULT_HOME,
    base_port: BasePortOption = None,
    wipe: Annotated[bool, typer.Option("--wipe", help="Also remove data, logs, passwords and keys.")] = False,
) -> None:
    """Stop everything, and return when all has ended."""
    stack_at(home, base_port).down(wipe=wipe)


def status(home: HomeOption = DEFAULT_HOME, base_port: BasePortOption = None, as_json: JsonOption = False) -> None:
    """Tell each process's health, and each service's outbox, lag and dead letters; exits 3 if not well."""
    found = stack_at(home, base_port).status()
    if as_json:
        import json

        print(json.dumps(found.as_json(), indent=2))
    else:
        from rich.console import Console

        from jobplus.stack.status_table import status_tables

        Console().print(status_tables(found))
    if not found.healthy:
        raise typer.Exit(3)


def token(
    role: Annotated[
        Literal["counsellor", "manager", "employer", "operator", "analyst", "evaluator", "partner"],
        typer.Option("--role", help="What its bearer may do."),
    ],
    subject: Annotated[str | None, typer.Option("--subject", help="The bearer's opaque id.")] = None,
    ttl: Annotated[int, typer.Option("--ttl", min=1, help="For how many seconds it is valid.")] = 12 * 3600,
    home: HomeOption = DEFAULT_HOME,
    base_port: BasePortOption = None,
) -> None:
    """Print a token for the local stack."""
    from jobplus.stack.home import Home
    from jobplus.stack.keys import sign_token

    print(sign_token(Home(home.absolute()).keys, role, subject=subject, ttl_seconds=ttl))


def topics(
    servers: Annotated[
        str | None,
        typer.Option(
            "--servers", envvar="JOBPLUS_KAFKA_SERVERS", help="Kafka's host:port,... instead of the local stack's."
        ),
    ] = None,
    replication: Annotated[int, typer.Option("--replication", min=1, help="Copies of each record.")] = 1,
    home: HomeOption = DEFAULT_HOME,
    base_port: BasePortOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make the topics that don't exist yet, and print their names.

    With --servers, Kafka's other settings come from the environment, as for the services: JOBPLUS_KAFKA_SECURITY...
    """
    import json

    from contracts.topics import TOPICS
    from jobplus.stack.errors import StackFailed
    from jobplus.stack.topics import make_topics

    if servers:
        from chassis import kafka, settings

        security = kafka.connection(settings.read(settings.KafkaSettings, kafka_servers=servers))
    else:
        servers, security = stack_at(home, base_port).kafka_servers, {}
    try:
        made = make_topics(servers, TOPICS, replication=replication, security=security)
    except StackFailed as failure:
        if not as_json:
            raise
        print(json.dumps({"event": "topics_failed", "level": "error", "error": str(failure)}))
        raise typer.Exit(3) from None
    if as_json:
        print(json.dumps({"event": "topics_made", "level": "info", "made": made}))
    for name in () if as_json else made:
        print(name)
