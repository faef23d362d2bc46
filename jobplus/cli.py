"""The `jobplus` command: each command is a thin function that calls the module that does the work.

Modules are imported inside the commands, so that each starts fast. Any command that fails by StackFailed
ends with its one line on standard error and exit code 3.
"""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from jobplus.settling import Addresses
    from jobplus.stack.local import Stack


class _Application(typer.Typer):
    def __call__(self, *args: object, **options: object) -> object:
        from jobplus.stack.errors import StackFailed, file_errors_in_one_line

        try:
            with file_errors_in_one_line():
                return super().__call__(*args, **options)
        except StackFailed as failure:
            tell(f"jobplus: {failure}")
            sys.exit(3)


app = _Application(
    name="jobplus",
    help="The local stack of the city employment centre, and what is done with it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

HomeOption = Annotated[Path, typer.Option("--home", help="The folder that holds the stack's state.")]
BasePortOption = Annotated[
    int | None,
    typer.Option("--base-port", help="The first of the stack's ports.  [default: the home's last, or 7400]"),
]
AtOption = Annotated[
    str | None, typer.Option("--at", help="The address that the services share, instead of the local stack.")
]
KeysOption = Annotated[
    Path | None, typer.Option("--keys", help="With --at: the folder with the signing key of its test tokens.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]

DEFAULT_HOME = Path(".jobplus")


def tell(line: str) -> None:
    """A line for the person who waits, on standard error: standard output holds only what was asked for."""
    print(line, file=sys.stderr, flush=True)


def stack_at(home: Path, base_port: int | None) -> "Stack":
    """The stack in a home, telling its steps on standard error."""
    from jobplus.stack.local import Stack

    return Stack(home, base_port, say=tell)


def addresses(at: str | None, keys: Path | None, home: Path, base_port: int | None) -> "Addresses":
    """Where the services are: behind one shared address, or in the local stack."""
    if at is None and keys is None:
        return stack_at(home, base_port)
    if at is None or keys is None:
        raise typer.BadParameter("--at and --keys go together")
    from jobplus.remote import Remote

    return Remote(at, keys)


@app.command()
def up(home: HomeOption = DEFAULT_HOME, base_port: BasePortOption = None) -> None:
    """Start Kafka, PostgreSQL and the services, and return when all is healthy."""
    from jobplus.stack.ports import SERVICES

    stack = stack_at(home, base_port)
    stack.up()
    for service in SERVICES:
        print(f"{service:<10} {stack.url(service)}/openapi.json")


@app.command()
def down(
    home: HomeOption = DEFAULT_HOME,
    base_port: BasePortOption = None,
    wipe: Annotated[bool, typer.Option("--wipe", help="Also remove data, logs, passwords and keys.")] = False,
) -> None:
    """Stop everything, and return when all has ended."""
    stack_at(home, base_port).down(wipe=wipe)


@app.command()
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


@app.command()
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


@app.command()
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


@app.command("import")
def import_(
    at_: Annotated[Path, typer.Argument(metavar="FOLDER|FILE", help="seekers.csv, employers.xlsx ...: docs/import.md")],
    kind: Annotated[str | None, typer.Option("--kind", help="The one kind to bring; of a file its kind.")] = None,
    name: Annotated[
        str | None, typer.Option("--name", help="The import's name, the same each time.  [default: the folder's]")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check every row, and change nothing anywhere.")] = False,
    progress: Annotated[bool, typer.Option("--progress", help="Only tell how far each file is.")] = False,
    at: AtOption = None,
    keys: KeysOption = None,
    home: HomeOption = DEFAULT_HOME,
    base_port: BasePortOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring a centre's records and history in from files; safe to run again, after a break or with mended rows.

    Exits 0 all taken, 1 rows refused, 2 files or options refused, 3 the stack failed."""
    from jobplus.importing import run
    from jobplus.importing.files import FilesRefused

    try:
        if progress:
            came = run.progress_of(at_, kind)
        else:
            came = run.bring(at_, kind, name, lambda: addresses(at, keys, home, base_port), dry_run=dry_run)
    except FilesRefused as refused:
        for reason in refused.reasons:
            tell(reason)
        raise typer.Exit(2) from None
    raise typer.Exit(run.tell(came, as_json=as_json))


@app.command()
def replay(
    plan: Annotated[Path, typer.Argument(help="The plan's file.")],
    scale: Annotated[str, typer.Option("--scale", help="A fraction of the plan: 1/20, 0.05.")] = "1",
    seed: Annotated[int, typer.Option("--seed", help="Another seed makes another history.")] = 1,
    at: AtOption = None,
    keys: KeysOption = None,
    home: HomeOption = DEFAULT_HOME,
    base_port: BasePortOption = None,
    as_json: JsonOption = False,
) -> None:
    """Drive a history that meets a plan through the services, and compare: exits 0 exact, 1 a difference,
    2 a plan or option refused, 3 the stack failed."""
    from jobplus.replay import run
    from jobplus.replay.model import PlanRefused
    from jobplus.replay.scaling import parse_scale

    try:
        by = parse_scale(scale)
        planned = run.planned(plan, by)
    except PlanRefused as refused:
        for reason in refused.reasons:
            tell(reason)
        raise typer.Exit(2) from None
    replayed = run.replay(planned, addresses(at, keys, home, base_port), seed, scaled=by != 1)
    raise typer.Exit(run.tell(replayed, planned, as_json=as_json))


@app.command()
def figures(
    as_of: Annotated[
        datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="The last day counted.  [default: today]")
    ] = None,
    first: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="The first day counted.  [default: the beginning]"),
    ] = None,
    known_at: Annotated[
        str | None,
        typer.Option(
            "--known-at",
            help="As it was known at the end of a day, or at a moment with its offset.  [default: now]",
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            help="Show what was corrected: the figures that were known at this day or moment, and now (or --known-at) "
            "are others.",
        ),
    ] = None,
    home: HomeOption = DEFAULT_HOME,
    base_port: BasePortOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print the published figures, or what has been corrected in them."""
    from jobplus.figures import Asked, OptionRefused, ask, ask_corrections, render, render_corrections

    asked = Asked(as_of.date() if as_of else None, first.date() if first else None, known_at)
    stack = stack_at(home, base_port)
    try:
        found = ask(stack, asked) if since is None else ask_corrections(stack, asked, since)
    except OptionRefused as refusal:
        tell(f"jobplus: {refusal}")
        raise typer.Exit(2) from None
    if as_json:
        import json

        print(json.dumps(found))
    else:
        from rich.console import Console

        Console().print(render(found) if since is None else render_corrections(found))


dlq = typer.Typer(help="Dead letters: what can't be applied, from where, why, and what is parked behind it.")
app.add_typer(dlq, name="dlq", no_args_is_help=True)

ServiceArgument = Annotated[str, typer.Argument(help="intake, matching, followup or reporting.")]
LetterArgument = Annotated[int, typer.Argument(help="The letter's id, as dlq list shows it.")]


@dlq.command("list")
def list_letters(
    home: HomeOption = DEFAULT_HOME, base_port: BasePortOption = None, as_json: JsonOption = False
) -> None:
    """List the dead letters of every service."""
    from jobplus.dead_letters import listed, render
    from jobplus.stack.ports import SERVICES

    stack = stack_at(home, base_port)
    found = {service: listed(stack, service) for service in SERVICES}
    if as_json:
        import json

        print(json.dumps(found))
    elif any(found.values()):
        from rich.console import Console

        Console().print(render(found))
    else:
        print("there are no dead letters")


@dlq.command("show")
def show_letter(
    service: ServiceArgument, letter: LetterArgument, home: HomeOption = DEFAULT_HOME, base_port: BasePortOption = None
) -> None:
    """Show a dead letter whole, and what is parked behind it."""
    import json

    from jobplus.dead_letters import shown

    print(json.dumps(shown(stack_at(home, base_port), service, letter), indent=2, ensure_ascii=False))


@dlq.command("redrive")
def redrive_letter(
    service: ServiceArgument, letter: LetterArgument, home: HomeOption = DEFAULT_HOME, base_port: BasePortOption = None
) -> None:
    """Apply a dead letter again, then what is parked behind it; exits 1 when it fails again."""
    from jobplus.dead_letters import settle

    answer = settle(stack_at(home, base_port), service, letter, "redrive")
    print("applied" if answer["applied"] else f"failed again: {answer['error']}")
    if not answer["applied"]:
        raise typer.Exit(1)


@dlq.command("discard")
def discard_letter(
    service: ServiceArgument, letter: LetterArgument, home: HomeOption = DEFAULT_HOME, base_port: BasePortOption = None
) -> None:
    """Give up a dead letter, and apply what is parked behind it."""
    from jobplus.dead_letters import settle

    settle(stack_at(home, base_port), service, letter, "discard")
    print("discarded")


@app.command()
def bench(
    name: Annotated[str, typer.Argument(help="register, whole or import.")],
    home: HomeOption = DEFAULT_HOME,
    base_port: BasePortOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run one benchmark on a stack of its own; exits 1 when a goal isn't met."""
    import json

    from jobplus.bench.run import NAMES, run

    if name not in NAMES:
        raise typer.BadParameter(f"there is no benchmark {name!r}; there are: {', '.join(NAMES)}")
    result = run(name, tell)
    print(json.dumps(result.to_json(), indent=None if as_json else 2, ensure_ascii=False))
    if not result.met:
        raise typer.Exit(1)


if __name__ == "__main__":
    app()
