"""The commands that docs/runbook.md has an operator call where nothing heals by itself: in one place."""

import subprocess
import sys

from jobplus.dead_letters import listed, send_again, settle, unsent
from jobplus.stack.errors import StackFailed
from jobplus.stack.local import Stack
from tests.faults.ground import NotSurvived

_SECONDS = 60


def republish(stack: Stack) -> None:
    """Send again what topics lost, from what the services have kept (raises NotSurvived where it fails)."""
    _call(stack, "republish")


def redrive(stack: Stack) -> None:
    """Have done again what was set aside, once its reason is gone, as `jobplus dlq` does (raises NotSurvived)."""
    try:
        for service in stack.services:
            for letter in listed(stack, service):
                settle(stack, service, letter["id"], "redrive")
            for event in unsent(stack, service):
                send_again(stack, service, event["id"])
    except StackFailed as failure:
        raise NotSurvived(f"dead letters couldn't be redriven: {failure}") from failure


def _call(stack: Stack, *words: str) -> None:
    command = [sys.executable, "-m", "jobplus.cli", *words, "--home", str(stack.home.path)]
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=_SECONDS)
    except subprocess.TimeoutExpired as late:
        said = _last((late.stderr or b"").decode())
        raise NotSurvived(f"jobplus {' '.join(words)} took over {_SECONDS} s: {said}") from None
    if done.returncode != 0:
        said = _last(done.stderr or done.stdout)
        raise NotSurvived(f"jobplus {' '.join(words)} ended with {done.returncode}: {said}")


def _last(said: str) -> str:
    return next(reversed(said.strip().splitlines()), "it said nothing")
