"""The commands `jobplus dlq`, about dead letters."""

from collections.abc import Sequence
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
)

if TYPE_CHECKING:
    from jobplus.settling import Addresses

ServiceArgument = Annotated[str, typer.Argument(help="intake, matching, followup or reporting.")]
LetterArgument = Annotated[int, typer.Argument(help="The letter's id, as dlq list shows it.")]


def list_letters(
    at: AtOption = None,
    tokens: TokensOption = None,
    ca: CaOption = None,
    keys: KeysOption = None,
    home: HomeOption = DEFAULT_HOME,
    base_port: BasePortOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the dead letters of every service."""
    from jobplus.dead_letters import listed
    from jobplus.stack.ports import SERVICES

    where = _services(at, tokens, ca, keys, home, base_port)
    found = {service: listed(where, service) for service in SERVICES}
    if as_json:
        import json

        print(json.dumps(found))
    elif any(found.values()):
        from rich.console import Console

        from jobplus.tables import letters_table

        Console().print(letters_table(found))
    else:
        print("there are no dead letters")


def show_letter(
    service: ServiceArgument,
    letter: LetterArgument,
    at: AtOption = None,
    tokens: TokensOption = None,
    ca: CaOption = None,
    keys: KeysOption = None,
    home: HomeOption = DEFAULT_HOME,
    base_port: BasePortOption = None,
) -> None:
    """Show a dead letter whole, and what is parked behind it."""
    import json

    from jobplus.dead_letters import shown

    where = _services(at, tokens, ca, keys, home, base_port)
    print(json.dumps(shown(where, service, letter), indent=2, ensure_ascii=False))


def redrive_letter(
    service: ServiceArgument,
    letter: LetterArgument,
    at: AtOption = None,
    tokens: TokensOption = None,
    ca: CaOption = None,
    keys: KeysOption = None,
    home: HomeOption = DEFAULT_HOME,
    base_port: BasePortOption = None,
) -> None:
    """Apply a dead letter again, then what is parked behind it; exits 1 when it fails again."""
    from jobplus.dead_letters import settle

    answer = settle(_services(at, tokens, ca, keys, home, base_port), service, letter, "redrive")
    print("applied" if answer["applied"] else f"failed again: {answer['error']}")
    if not answer["applied"]:
        raise typer.Exit(1)


def discard_letter(
    service: ServiceArgument,
    letter: LetterArgument,
    at: AtOption = None,
    tokens: TokensOption = None,
    ca: CaOption = None,
    keys: KeysOption = None,
    home: HomeOption = DEFAULT_HOME,
    base_port: BasePortOption = None,
) -> None:
    """Give up a dead letter, and apply what is parked behind it."""
    from jobplus.dead_letters import settle

    settle(_services(at, tokens, ca, keys, home, base_port), service, letter, "discard")
    print("discarded")


def _services(
    at: str | None,
    tokens: Sequence[str] | None,
    ca: Path | None,
    keys: Path | None,
    home: Path,
    base_port: int | None,
) -> "Addresses":
    return addresses(at, home, base_port, needed=("operator",), keys=keys, tokens=tokens, ca=ca)
