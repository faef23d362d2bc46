"""The command that keeps a centre for partners to build against."""

from pathlib import Path

import click

from jobplus.cli.options import PATH, base_port_option, tell


@click.command("sandbox")
@click.option("--minutes", type=click.FloatRange(0.01), default=10.0, show_default=True, help="How long a day takes.")
@click.option("--persons", type=click.IntRange(1, 1000), default=12, show_default=True, help="How many come on a day.")
@click.option(
    "--home",
    type=PATH,
    default=Path(".jobplus-sandbox"),
    show_default=True,
    help="The folder that holds its state: with the same one it goes on where it ended.",
)
@base_port_option
def sandbox(minutes: float, persons: int, home: Path, base_port: int | None) -> None:
    """Keep a centre of invented persons that goes on by itself, for systems that read its events to be built against.

    It says where its Kafka and its feed are, with the files that a partner needs for each, and ends by Ctrl-C.
    `jobplus down --wipe --home FOLDER` takes it away.
    """
    from jobplus.sandbox.run import run, stack_of

    run(stack_of(home, base_port=base_port, say=tell), minutes, persons, tell)
