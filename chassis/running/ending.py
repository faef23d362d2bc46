"""SIGTERM ends a process that doesn't serve yet at once, whatever it is importing or waiting for, with exit code 143.

As process 1 of a container a process ignores each signal that nothing in it handles. So what runs in a container
imports this before all else; whoever has work in hand handles the signal by itself from then on. Where somebody handles
it already, this changes nothing.
"""

import os
import signal


def _end(number: int, _: object) -> None:
    os._exit(128 + number)


if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
    signal.signal(signal.SIGTERM, _end)
