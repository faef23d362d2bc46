"""Downloads in the user's cache folder: fetched once, whole or not at all, and shared by all stacks."""

import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import cast

from jobplus.stack.errors import StackFailed
from jobplus.stack.locking import only_one

_MANIFEST = "jobplus-files.json"
_FREE_BYTES = 800_000_000
_LOCK_SECONDS = 900


def cache_folder() -> Path:
    """$XDG_CACHE_HOME/jobplus, or ~/.cache/jobplus; root's is /var/cache/jobplus.

    PostgreSQL refuses to run as root and runs as another user, who can't start programs below root's home.
    """
    configured = os.environ.get("XDG_CACHE_HOME", "")
    # By the XDG rules a relative path is no setting.
    if configured.startswith("/"):
        return Path(configured) / "jobplus"
    return Path("/var/cache/jobplus") if os.geteuid() == 0 else Path.home() / ".cache" / "jobplus"


def install(name: str, fill: Callable[[Path], None]) -> Path:
    """The folder `name` of the cache; when it isn't whole, `fill` puts the checked files into a new one.

    Whole means: every file that was installed is there in its size (cleaners take single old files out of
    cache folders). What `fill` raises passes, and leaves nothing.
    """
    folder = cache_folder() / name
    if _is_whole(folder):
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)

    def say_waiting() -> None:
        print(f"waiting for another jobplus to finish its download of {name}", file=sys.stderr)

    with only_one(folder.parent / f"{name}.lock", seconds=_LOCK_SECONDS, on_wait=say_waiting):
        if _is_whole(folder):
            return folder
        free = shutil.disk_usage(folder.parent).free
        if free < _FREE_BYTES:
            raise StackFailed(
                f"only {free // 1_000_000} MB are free for downloads in {folder.parent}, "
                f"{_FREE_BYTES // 1_000_000} are needed: free some space or set XDG_CACHE_HOME"
            )
        partial = folder.parent / f"{name}.partial"
        shutil.rmtree(partial, ignore_errors=True)
        try:
            partial.mkdir()
            fill(partial)
            (partial / _MANIFEST).write_text(json.dumps(_sizes(partial)))
            if folder.exists():
                shutil.rmtree(folder)
            partial.rename(folder)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    return folder


def _sizes(folder: Path) -> dict[str, int]:
    return {str(p.relative_to(folder)): p.stat().st_size for p in folder.rglob("*") if p.is_file()}


def _is_whole(folder: Path) -> bool:
    try:
        manifest = cast("dict[str, int]", json.loads((folder / _MANIFEST).read_bytes()))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return False
    try:
        return all((folder / name).stat().st_size == size for name, size in manifest.items())
    except FileNotFoundError:
        return False
