"""The commands `jobplus dlq`, about dead letters."""

from typing import Annotated

import typer

from jobplus.cli.options import DEFAULT_HOME, BasePortOption, HomeOption, JsonOption, stack_at

ServiceArgument = Annotated[str, typer.Argument(help="intake, matching, followup or reporting.")]
LetterArgument = Annotated[int, typer.Argument(help="The letter's id, as dlq list shows it.")]


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


def show_letter(
    service: ServiceArgument, letter: LetterArgument, home: HomeOption = DEFAULT_HOME, base_port: BasePortOption = None
) -> None:
    """Show a dead letter whole, and what is parked behind it."""
    import json

    from jobplus.dead_letters import shown

    print(json.dumps(shown(stack_at(home, base_port), service, letter), indent=2, ensure_ascii=False))


def redrive_letter(
    service: ServiceArgument, letter: LetterArgument, home: HomeOption = DEFAULT_HOME, base_port: BasePortOption = None
) -> None:
    """Apply a dead letter again, then what is parked behind it; exits 1 when it fails again."""
    from jobplus.dead_letters import settle

    answer = settle(stack_at(home, base_port), service, letter, "redrive")
    print("applied" if answer["applied"] else f"failed again: {answer['error']}")
    if not answer["applied"]:
        raise typer.Exit(1)


def discard_letter(
    service: ServiceArgument, letter: LetterArgument, home: HomeOption = DEFAULT_HOME, base_port: BasePortOption = None
) -> None:
    """Give up a dead letter, and apply what is parked behind it."""
    from jobplus.dead_letters import settle

    settle(stack_at(home, base_port), service, letter, "discard")
    print("discarded")
