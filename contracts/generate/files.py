"""Which files are generated, and which of them are out of date; which samples are missing."""

import json
from pathlib import Path
from typing import Any

import yaml

from contracts.event import EVENTS
from contracts.generate.asyncapi import document
from contracts.generate.drafts import draft_of
from contracts.generate.readme import with_topics
from contracts.generate.revisions import module, revisions
from contracts.generate.schemas import notice_schema, schema_of
from contracts.generate.texts import as_json
from contracts.notices import NOTICES
from contracts.passing import PassingOnEnded


def drafts(home: Path) -> dict[Path, str]:
    """Give a first sample of each event that has none, by its path. Once written it is kept."""
    missing = {home / "samples" / f"{name}.json": kind for name, kind in EVENTS.items()}
    return {path: as_json(draft_of(kind)) for path, kind in missing.items() if not path.exists()}


def generated(home: Path) -> dict[Path, str]:
    """Give each generated file's path under `home` and what it must hold; every event has its sample."""
    examples: dict[str, Any] = {
        kind: json.loads((folder / "samples" / f"{kind}.json").read_text("utf-8"))
        for folder, kinds in ((home, EVENTS), (home / "notices", NOTICES))
        for kind in kinds
    }
    revised = revisions(home)
    files = {
        home / "revisions.py": module(home),
        home / "asyncapi.yaml": _HEADER + yaml.dump(document(examples, revised), **_YAML),
    }
    page = home / "README.md"
    files[page] = with_topics(page.read_text("utf-8"))
    for name, kind in EVENTS.items():
        if not kind.topic.partners:
            continue
        files[home / "schemas" / f"{name}.json"] = as_json(schema_of(kind, revised[name]))
    files[home / "schemas" / f"{PassingOnEnded.type}.json"] = as_json(schema_of(PassingOnEnded))
    for name, notice in NOTICES.items():
        files[home / "notices" / "schemas" / f"{name}.json"] = as_json(notice_schema(notice, revised[name]))
    return files


def out_of_date(home: Path) -> list[Path]:
    """Name the files under `home` that are missing, differ from what they must hold, or belong to no event."""
    if missing := [*drafts(home)]:
        return missing
    wanted = generated(home)
    differing = [path for path, text in wanted.items() if not path.exists() or path.read_text("utf-8") != text]
    present = sorted([*(home / "schemas").glob("*.json"), *(home / "notices" / "schemas").glob("*.json")])
    return differing + [path for path in present if path not in wanted]


class _Readable(yaml.SafeDumper):
    """Writes a text of several lines as such, and quotes digits: YAML 1.2 takes 08 for a number, PyYAML doesn't."""

    def represent_text(self, text: str) -> yaml.ScalarNode:
        style = "|" if "\n" in text else "'" if text.isdigit() else None
        return self.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Readable.add_representer(str, _Readable.represent_text)

_HEADER = "# Written by python -m contracts.generate from the event models; don't edit.\n"
_YAML: dict[str, Any] = {"sort_keys": False, "allow_unicode": True, "width": 110, "Dumper": _Readable}
