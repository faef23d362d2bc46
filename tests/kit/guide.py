"""The commands of the site's guide, as they stand on a page: what a test runs is what a reader types."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

GUIDE = Path(__file__).parents[2] / "jobplus/site/guide"
_SECONDS = 60


def commands_of(page: str, language: str = "en") -> list[str]:
    """The blocks of commands of a page, in order."""
    return re.findall(r"^```sh\n(.*?)^```$", (GUIDE / language / page).read_text(), re.S | re.M)


def run(command: str, folder: Path, more: Mapping[str, str] | None = None) -> str:
    """Run a block in a folder, by a shell in which `python3` is the one that has what the guide asks for; gives what it
    printed."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    shell = ["bash", "-euo", "pipefail", "-c", command]
    environment = {**os.environ, "PATH": path, **(more or {})}
    done = subprocess.run(
        shell, cwd=folder, env=environment, check=False, capture_output=True, text=True, timeout=_SECONDS
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout
