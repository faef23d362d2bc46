"""The `jobplus` command: each command is a thin function that calls the module that does the work.

Modules are imported inside the commands, so that each starts fast. Any command that fails by StackFailed
ends with its one line on standard error and exit code 3, by OptionRefused with exit code 2.
"""

import sys

import typer

from jobplus.cli import letters, stack, work
from jobplus.cli.options import tell


class _Application(typer.Typer):
    def __call__(self, *args: object, **options: object) -> object:
        from jobplus.stack.errors import OptionRefused, StackFailed, file_errors_in_one_line

        try:
            with file_errors_in_one_line():
                return super().__call__(*args, **options)
        except OptionRefused as refusal:
            tell(f"jobplus: {refusal}")
            sys.exit(2)
        except StackFailed as failure:
            tell(f"jobplus: {failure}")
            sys.exit(3)


app = _Application(
    name="jobplus",
    help="The local stack of the city employment centre, and what is done with it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(stack.up)
app.command()(stack.down)
app.command()(stack.status)
app.command()(stack.token)
app.command()(stack.topics)
app.command("import")(work.import_)
app.command()(work.replay)
app.command()(work.figures)
app.command()(work.bench)

dlq = typer.Typer(help="Dead letters: what can't be applied, from where, why, and what is parked behind it.")
app.add_typer(dlq, name="dlq", no_args_is_help=True)
dlq.command("list")(letters.list_letters)
dlq.command("show")(letters.show_letter)
dlq.command("redrive")(letters.redrive_letter)
dlq.command("discard")(letters.discard_letter)
