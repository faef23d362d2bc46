"""Takes down the contracts as they are, as a release that all later ones are held against."""

import shutil
from pathlib import Path

from contracts.compatible.changelog import CHANGELOG, COMING, sections
from contracts.compatible.versions import version_in
from contracts.event import EVENTS
from contracts.generate.revisions import releases, revisions
from contracts.generate.schemas import notice_schema, schema_of
from contracts.generate.texts import as_json
from contracts.notices import NOTICES


class NotReleased(Exception):
    """The release isn't taken down: says why."""


def take_down(home: Path, openapi: Path, version: str) -> Path:
    """Write the next release, of this version, into `home`/released; gives its folder (raises NotReleased)."""
    number = int(releases(home)[-1].name) + 1 if releases(home) else 1
    section = sections(home).get(str(number))
    if section is None or section.day is None or str(version_in(section.heading)) != version:
        told = f"## {number} of YYYY-MM-DD, version {version}"
        raise NotReleased(
            f"{CHANGELOG} has no section {number} with its day and the present version: write {told} below {COMING}"
        )
    folder, revised = home / "released" / str(number), revisions(home)
    (folder / "schemas").mkdir(parents=True)
    for name, kind in EVENTS.items():
        (folder / "schemas" / f"{name}.json").write_text(as_json(schema_of(kind, revised[name])), "utf-8")
    for name, notice in NOTICES.items():
        (folder / "schemas" / f"{name}.json").write_text(as_json(notice_schema(notice, revised[name])), "utf-8")
    for samples in (home / "samples", home / "notices" / "samples"):
        shutil.copytree(samples, folder / "samples", dirs_exist_ok=True)
    shutil.copy(home / "asyncapi.yaml", folder)
    shutil.copytree(openapi, folder / "openapi")
    return folder
