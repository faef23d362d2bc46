"""Asks a process of a service how it is, over its HTTP port."""

import http.client
import json
from collections.abc import Mapping
from typing import cast

from jobplus.stack.ports import HOST


def get(port: int, path: str, *, token: str | None = None, seconds: float = 3) -> tuple[int, bytes]:
    """The status and body of a GET on this machine; raises OSError or HTTPException without an answer."""
    # http.client takes no proxy from the environment, which would send local questions abroad.
    connection = http.client.HTTPConnection(HOST, port, timeout=seconds)
    try:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def get_json(port: int, path: str, *, token: str | None = None, seconds: float = 3) -> Mapping[str, object]:
    """The JSON object at a path; raises OSError, HTTPException or ValueError without one."""
    status, body = get(port, path, token=token, seconds=seconds)
    if status != 200:
        raise ValueError(f"HTTP {status}: {_shortened(body)}")
    answer: object = json.loads(body)
    if not isinstance(answer, dict):
        raise ValueError(f"no JSON object: {_shortened(body)}")
    return cast("Mapping[str, object]", answer)


def unready_because(port: int) -> str | None:
    """Why the process on this port isn't ready, in one line; None when it is."""
    try:
        status, body = get(port, "/health/ready")
    except ConnectionRefusedError:
        return f"nothing listens on port {port} yet"
    except (OSError, http.client.HTTPException) as error:
        return f"no answer on port {port}: {error or type(error).__name__}"
    return None if status == 200 else f"HTTP {status}: {_shortened(body)}"


def _shortened(body: bytes) -> str:
    return " ".join(body.decode(errors="replace").split())[:300]
