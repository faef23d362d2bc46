"""The options that commands share, and what they name."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from jobplus.settling import Addresses
    from jobplus.stack.local import Stack

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
