"""The commands `jobplus dlq`, about dead letters, and about events that Kafka refuses."""

import json
import sys
from typing import Unpack

import click

from jobplus.cli.options import Where, addresses, feed_option, json_option, where_options

_LETTER = "SERVICE is intake, matching, followup, reporting or feed; LETTER is the letter's id, as dlq list shows it."


@click.command("list")
@where_options
@feed_option
@json_option
def list_letters(feed: bool, as_json: bool, **where: Unpack[Where]) -> None:
    """List the dead letters of every service."""
    from jobplus.dead_letters import listed

    services = addresses(needed=("operator",), feed=feed, **where)
    found = {service: listed(services, service) for service in services.services}
    if as_json:
        print(json.dumps(found))
    elif any(found.values()):
        from rich.console import Console

        from jobplus.tables import letters_table

        Console().print(letters_table(found))
    else:
        print("there are no dead letters")


@click.command("show", epilog=_LETTER)
@click.argument("service")
@click.argument("letter", type=int)
@where_options
def show_letter(service: str, letter: int, **where: Unpack[Where]) -> None:
    """Show a dead letter whole, and what is parked behind it."""
    from jobplus.dead_letters import shown

    print(json.dumps(shown(addresses(needed=("operator",), **where), service, letter), indent=2, ensure_ascii=False))


@click.command("redrive", epilog=_LETTER)
@click.argument("service")
@click.argument("letter", type=int)
@where_options
def redrive_letter(service: str, letter: int, **where: Unpack[Where]) -> None:
    """Apply a dead letter again, then what is parked behind it; exits 1 when it isn't applied.

    What is older of its key comes first: where that fails again, this one isn't tried, and the command says which to
    see to."""
    from jobplus.dead_letters import redriven, settle

    answer = settle(addresses(needed=("operator",), **where), service, letter, "redrive")
    print(redriven(service, letter, answer))
    if not answer["applied"]:
        sys.exit(1)


@click.command("discard", epilog=_LETTER)
@click.argument("service")
@click.argument("letter", type=int)
@where_options
def discard_letter(service: str, letter: int, **where: Unpack[Where]) -> None:
    """Give up a dead letter, and apply what is parked behind it."""
    from jobplus.dead_letters import discarded, settle

    print(discarded(settle(addresses(needed=("operator",), **where), service, letter, "discard")))


@click.command("unsent")
@where_options
@json_option
def list_unsent(as_json: bool, **where: Unpack[Where]) -> None:
    """List the events of every service that Kafka refused."""
    from jobplus.dead_letters import unsent
    from jobplus.stack.ports import SERVICES

    services = addresses(needed=("operator",), **where)
    found = {service: unsent(services, service) for service in SERVICES}
    if as_json:
        print(json.dumps(found))
    elif any(found.values()):
        from rich.console import Console

        from jobplus.tables import unsent_table

        Console().print(unsent_table(found))
    else:
        print("Kafka refused nothing")


@click.command("send", epilog="SERVICE is intake, matching, followup or reporting; EVENT is the id in dlq unsent.")
@click.argument("service")
@click.argument("event", type=int)
@where_options
def send_event(service: str, event: int, **where: Unpack[Where]) -> None:
    """Have an event that Kafka refused sent again, and then what is parked behind it."""
    from jobplus.dead_letters import send_again

    moved = send_again(addresses(needed=("operator",), **where), service, event)
    print(f"to be sent again: {moved}; what Kafka refuses again, dlq unsent lists again")
