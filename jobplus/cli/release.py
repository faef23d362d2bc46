"""`jobplus release`."""

import json
from datetime import date, datetime
from typing import Any, Unpack

import click

from jobplus.cli.options import Where, addresses, json_option, where_options


@click.command()
@click.argument("day", required=False, type=click.DateTime(formats=["%Y-%m-%d"]))
@click.option("--correct", "correcting", is_flag=True, help="Tell what became known of DAY's release since.")
@click.option("--reason", help="With --correct: recorded_late, record_corrected or counted_anew.")
@where_options
@json_option
def release(day: datetime | None, correcting: bool, reason: str | None, as_json: bool, **where: Unpack[Where]) -> None:
    """Publish the centre's figures up to a month's last DAY, for everyone; without a day, list what was released.

    A release is published once and stays as it is; the hash is that of its document's bytes. What becomes known later
    is told beside it: by itself when the next one is published, or at once by --correct. Waits while events that have
    arrived are still to be counted. Exits 2 where it is refused."""
    from jobplus.releasing import correct, released
    from jobplus.releasing import release as publish

    if (correcting and day is None) or (reason and not correcting):
        raise click.UsageError("--correct wants the DAY of a release, and --reason goes with --correct")
    at = addresses(needed=("manager",), **where)
    if correcting and day:
        _tell(day.date(), correct(at, day.date(), reason), as_json)
        return
    found = released(at) if day is None else [publish(at, day.date())]
    if as_json:
        print(json.dumps(found if day is None else found[0]))
        return
    if not found:
        print("nothing was released yet: jobplus release YYYY-MM-DD")
    for one in found:
        print(f"{one['day']}  published {one['published_on']}  ledger {one['position']}  sha256 {one['hash']}")


def _tell(day: date, made: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps(made))
        return
    print(f"{day}  correction {made['number']} of {made['corrected_on']}  ledger {made['position']}")
    for one in made["figures"]:
        place = " ".join(filter(None, (one["figure"], one["column"], one["month"])))
        print(f"  {place}: {one['published']} was told, {one['known']} is known")
