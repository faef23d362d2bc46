"""The network between each service and its servers, by toxiproxy: to be cut, slowed, or open one way only.

It is built once, from its Go module at a pinned version, into the cache folder; where Go is missing there is none, and
services reach their servers directly.
"""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, Literal

from jobplus.stack.cache import install
from jobplus.stack.errors import StackFailed
from jobplus.stack.ports import HOST

VERSION = "2.12.0"
_MODULE = f"github.com/Shopify/toxiproxy/v2/cmd/server@v{VERSION}"
_BUILD_SECONDS = 600
_START_SECONDS = 10

Stream = Literal["upstream", "downstream"]


def toxiproxy() -> tuple[Path | None, str]:
    """The program; or None, and why there is none."""
    go = shutil.which("go")
    if go is None:
        return None, "no Go is here to build toxiproxy"

    def build(folder: Path) -> None:
        of_go = {"GOBIN": folder, "GOPATH": folder / "go", "GOCACHE": folder / "built", "GOFLAGS": "-modcacherw"}
        environment = {**os.environ, **{name: str(value) for name, value in of_go.items()}}
        done = subprocess.run(
            [go, "install", _MODULE], check=False, env=environment, capture_output=True, text=True,
            timeout=_BUILD_SECONDS,
        )  # fmt: skip
        if done.returncode != 0:
            raise StackFailed(f"toxiproxy couldn't be built: {' '.join(done.stderr.split())[-300:]}")
        for left in ("go", "built"):
            shutil.rmtree(folder / left)

    try:
        return install(f"toxiproxy-{VERSION}", build) / "server", ""
    except (StackFailed, subprocess.TimeoutExpired) as failure:
        return None, str(failure)


class Proxies:
    """One running toxiproxy, and its proxies by name."""

    def __init__(self, program: Path, port: int) -> None:
        self._port = port
        self._process = subprocess.Popen(
            [program, "-host", HOST, "-port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        ends = time.monotonic() + _START_SECONDS
        while True:
            try:
                self._ask("GET", "/version")
                return
            except (OSError, HTTPException):
                if time.monotonic() > ends:
                    self.close()
                    raise
            time.sleep(0.05)

    def add(self, name: str, port: int, upstream: int) -> None:
        """Listen on a port, and pass on to another one."""
        proxy = {"name": name, "listen": f"{HOST}:{port}", "upstream": f"{HOST}:{upstream}", "enabled": True}
        self._ask("POST", "/proxies", proxy)

    @contextmanager
    def cut(self, name: str) -> Iterator[None]:
        """Close what is open, and refuse what comes."""
        self._ask("POST", f"/proxies/{name}", {"enabled": False})
        try:
            yield
        finally:
            self._ask("POST", f"/proxies/{name}", {"enabled": True})

    @contextmanager
    def slow(self, name: str, milliseconds: int) -> Iterator[None]:
        """Let each piece wait, both ways, and let few bytes pass."""
        latency = {"latency": milliseconds, "jitter": milliseconds // 2}
        with (
            self._toxic(name, "latency", "upstream", latency),
            self._toxic(name, "latency", "downstream", latency),
            self._toxic(name, "bandwidth", "downstream", {"rate": 200}),
        ):
            yield

    @contextmanager
    def one_way(self, name: str, lost: Stream) -> Iterator[None]:
        """Let nothing pass one way any more, without a word; afterwards what was open is closed."""
        with self._toxic(name, "timeout", lost, {"timeout": 0}):
            yield

    def close(self) -> None:
        self._process.kill()
        self._process.wait(10)

    @contextmanager
    def _toxic(self, proxy: str, kind: str, stream: Stream, attributes: dict[str, Any]) -> Iterator[None]:
        toxic = {"name": f"{kind}-{stream}", "type": kind, "stream": stream, "attributes": attributes}
        self._ask("POST", f"/proxies/{proxy}/toxics", toxic)
        try:
            yield
        finally:
            self._ask("DELETE", f"/proxies/{proxy}/toxics/{toxic['name']}")

    def _ask(self, method: str, path: str, body: Any = None) -> None:
        connection = HTTPConnection(HOST, self._port, timeout=10)
        try:
            connection.request(method, path, None if body is None else json.dumps(body))
            answer = connection.getresponse()
            said = answer.read()
            if answer.status >= 300:
                raise HTTPException(f"{method} {path}: {answer.status} {said.decode()}")
        finally:
            connection.close()
