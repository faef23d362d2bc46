"""The commands that bring data into the services, compare, measure, and ask for the figures."""

import json
import os
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click

from jobplus.cli.options import (
    PATH,
    Where,
    addresses,
    at_option,
    base_port_option,
    feed_option,
    home_option,
    json_option,
    keys_option,
    tell,
    where_options,
)

if TYPE_CHECKING:
    from jobplus.importing.words import Language
    from jobplus.settling import Addresses
    from jobplus.stack.keys import Role

_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command("bring")
@click.argument("folder_or_file", metavar="FOLDER|FILE", type=PATH)
@click.option("--kind", help="The one kind to bring; of a file its kind.")
@click.option("--name", show_default="the folder's", help="The import's name, the same each time.")
@click.option("--of", metavar="FOLDER", type=PATH, help="The folder whose import it is, of rows that were refused.")
@click.option("--refused", metavar="FOLDER", type=PATH, help="Where refused rows are written back to.")
@click.option("--dry-run", is_flag=True, help="Check every row, and change nothing anywhere.")
@click.option("--progress", is_flag=True, help="Only tell how far each file is.")
@click.option("--ignore", metavar="FILE[:SHEET]", multiple=True, help="A file, or a sheet of one, that isn't meant.")
@click.option("--sheet", metavar="FILE:SHEET", multiple=True, help="A sheet that is meant, where there are several.")
@click.option("--separator", metavar="[FILE:]NAME", multiple=True, help="comma, tab, semicolon or pipe.")
@click.option("--encoding", metavar="[FILE:]NAME", multiple=True, help="utf-8, utf-16 or cp949.")
@click.option("--language", type=click.Choice(["en", "ko"]), show_default="by the locale", help="Of what is told.")
@where_options
@json_option
def bring(
    folder_or_file: Path,
    kind: str | None,
    name: str | None,
    of: Path | None,
    refused: Path | None,
    dry_run: bool,
    progress: bool,
    ignore: tuple[str, ...],
    sheet: tuple[str, ...],
    separator: tuple[str, ...],
    encoding: tuple[str, ...],
    language: "Language | None",
    as_json: bool,
    **where: Unpack[Where],
) -> None:
    """Bring a centre's records and history in from files; safe to run again, after a break or with mended rows.

    The files are seekers.csv, employers.xlsx ...: docs/import.md.

    Exits 0 all taken or ignored as asked, 1 rows refused or something left out, 2 files or options refused, 3 the stack
    failed."""
    from jobplus.importing import bringing
    from jobplus.importing.folder import Asked, FilesRefused
    from jobplus.importing.telling import tell as tell_of
    from jobplus.importing.words import language_of, said

    def services(needed: Sequence["Role"]) -> "Addresses":
        return addresses(needed=needed, **where)

    in_ = language or language_of(os.environ)
    asked = Asked(kind, ignore, sheet, separator, encoding)
    try:
        if progress:
            came = bringing.progress_of(folder_or_file, asked, of)
        else:
            meant = bringing.Meant(name, of, refused, dry_run, in_)
            came = bringing.bring(folder_or_file, asked, meant, services)
    except FilesRefused as error:
        for reason in error.reasons:
            tell(said(reason, in_))
        sys.exit(2)
    sys.exit(tell_of(came, in_, as_json=as_json))


@click.command("template")
@click.argument("kind", required=False)
@click.option("--out", type=PATH, show_default="KIND.xlsx, or the folder templates", help="Where it is written to.")
@click.option("--language", type=click.Choice(["en", "ko"]), show_default="by the locale", help="Of what is told.")
def template(kind: str | None, out: Path | None, language: "Language | None") -> None:
    """Write a sheet to fill in for a kind, or one for each kind into a folder: columns, codes, notes and an example.

    Nothing is written over: exits 2 where a file is there already."""
    from jobplus.importing.folder import FilesRefused
    from jobplus.importing.templates import write_templates
    from jobplus.importing.words import language_of, said

    try:
        files = write_templates(kind, out)
    except FilesRefused as error:
        for reason in error.reasons:
            tell(said(reason, language or language_of(os.environ)))
        sys.exit(2)
    for file in files:
        print(file)


@click.command("close")
@click.argument("name")
@where_options
@json_option
def close(name: str, as_json: bool, **where: Unpack[Where]) -> None:
    """Have the services forget which rows of an import they took, and tell how many these were.

    Whatever is brought in under this name afterwards is new, but for rows of persons who were erased."""
    from jobplus.importing.closing import close as close_import

    forgotten = close_import(name, lambda needed: addresses(needed=needed, **where))
    if as_json:
        print(json.dumps(forgotten))
        return
    for service, rows in forgotten.items():
        for address, count in sorted(rows.items()):
            print(f"{service} {address}: {count} rows forgotten")
    print(f"{sum(sum(rows.values()) for rows in forgotten.values())} rows of the import {name} forgotten")


