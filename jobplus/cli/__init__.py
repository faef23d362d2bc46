"""The `jobplus` command: each command is a thin function that calls the module that does the work.

Modules are imported inside the commands, so that each starts fast. Any command that fails by StackFailed
ends with its one line on standard error and exit code 3, by OptionRefused with exit code 2.
"""

from chassis.running import ending as ending  # before what takes long to import

# isort: split
import sys

import click

from jobplus.cli import letters, partner, release, sandbox, site, stack, work
from jobplus.cli.options import tell
from jobplus.stack.errors import OptionRefused, StackFailed, file_errors_in_one_line


class _Group(click.Group):
    """Lists its commands in the order in which they are used, and tells of each all that its first paragraph says."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        told = [(name, " ".join((of.help or "").split("\n\n")[0].split())) for name, of in self.commands.items()]
        with formatter.section("Commands"):
            formatter.write_dl(told)


class _FirstByItself(_Group):
    """A group whose first command needs no name: what begins with no command's name is that one's."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        named = bool(args) and (args[0] in self.commands or args[0] in ctx.help_option_names)
        return super().parse_args(ctx, args if named else [next(iter(self.commands)), *args])


import_ = _FirstByItself(
    "import",
    help="A centre moves in from files: `jobplus import FOLDER` brings them in.",
    commands=[work.bring, work.close, work.template],
)
dlq = _Group(
    "dlq",
    help="Dead letters: what can't be applied, from where, why, and what is parked behind it; and what Kafka refuses.",
    commands=[
        letters.list_letters,
        letters.show_letter,
        letters.redrive_letter,
        letters.discard_letter,
        letters.list_unsent,
        letters.send_event,
    ],
)
partners = _Group(
    "partner",
    help="Other systems that read whole topics: let in by a ground, until a day; listed, rotated, ended.",
    commands=[partner.add, partner.list_, partner.rotate, partner.end],
)
jobplus = _Group(
    "jobplus",
    help="The local stack of the city employment centre, and what is done with it.",
    commands=[
        stack.up,
        stack.down,
        stack.status,
        stack.token,
        stack.topics,
        import_,
        work.replay,
        work.figures,
        release.release,
        work.bench,
        work.republish,
        dlq,
        partners,
        site.site,
        sandbox.sandbox,
    ],
)


def app() -> None:
    """Run what the process's arguments ask for; always ends it."""
    try:
        with file_errors_in_one_line():
            jobplus(prog_name="jobplus")
    except OptionRefused as refusal:
        tell(f"jobplus: {refusal}")
        sys.exit(2)
    except StackFailed as failure:
        tell(f"jobplus: {failure}")
        sys.exit(3)
