"""The commands that bring data into the services, compare, measure, and ask for the figures."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jobplus.cli.options import (
    DEFAULT_HOME,
    AtOption,
    BasePortOption,
    CaOption,
    HomeOption,
    JsonOption,
    KeysOption,
    TokensOption,
    addresses,
    tell,
)

if TYPE_CHECKING:
    from jobplus.settling import Addresses
    from jobplus.stack.keys import Role


def import_(
    at_: Annotated[Path, typer.Argument(metavar="FOLDER|FILE", help="seekers.csv, employers.xlsx ...: docs/import.md")],
    kind: Annotated[str | None, typer.Option("--kind", help="The one kind to bring; of a file its kind.")] = None,
    name: Annotated[
        str | None, typer.Option("--name", help="The import's name, the same each time.  [default: the folder's]")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check every row, and change nothing anywhere.")] = False,
    progress: Annotated[bool, typer.Option("--progress", help="Only tell how far each file is.")] = False,
    at: AtOption = None,
    tokens: TokensOption = None,
    ca: CaOption = None,
    keys: KeysOption = None,
    home: HomeOption = DEFAULT_HOME,
    base_port: BasePortOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring a centre's records and history in from files; safe to run again, after a break or with mended rows.

    Exits 0 all taken, 1 rows refused, 2 files or options refused, 3 the stack failed."""
    from jobplus.importing import run
    from jobplus.importing.files import FilesRefused

    def where(needed: Sequence["Role"]) -> "Addresses":
        return addresses(at, home, base_port, needed=needed, keys=keys, tokens=tokens, ca=ca)

    try:
        came = run.progress_of(at_, kind) if progress else run.bring(at_, kind, name, where, dry_run=dry_run)
    except FilesRefused as refused:
        for reason in refused.reasons:
            tell(reason)
        raise typer.Exit(2) from None
    raise typer.Exit(run.tell(came, as_json=as_json))


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
    where = addresses(at, home, base_port, needed=(), keys=keys)
    replayed = run.replay(planned, where, seed, scaled=by != 1)
    raise typer.Exit(run.tell(replayed, planned, as_json=as_json))


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
    at: AtOption = None,
    tokens: TokensOption = None,
    ca: CaOption = None,
    keys: KeysOption = None,
    home: HomeOption = DEFAULT_HOME,
    base_port: BasePortOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print the published figures, or what has been corrected in them."""
    from jobplus.figures import Asked, ask, ask_corrections

    asked = Asked(as_of.date() if as_of else None, first.date() if first else None, known_at)
    where = addresses(at, home, base_port, needed=("analyst",), keys=keys, tokens=tokens, ca=ca)
    found = ask(where, asked) if since is None else ask_corrections(where, asked, since)
    if as_json:
        import json

        print(json.dumps(found))
    else:
        from rich.console import Console

        from jobplus.tables import corrections_table, figures_table

        Console().print(figures_table(found) if since is None else corrections_table(found))


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
