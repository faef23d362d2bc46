"""Checks a commit's message: its subject has at most 72 characters, and a body says why. `commit_message.py FILE`"""

import sys
from pathlib import Path

LONGEST_SUBJECT = 72
_DIFF_BELOW = "# ------------------------ >8 ------------------------"
_MADE_BY_GIT = ("Merge ", "Revert ", "fixup! ", "squash! ", "amend! ")


def wrong_with(message: str) -> str | None:
    """Say what is wrong with a message as an editor leaves it, with git's comments; None where nothing is."""
    lines = [line for line in message.split(_DIFF_BELOW)[0].splitlines() if not line.startswith("#")]
    subject, _, below = "\n".join(lines).strip().partition("\n")
    if subject.startswith(_MADE_BY_GIT):
        return None
    if len(subject) > LONGEST_SUBJECT:
        return f"the subject has {len(subject)} characters, over {LONGEST_SUBJECT}: say the rest below"
    if below and not below.startswith("\n"):
        return "an empty line is missing below the subject"
    if not below.strip():
        return "the body is missing: say below the subject, after an empty line, why"
    return None


if __name__ == "__main__":
    sys.exit(wrong_with(Path(sys.argv[1]).read_text("utf-8")))
