"""The options that commands share, and what they name."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

import click

if TYPE_CHECKING:
    from jobplus.settling import Addresses
    from jobplus.stack.keys import Role
    from jobplus.stack.local import Stack

PATH = click.Path(path_type=Path)

home_option = click.option(
    "--home",
    type=PATH,
    default=Path(".jobplus"),
    show_default=True,
    help="The folder that holds the stack's state.",
)
base_port_option = click.option(
    "--base-port",
    type=int,
    show_default="the home's last, or 7400",
    help="The first of the stack's ports.",
)
at_option = click.option("--at", help="The address that the services share, instead of the local stack.")
keys_option = click.option("--keys", type=PATH, help="With --at: the folder with the signing key of its test tokens.")
tokens_option = click.option(
    "--token",
    "tokens",
    metavar="ROLE=FILE",
    multiple=True,
    help="With --at: a file with a token, one for each role that is needed.",
)
ca_option = click.option(
    "--ca", type=PATH, help="With an https --at: the file of its certificate's authority, not the system's."
)
feed_option = click.option(
    "--feed", is_flag=True, help="With --at: the partners' feed runs there, too; of a local stack that is known."
)
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")


class Where(TypedDict):
    """The options by which a command finds the services, as `where_options` gives them."""

    at: str | None
    tokens: Sequence[str]
    ca: Path | None
    keys: Path | None
    home: Path
    base_port: int | None


def where_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """All options by which a command finds the services."""
    for option in (base_port_option, home_option, keys_option, ca_option, tokens_option, at_option):
        command = option(command)
    return command


partners_option = click.option(
    "--partners",
    metavar="FOLDER",
    type=PATH,
    help="The folder with the partners' records.",
)


def tell(line: str) -> None:
    """A line for the person who waits, on standard error: standard output holds only what was asked for."""
    print(line, file=sys.stderr, flush=True)


def stack_at(home: Path, base_port: int | None, *, brief: bool = False, feed: bool = False) -> "Stack":
    """The stack in a home, telling its steps on standard error."""
    from jobplus.stack.local import Stack

    return Stack(home, base_port, brief=brief, feed=feed, say=tell)


def addresses(
    *,
    needed: Sequence["Role"],
    at: str | None,
    home: Path,
    base_port: int | None,
    keys: Path | None = None,
    tokens: Sequence[str] = (),
    ca: Path | None = None,
    feed: bool = False,
) -> "Addresses":
    """Where the services are: behind one shared address, or in the local stack. `needed` are the roles as which they
    will be asked (raises OptionRefused); with `feed` the partners' feed is behind the address, too."""
    from jobplus.stack.errors import OptionRefused

    if at is None:
        for name, given in (("--keys", keys), ("--token", tokens), ("--ca", ca), ("--feed", feed)):
            if given:
                raise OptionRefused(f"{name} goes with --at")
        return stack_at(home, base_port)
    if keys and tokens:
        raise OptionRefused("give either --token or --keys")
    if not keys and not tokens:
        raise OptionRefused("--at goes with tokens, or keys to sign them with: see --help")
    from jobplus.remote import Remote, signed_with
    from jobplus.tokens import TokenFiles

    return Remote(at, signed_with(keys) if keys else TokenFiles(tokens, needed).token, ca, feed=feed)
