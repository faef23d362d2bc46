"""What a run of all benchmarks keeps, writes and fails for; its results are made up."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from jobplus.bench import page, plots
from jobplus.bench.__main__ import run_all
from jobplus.bench.kept import read_rows, row_of, write_rows
from jobplus.bench.result import Peer, Result
from jobplus.bench.verdict import troubles

SETTINGS = {"PostgreSQL": {"fsync": "on"}, "intake": {"JOBPLUS_CLOCK": "system"}}
MEASURED = {"date": "2026-11-29", "machine": "two cores", "commit": "0123456789", "settings": SETTINGS}


def result(name: str, rates: list[float], peer: list[float], goal: float | None = 1.5) -> dict[str, Any]:
    rounds = [{name: ours, "plain_insert": theirs} for ours, theirs in zip(rates, peer, strict=True)]
    middle = len(rates) // 2
    ratio = sorted(rates)[middle] / sorted(peer)[middle]
    peers = {"plain_insert": Peer(sorted(peer)[middle], ratio, goal)}
    met = all(one.met for one in peers.values())
    made = Result(name, sorted(rates)[middle], "requests/s", "at least 1.5 x", met, rounds, peers, settings=SETTINGS)
    return made.to_json()


def row(rates: list[float], peer: list[float], name: str = "register") -> dict[str, Any]:
    return row_of(result(name, rates, peer), {}) | MEASURED


def test_a_row_keeps_the_spread_of_what_was_measured_and_of_its_ratio_in_each_round() -> None:
    kept = row([400, 500, 600], [200, 250, 400])
    assert (kept["measured"], kept["least"], kept["greatest"]) == (500, 400, 600)
    assert kept["peers"]["plain_insert"] == {
        "measured": 250, "ratio": 2.0, "least": 1.5, "greatest": 2.0, "goal": 1.5, "met": True,
    }  # fmt: skip


@pytest.mark.parametrize(("rate", "told"), [(90.0, []), (88.0, ["register fell to 0.88 x plain_insert"])])
def test_a_ratio_may_fall_by_a_tenth_where_rounds_lie_close_together(rate: float, told: list[str]) -> None:
    said = troubles({"register": row([rate] * 3, [100] * 3)}, {}, {"register": row([100] * 3, [100] * 3)})
    assert [line.partition(":")[0] for line in said] == told


def test_a_ratio_may_fall_by_the_spread_of_its_rounds() -> None:
    committed = {"register": row([80, 100, 120], [100] * 3)}
    assert troubles({"register": row([61] * 3, [100] * 3)}, {}, committed) == []
    assert troubles({"register": row([59] * 3, [100] * 3)}, {}, committed) != []


def test_a_row_that_is_new_or_no_longer_has_a_peer() -> None:
    new = {"register": row([1] * 3, [100] * 3)}
    assert troubles(new, {}, {}) == []
    alone = {"register": new["register"] | {"peers": {}}}
    assert troubles(alone, {}, new) == ["register wasn't measured beside plain_insert, as it is committed"]


def test_what_could_not_be_measured_fails_a_run() -> None:
    assert troubles({}, {"scale": "lost 1"}, {}) == ["scale couldn't be measured: lost 1"]


def test_rebuilding_is_compared_with_the_slowest_round_of_project() -> None:
    project = row([80, 100, 120], [10] * 3, "project")
    slower, as_fast = ({**result("rebuild", [rate] * 3, [10] * 3), "peers": {}} for rate in (79, 80))
    assert row_of(slower, {"project": project})["peers"]["project_least"]["met"] is False
    assert row_of(slower, {"project": project})["met"] is False
    assert row_of(as_fast, {"project": project})["met"] is True
    assert row_of(slower, {})["peers"] == {}
    assert row_of(slower, {})["met"] is None


def test_the_page_tells_each_goal_and_what_all_rows_ran_with() -> None:
    other = {"PostgreSQL": {"fsync": "on"}, "intake": {"JOBPLUS_CLOCK": "simulated"}}
    rows = {"register": row([400, 500, 600], [200, 250, 400]), "whole": row([100] * 3, [100] * 3) | {"settings": other}}
    written = page.written(rows)
    assert (
        "| `register` | at least 1.5 x | 500 requests/s (400 to 600) | plain insert 250: **2.00** (1.50 to 2.00), met |"
        " yes |\n"
    ) in written
    assert "plain insert 100: **1.00** (1.00 to 1.00), not met | no |\n" in written
    assert "| PostgreSQL fsync | `on` |\n" in written
    assert "- `whole` beside these: intake JOBPLUS_CLOCK `simulated`\n" in written
    assert "- 2026-11-29, two cores, commit 0123456789: `register`, `whole`\n" in written


def test_the_page_tells_what_else_a_row_saw_whatever_it_is() -> None:
    seen = {
        "goals": {"back": True, "kept": False},
        "events": 13_878,
        "mib": {"api": 91.5},
        "spread": {},
        "waits": [1, 2.5],
    }
    told = page.written({"overload": row([1] * 3, [1] * 3) | {"detail": seen}})
    assert "| `overload` | goals: back yes, kept no; events: 13,878; mib: api 91.5; waits: 1 / 2.5 |\n" in told


def test_a_plot_is_the_same_for_the_same_rows_and_tells_what_it_shows() -> None:
    bars = plots.ratios({"register": row([400, 500, 600], [200, 250, 400])})
    assert [(bar.label, bar.color, bar.told) for bar in bars] == [("register / plain insert", plots.MET, "2.00 of 1.5")]
    told = plots.drawn("Ratios", bars)
    assert told == plots.drawn("Ratios", bars)
    assert b"register / plain insert" in told
    assert b"<!--" not in told


def test_the_committed_page_and_plots_are_those_of_the_committed_rows(tmp_path: Path) -> None:
    here = Path(__file__).parents[2]
    rows = read_rows(here)
    assert page.written(rows) in (here / page.PAGE).read_text()
    (tmp_path / "docs").mkdir()
    plots.write_plots(tmp_path, rows)
    assert drawn(tmp_path) == drawn(here)


def drawn(project: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in (project / plots.FOLDER).iterdir()}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one row committed, of a ratio of 2."""
    (tmp_path / "docs").mkdir()
    (tmp_path / page.PAGE).write_text(f"# Performance\n\n{page.BEGINS}\nold\n{page.ENDS}\n\nHistory\n")
    write_rows(tmp_path, {"register": row([200] * 3, [100] * 3)})
    git = ["git", "-c", "user.name=nobody", "-c", "user.email=nobody@example.org"]
    for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "One row"]):
        subprocess.run([*git, *command], cwd=tmp_path, check=True)
    return tmp_path


