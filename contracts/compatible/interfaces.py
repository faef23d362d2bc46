"""What of the HTTP interfaces would break who asks them, as oasdiff tells. `make setup` builds it, where Go is."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from contracts.compatible.breaks import Break

OASDIFF = Path(sys.prefix) / "bin" / "oasdiff"
SECONDS = 120
NOTICE_DAYS = 180
"""So long an address is marked as deprecated before it goes."""


class NoOasdiff(Exception):
    """The tool isn't there: says what is missing."""


def interface_breaks(release: Path, openapi: Path) -> Iterator[Break]:
    """Compare each interface of a release with the present one (raises NoOasdiff)."""
    if not OASDIFF.exists():
        raise NoOasdiff(f"{OASDIFF} is missing, the HTTP interfaces aren't compared: install Go 1.26, then make setup")
    for released in sorted((release / "openapi").glob("*.json")):
        present = openapi / released.name
        file = f"contracts/released/{release.name}/openapi/{released.name}"
        if not present.exists():
            yield Break(file, released.stem, "the interface is gone", "keep it until an end that was announced")
            continue
        for found in _told(released, present):
            place = f"{found.get('operation', '')} {found.get('path', '')}".strip() or "document"
            yield Break(file, place, found["text"], "add beside it; take it away after a notice, as deprecated")


def _told(released: Path, present: Path) -> list[dict[str, Any]]:
    asked = [str(OASDIFF), "breaking", str(released), str(present), "--format", "json"]
    asked += ["--deprecation-days-stable", str(NOTICE_DAYS)]
    environment = {**os.environ, "OASDIFF_NO_TELEMETRY": "1"}
    done = subprocess.run(asked, capture_output=True, timeout=SECONDS, check=False, env=environment)
    if done.returncode:
        raise RuntimeError(f"oasdiff failed on {present.name}: {done.stderr.decode(errors='replace').strip()}")
    return [one for one in json.loads(done.stdout or b"[]") if one["level"] >= ERROR]


ERROR = 3
"""What oasdiff counts as a break for sure; below that are warnings, as a code that is new in an answer."""
