"""What the stack says when it can't do what was asked."""

import errno
from collections.abc import Generator
from contextlib import contextmanager


class StackFailed(Exception):
    """One line that says what is wrong and what to do (the last lines of a log may follow it).

    The command line prints it and exits with code 3.
    """


class OptionRefused(Exception):
    """What was asked for can't be: one line that names the option.

    The command line prints it and exits with code 2.
    """


_ADVICE = {
    errno.ENOSPC: "the disk is full: free some space or choose a --home on another disk",
    errno.EDQUOT: "the disk quota is used up: free some space or choose a --home on another disk",
    errno.EROFS: "the file system is read-only: choose a --home that can be written to",
    errno.EACCES: "permission denied: choose a --home of your own, or use the account that made this one",
    errno.EPERM: "not permitted: choose a --home of your own, or use the account that made this one",
}


@contextmanager
def file_errors_in_one_line() -> Generator[None]:
    """Turns what a user can mend about a file or disk into StackFailed; other errors pass."""
    try:
        yield
    except OSError as error:
        advice = _ADVICE.get(error.errno or 0)
        if advice is None:
            raise
        where = f"{error.filename}: " if error.filename else ""
        raise StackFailed(f"{where}{advice}") from error
