"""Takes down the contracts as they are, as a release that all later ones are held against."""

import shutil
from pathlib import Path

from contracts.compatible.changelog import CHANGELOG, COMING, sections
from contracts.event import EVENTS
from contracts.generate.revisions import releases, revisions
from contracts.generate.schemas import schema_of
from contracts.generate.texts import as_json


class NotReleased(Exception):
    """The release isn't taken down: says why."""


def take_down(home: Path, openapi: Path) -> Path:
    """Write the next release into `home`/released; gives its folder (raises NotReleased)."""
    number = int(releases(home)[-1].name) + 1 if releases(home) else 1
    section = sections(home).get(str(number))
    if section is None or section.day is None:
        told = f"## {number} of YYYY-MM-DD"
        raise NotReleased(f"{CHANGELOG} has no section {number} with its day: write {told} below {COMING}")
    folder, revised = home / "released" / str(number), revisions(home)
    (folder / "schemas").mkdir(parents=True)
    for name, kind in EVENTS.items():
        (folder / "schemas" / f"{name}.json").write_text(as_json(schema_of(kind, revised[name])), "utf-8")
    shutil.copytree(home / "samples", folder / "samples")
    shutil.copy(home / "asyncapi.yaml", folder)
    shutil.copytree(openapi, folder / "openapi")
    return folder
