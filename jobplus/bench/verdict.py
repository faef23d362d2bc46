"""When a run of all benchmarks fails: a row couldn't be measured, lost something, or fell below what is committed.

Only ratios are compared with those of another run, since a peer in the same run is as slow as its machine. A ratio may
fall by its spread, which is that of the committed rounds or of these, whichever is wider, and a tenth of the ratio at
the least: rounds of one run lie closer together than runs do.
"""

from collections.abc import Iterator, Mapping

from jobplus.bench.kept import Row

LEAST_SPREAD = 0.1


def troubles(measured: Mapping[str, Row], failed: Mapping[str, str], committed: Mapping[str, Row]) -> list[str]:
    """Say what makes the run fail, a line for each: rows that were measured, those that failed with why, and the
    committed rows."""
    fallen = (line for name, row in measured.items() for line in _fallen(name, row, committed.get(name)))
    return [*(f"{name} couldn't be measured: {why}" for name, why in failed.items()), *fallen]


def _fallen(name: str, row: Row, committed: Row | None) -> Iterator[str]:
    for peer, before in (committed or {"peers": {}})["peers"].items():
        now = row["peers"].get(peer)
        if now is None:
            yield f"{name} wasn't measured beside {peer}, as it is committed"
        elif now["ratio"] < (least := before["ratio"] - _spread(now, before)):
            told = f"{before['ratio']:.2f} is committed, {least:.2f} the least"
            yield f"{name} fell to {now['ratio']:.2f} x {peer}: {told}"


def _spread(now: Row, before: Row) -> float:
    return max(LEAST_SPREAD * before["ratio"], *(one["greatest"] - one["least"] for one in (now, before)))