def run(project: Path, results: Mapping[str, dict[str, Any] | str]) -> int:
    return run_all(project, list(results), lambda name, _: results[name], long=False)


def test_a_run_writes_rows_page_and_plots_and_leaves_the_rest(project: Path) -> None:
    assert run(project, {"whole": result("whole", [50] * 3, [100] * 3)}) == 0
    assert list(read_rows(project)) == ["register", "whole"]
    text = (project / page.PAGE).read_text()
    assert text.startswith(f"# Performance\n\n{page.BEGINS}\n| benchmark |")
    assert text.endswith(f"{page.ENDS}\n\nHistory\n")
    assert "old" not in text
    assert drawn(project).keys() == {"goals.svg", "register.svg", "whole.svg"}


def test_a_row_that_has_no_rounds_any_more_loses_its_plot(project: Path) -> None:
    run(project, {"whole": result("whole", [50] * 3, [100] * 3)})
    run(project, {"whole": {**result("whole", [50] * 3, [100] * 3), "rounds": []}})
    assert drawn(project).keys() == {"goals.svg", "register.svg"}


def test_a_run_compares_with_what_is_committed_not_with_the_run_before(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fallen = {"register": result("register", [100] * 3, [100] * 3)}
    assert (run(project, fallen), run(project, fallen)) == (1, 1)
    assert "register fell to 1.00 x plain_insert: 2.00 is committed, 1.80 the least" in capsys.readouterr().err


def test_a_run_goes_on_after_what_could_not_be_measured_and_keeps_its_row(project: Path) -> None:
    before = json.loads((project / "docs/performance.json").read_text())["register"]
    assert run(project, {"register": "exit code 3", "whole": result("whole", [50] * 3, [100] * 3)}) == 1
    assert read_rows(project)["register"] == before
    assert "whole" in read_rows(project)
