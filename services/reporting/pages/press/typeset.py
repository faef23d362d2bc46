"""Texts typeset as PDF by Typst, in a process of its own: it gives its memory back, and takes no longer than it may.

Its font comes with the project, locked as all that it rests on: a report is the same on each machine, and shows Korean
on one that has no Korean font.
"""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import structlog

log = structlog.get_logger()

SECONDS = 20.0
"""How long typesetting may take."""
_HERE = Path(__file__).parent
_PROCESS = """
import json, sys
from importlib.resources import files
import typst
asked = json.load(sys.stdin)
sys.stdout.buffer.write(typst.compile(
    asked["template"], root=asked["root"], font_paths=[str(files("pylopdf_fonts_ko"))], ignore_system_fonts=True,
    sys_inputs={"contents": asked["contents"]}, pdf_standards="ua-1",
))
"""


class NotTypeset(Exception):
    """A report couldn't be made: why is in the log."""


def typeset(contents: dict[str, Any], published_on: date) -> bytes:
    """Give the report of these texts as PDF/UA, dated as it was published (raises NotTypeset, as where the font has no
    letter for a text)."""
    template = _HERE / "press.typ"
    asked = {
        "template": str(template),
        "root": str(_HERE),
        "contents": json.dumps({**contents, "date": [published_on.year, published_on.month, published_on.day]}),
    }
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", _PROCESS],
            input=json.dumps(asked).encode(),
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
    except subprocess.CalledProcessError as error:
        log.error("not_typeset", why=error.stderr.decode(errors="replace")[-2_000:])
        raise NotTypeset("typst refused it") from error
    except subprocess.TimeoutExpired as error:
        log.error("not_typeset", why=f"not done within {SECONDS:g} s")
        raise NotTypeset("it took too long") from error
    return done.stdout
