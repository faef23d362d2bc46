"""Starts processes by forking one that has imported everything already: `python -m tests.kit.fork_server FD`.

Each request on the socket FD is one JSON object, and so is each answer:

    {"start": [module, argument...], "environment": {...}, "log": path}  ->  {"pid": 4711}
    {"ended": 4711}  ->  {"code": null} while it runs, then its exit code (-9 when it was killed)

A child runs the module as `python -m` would, in a session of its own, with that environment alone, its output appended
to the log. Only what is the same in every process is imported before: what is drawn by chance or read from the
environment comes after the fork. The server ends when its socket is closed; its children live on.
"""

import gc
import importlib
import json
import os
import runpy
import signal
import socket
import sys
from typing import Any

IMPORTED = (
    "faust",
    "faust.transport.drivers.aiokafka",
    "httptools",
    "openpyxl",
    "services.feed.bootstrap",
    "services.followup.bootstrap",
    "services.intake.bootstrap",
    "services.matching.bootstrap",
    "services.matching.worker",
    "services.reporting.bootstrap",
    "uvicorn.protocols.http.httptools_impl",
    "uvloop",
    "yoyo.backends.core.postgresql",
)


def serve(control: socket.socket) -> dict[str, Any] | None:
    """Answer requests until the socket is closed; in each child, give what it is to run."""
    codes: dict[int, int | None] = {}

    def reap(*_: object) -> None:
        for pid in [pid for pid, code in codes.items() if code is None]:
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                codes[pid] = os.waitstatus_to_exitcode(status)

    while message := control.recv(1 << 20):
        asked: dict[str, Any] = json.loads(message)
        reap()
        if "start" in asked:
            pid = os.fork()
            if pid == 0:
                control.close()
                return asked
            codes[pid] = None
            answer = {"pid": pid}
        else:
            answer = {"code": codes[asked["ended"]]}
        control.send(json.dumps(answer).encode())
    return None


def become(asked: dict[str, Any]) -> str:
    """Turn this child into the process that was asked for; gives the module to run."""
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    log = os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for descriptor, number in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(descriptor, number)
    os.close(log)
    os.close(nothing)
    os.environ.clear()
    os.environ.update(asked["environment"])
    module, *arguments = asked["start"]
    sys.argv = [module, *arguments]
    return module


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    control = socket.socket(fileno=int(sys.argv[1]))
    for name in IMPORTED:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    asked = serve(control)
    if asked is not None:
        runpy.run_module(become(asked), run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
