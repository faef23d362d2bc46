"""The process that draws, apart from the one that answers: `python -m services.reporting.drawing`.

    svg SECONDS    takes charts as JSON, writes for each, in their order, a line of JSON with its `name` and its `svg`,
                   or with `error` where it can't be drawn
    png SECONDS    takes an SVG, writes a PNG; ends with 3 where it is Korean and the machine has no font for that
    vega SECONDS   takes a chart as JSON, writes it as JSON that Vega draws in a browser
    script SECONDS takes nothing, writes the script that does so, packed by gzip

It has so many seconds of CPU, and gives way to whatever else wants to run.
"""

import gzip
import os
import resource
import sys

import orjson
from altair.utils.schemapi import debug_mode
from pydantic import TypeAdapter

from services.reporting.drawing.charts import has_korean_letters, png, script, svg, vega
from services.reporting.drawing.model import NO_KOREAN_FONT, Chart

_CHARTS = TypeAdapter(list[Chart])


def main() -> int:
    """Draw what standard input says, and give the process's exit code."""
    kind, seconds = sys.argv[1], int(sys.argv[2])
    os.nice(5)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    told = sys.stdin.buffer.read()
    if kind == "png":
        drawn = told.decode()
        if ' lang="ko"' in drawn and not has_korean_letters():
            return NO_KOREAN_FONT
        sys.stdout.buffer.write(png(drawn))
        return 0
    if kind == "script":
        sys.stdout.buffer.write(gzip.compress(script().encode(), mtime=0))
        return 0
    with debug_mode(False):  # tests hold each part to Vega-Lite's schema, which takes a third of the time
        if kind == "vega":
            sys.stdout.buffer.write(orjson.dumps(vega(Chart.model_validate_json(told))))
            return 0
        for chart in _CHARTS.validate_json(told):
            _write(chart)
    return 0


def _write(chart: Chart) -> None:
    try:
        line = {"name": chart.name, "svg": svg(chart)}
    except Exception as error:  # one chart that can't be drawn keeps none of the others back
        line = {"name": chart.name, "error": f"{type(error).__name__}: {error}"[:500]}
    sys.stdout.buffer.write(orjson.dumps(line) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main())
