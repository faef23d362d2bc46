"""Runs a command as another user, for a server that refuses to run as root: unprivileged.py USER COMMAND...

It is a program of its own, run by its path, because a user can be changed safely only in a process with one
thread. The new process may still look into every folder: root's home and temporary folders, where the
binaries and the stack's home often lie, are closed to others.
"""

import ctypes
import os
import pwd
import sys

_CAP_DAC_OVERRIDE = 1
_CAP_DAC_READ_SEARCH = 2
_PR_SET_KEEPCAPS = 8
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_CAPABILITY_VERSION_3 = 0x20080522


def _held_capability() -> int | None:
    """The weakest capability held that opens folders; containers are often without the weaker one."""
    with open("/proc/self/status") as status:
        effective = next(int(line.split()[1], 16) for line in status if line.startswith("CapEff:"))
    return next((c for c in (_CAP_DAC_READ_SEARCH, _CAP_DAC_OVERRIDE) if effective >> c & 1), None)


def _call(result: int) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _become(user: str) -> None:
    account = pwd.getpwnam(user)
    capability = _held_capability() if sys.platform == "linux" else None
    libc = ctypes.CDLL(None, use_errno=True)
    if capability is not None:
        _call(libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0))
    os.setgroups([])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)
    if capability is not None:
        header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
        mask = 1 << capability
        # Twice (effective, permitted, inheritable): capabilities 0 to 31, then 32 to 63.
        sets = (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0)
        _call(libc.capset(header, sets))
        _call(libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, capability, 0, 0))


if __name__ == "__main__":
    _become(sys.argv[1])
    os.execv(sys.argv[2], sys.argv[2:])
