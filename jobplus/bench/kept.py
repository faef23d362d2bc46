"""docs/performance.json: the newest result of each benchmark, when and where it was measured, and what is committed.

A row keeps medians with their spread, and of each peer the ratio to it, with the least and the greatest of the rounds.
"""

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from jobplus.bench.result import medians
from jobplus.bench.run import NAMES

FILE = Path("docs/performance.json")

Row = Mapping[str, Any]


def row_of(result: Mapping[str, Any], beside: Mapping[str, Row]) -> dict[str, Any]:
    """Make the row of a result as `jobplus bench NAME --json` prints it; `beside` are the rows of the same run, without
    which it isn't known whether `rebuild` is as fast as `project` says."""
    name, rounds = result["name"], result["rounds"]
    own = [one[name] for one in rounds if name in one]
    peers = {peer: _peer(name, peer, told, rounds) for peer, told in result["peers"].items()}
    met: bool | None = result["met"]
    if name == "rebuild":
        if "project" in beside:
            peers["project_least"] = _beside_project(result, own, beside["project"])
        met = peers["project_least"]["met"] if peers else None
    return {
        "goal": result["goal"],
        "measured": result["measured"],
        "unit": result["unit"],
        "least": min(own, default=None),
        "greatest": max(own, default=None),
        "medians": {of: round(value, 1) for of, value in medians(rounds).items()} if rounds else {},
        "met": met,
        "peers": peers,
        "detail": result["detail"],
    }


def _peer(name: str, peer: str, told: Mapping[str, Any], rounds: Sequence[Mapping[str, float]]) -> dict[str, Any]:
    ratios = [one[name] / one[peer] for one in rounds if one.get(name) and one.get(peer)]
    goal, ratio = told["goal"], told["ratio"]
    return {
        "measured": told["measured"],
        "ratio": ratio,
        "least": round(min(ratios, default=ratio), 3),
        "greatest": round(max(ratios, default=ratio), 3),
        "goal": goal,
        "met": goal is None or ratio >= goal,
    }


def _beside_project(result: Mapping[str, Any], own: Sequence[float], project: Row) -> dict[str, Any]:
    """Rebuilding is no slower than what `project` says: than the slowest of its rounds."""
    least = project["least"]
    ratios = [one / least for one in own]
    return {
        "measured": least,
        "ratio": round(median(ratios), 3),
        "least": round(min(ratios), 3),
        "greatest": round(max(ratios), 3),
        "goal": 1.0,
        "met": median(ratios) >= 1.0,
    }


def read_rows(folder: Path) -> dict[str, dict[str, Any]]:
    """Give the rows that stand in a project's folder, by the benchmarks' names."""
    return json.loads((folder / FILE).read_text())


def committed_rows(folder: Path) -> dict[str, dict[str, Any]]:
    """Give the rows that are committed there, none where the file isn't yet (raises CalledProcessError without git)."""
    listed = _git(folder, "ls-tree", "--name-only", "HEAD", str(FILE))
    return json.loads(_git(folder, "show", f"HEAD:./{FILE}")) if listed else {}


def commit_of(folder: Path) -> str:
    """Name the commit that is measured, with a + where files differ from it."""
    changed = _git(folder, "status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs")
    return _git(folder, "rev-parse", "--short=10", "HEAD") + ("+" if changed else "")


def write_rows(folder: Path, rows: Mapping[str, Row]) -> None:
    """Keep rows, in the order in which they are run; whose benchmark isn't there any more is left out."""
    kept = {name: rows[name] for name in NAMES if name in rows}
    (folder / FILE).write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n")


def _git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()
