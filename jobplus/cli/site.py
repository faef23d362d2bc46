"""The command that writes the site for who reads the events."""

from pathlib import Path

import click

from jobplus.cli.options import PATH, tell


@click.command("site")
@click.option("--out", "folder", metavar="FOLDER", type=PATH, default=Path("site"), show_default=True, help="Where.")
def site(folder: Path) -> None:
    """Write the site for other systems that read the events: what each means, with its fields and a sample, and how to
    be right with them; in Korean and in English.

    It is plain files, which any web server gives out; what an earlier run wrote is replaced.
    """
    from jobplus.site.build import build

    tell("writing the pages")
    build(folder)
    tell(f"written: open {folder / 'index.html'}")
