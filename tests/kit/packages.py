"""The package that partners install, built as `make contracts-package` builds it."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
UV = Path(sys.executable).parent / "uv"


def built(folder: Path, source: Path = ROOT / "contracts") -> tuple[Path, Path]:
    """Build it from its sources into a folder; gives the wheel and the archive of its sources."""
    command = [sys.executable, "-m", "hatchling", "build", "--directory", str(folder)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    (wheel,), (sources,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return wheel, sources


def installed(environment: Path, *packages: str | Path) -> Path:
    """Make an environment with packages and what they need, in the locked versions; gives its Python."""
    subprocess.run([UV, "venv", "--quiet", "--python", sys.executable, environment], check=True)
    python = environment / "bin" / "python"
    locked = ROOT / "locks" / "dev.txt"
    command = [UV, "pip", "install", "--quiet", "--python", python, "--constraint", locked, *packages]
    subprocess.run(command, check=True)
    return python
