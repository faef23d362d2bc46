"""`jobplus release`."""

import json
from datetime import datetime
from typing import Unpack

import click

from jobplus.cli.options import Where, addresses, json_option, where_options


@click.command()
@click.argument("day", required=False, type=click.DateTime(formats=["%Y-%m-%d"]))
@where_options
@json_option
def release(day: datetime | None, as_json: bool, **where: Unpack[Where]) -> None:
    """Publish the centre's figures up to a month's last DAY, for everyone; without a day, list what was released.

    A release is published once and stays as it is; the hash is that of its document's bytes. Waits while events that
    have arrived are still to be counted. Exits 2 where it is refused."""
    from jobplus.releasing import release as publish
    from jobplus.releasing import released

    at = addresses(needed=("manager",), **where)
    found = released(at) if day is None else [publish(at, day.date())]
    if as_json:
        print(json.dumps(found if day is None else found[0]))
        return
    if not found:
        print("nothing was released yet: jobplus release YYYY-MM-DD")
    for one in found:
        print(f"{one['day']}  published {one['published_on']}  ledger {one['position']}  sha256 {one['hash']}")