@click.command()
@click.argument("plan", type=PATH)
@click.option("--scale", default="1", show_default=True, help="A fraction of the plan: 1/20, 0.05.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed makes another history.")
@click.option("--singly", is_flag=True, help="Send each command by itself, not many in a request.")
@at_option
@keys_option
@home_option
@base_port_option
@json_option
def replay(
    plan: Path,
    scale: str,
    seed: int,
    singly: bool,
    at: str | None,
    keys: Path | None,
    home: Path,
    base_port: int | None,
    as_json: bool,
) -> None:
    """Drive a history that meets the plan in a file through the services, and compare: exits 0 exact, 1 a difference,
    2 a plan or option refused, 3 the stack failed."""
    from jobplus.replay import run
    from jobplus.replay.planning.model import PlanRefused
    from jobplus.replay.planning.scaling import parse_scale

    try:
        by = parse_scale(scale)
        planned = run.planned(plan, by)
    except PlanRefused as refused:
        for reason in refused.reasons:
            tell(reason)
        sys.exit(2)
    where = addresses(needed=(), at=at, home=home, base_port=base_port, keys=keys)
    replayed = run.replay(planned, where, seed, scaled=by != 1, in_bulk=not singly)
    sys.exit(run.tell(replayed, planned, as_json=as_json))


@click.command()
@click.option("--as-of", type=_DAY, show_default="today", help="The last day counted.")
@click.option("--from", "first", type=_DAY, show_default="the beginning", help="The first day counted.")
@click.option(
    "--known-at",
    show_default="now",
    help="As it was known at the end of a day, or at a moment with its offset.",
)
@click.option(
    "--since",
    help="Show what was corrected: the figures that were known at this day or moment, and now (or --known-at) are "
    "others.",
)
@where_options
@json_option
def figures(
    as_of: datetime | None,
    first: datetime | None,
    known_at: str | None,
    since: str | None,
    as_json: bool,
    **where: Unpack[Where],
) -> None:
    """Print the published figures, or what has been corrected in them."""
    from jobplus.figures import Asked, ask, ask_corrections

    asked = Asked(as_of.date() if as_of else None, first.date() if first else None, known_at)
    reporting = addresses(needed=("analyst",), **where)
    found = ask(reporting, asked) if since is None else ask_corrections(reporting, asked, since)
    if as_json:
        print(json.dumps(found))
    else:
        from rich.console import Console

        from jobplus.tables import corrections_table, figures_table

        Console().print(figures_table(found) if since is None else corrections_table(found))


@click.command()
@click.argument("name")
@click.option("--events", type=click.IntRange(1000), help="How many events are published before it measures.")
@click.option("--seconds", type=click.FloatRange(5), help="How long it measures.")
@click.option("--short", is_flag=True, default=None, help="Fewer rounds, to try it on a busy machine.")
@click.option("--walls", is_flag=True, help="With TLS and SCRAM to Kafka and TLS to PostgreSQL, to see what they cost.")
@json_option
def bench(name: str, events: int | None, seconds: float | None, short: bool | None, walls: bool, as_json: bool) -> None:
    """Run one benchmark on a stack of its own, as register or project; docs/performance.md tells of each. Exits 0 its
    goal is met, 1 it isn't, 2 it is none, 3 it couldn't be measured or lost something."""
    from jobplus.bench.result import Lost
    from jobplus.bench.run import NAMES, options_of, run
    from jobplus.stack.errors import StackFailed

    if name not in NAMES:
        raise click.BadParameter(f"there is no benchmark {name!r}; there are: {', '.join(NAMES)}")
    told = {"events": events, "seconds": seconds, "short": short}
    options = {option: value for option, value in told.items() if value is not None}
    if strangers := options.keys() - options_of(name):
        raise click.BadParameter(f"{name} takes no --{', --'.join(sorted(strangers))}")
    try:
        result = run(name, tell, walled=walls, **options)
    except Lost as lost:
        raise StackFailed(f"{name} lost something: {lost}") from lost
    print(json.dumps(result.to_json(), indent=None if as_json else 2, ensure_ascii=False))
    if not result.met:
        sys.exit(1)


@click.command()
@click.option(
    "--incomplete",
    is_flag=True,
    help="Go on also where the owner keeps too little, or is a partner, who alone could write it again: what is gone "
    "is listed.",
)
@where_options
@feed_option
@json_option
def republish(incomplete: bool, feed: bool, as_json: bool, **where: Unpack[Where]) -> None:
    """Heal consumers from which Kafka has lost history: who published it publishes again what they lack.

    Each event has the id and the number that it had. What a partner wrote on a topic of its own no service can publish
    again: that is listed. Exits 0 when nothing is lost any more, 1 when something is missing or kept no more."""
    from jobplus.republishing import republish as heal
    from jobplus.tables import not_kept_lines

    healed = heal(addresses(needed=("operator",), feed=feed, **where), tell, incomplete=incomplete)
    if as_json:
        lost = [one._asdict() for one in healed.lost]
        not_kept = [{**one._asdict(), "topic": one.topic.name} for one in healed.not_kept]
        print(json.dumps({"healed": lost, "not_kept": not_kept, "missing": healed.missing}, default=str))
    else:
        print(f"{len(healed.lost)} partitions healed" if healed.lost else "no service could be healed of anything")
        for line in not_kept_lines(healed.not_kept):
            print(line)
        for one in healed.missing:
            print(f"missing in the ledger: {one['topic']}, key {one['key']}, number {one['sequence']}")
    if healed.not_kept or healed.missing:
        sys.exit(1)
