"""The options that commands share, and what they name."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from jobplus.settling import Addresses
    from jobplus.stack.keys import Role
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
TokensOption = Annotated[
    list[str] | None,
    typer.Option(
        "--token", metavar="ROLE=FILE", help="With --at: a file with a token, one for each role that is needed."
    ),
]
CaOption = Annotated[
    Path | None,
    typer.Option("--ca", help="With an https --at: the file of its certificate's authority, not the system's."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]

DEFAULT_HOME = Path(".jobplus")


def tell(line: str) -> None:
    """A line for the person who waits, on standard error: standard output holds only what was asked for."""
    print(line, file=sys.stderr, flush=True)


def stack_at(home: Path, base_port: int | None, *, brief: bool = False) -> "Stack":
    """The stack in a home, telling its steps on standard error."""
    from jobplus.stack.local import Stack

    return Stack(home, base_port, brief=brief, say=tell)


def addresses(
    at: str | None,
    home: Path,
    base_port: int | None,
    *,
    needed: Sequence["Role"],
    keys: Path | None = None,
    tokens: Sequence[str] | None = None,
    ca: Path | None = None,
) -> "Addresses":
    """Where the services are: behind one shared address, or in the local stack. `needed` are the roles as which they
    will be asked (raises OptionRefused)."""
    from jobplus.stack.errors import OptionRefused

    if at is None:
        for name, given in (("--keys", keys), ("--token", tokens), ("--ca", ca)):
            if given:
                raise OptionRefused(f"{name} goes with --at")
        return stack_at(home, base_port)
    if keys and tokens:
        raise OptionRefused("give either --token or --keys")
    if not keys and not tokens:
        raise OptionRefused("--at goes with tokens, or keys to sign them with: see --help")
    from jobplus.remote import Remote, signed_with
    from jobplus.tokens import TokenFiles

    return Remote(at, signed_with(keys) if keys else TokenFiles(tokens or (), needed).token, ca)
