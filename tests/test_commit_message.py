"""What a commit's message must have, as .ci/commit_message.py tells it."""

import runpy
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / ".ci" / "commit_message.py"
WHY = "\n\nThe reason, in a sentence.\n"


@pytest.mark.parametrize(
    ("message", "wrong"),
    [
        ("s" * 72 + WHY, None),
        ("s" * 73 + WHY, "has 73 characters"),
        ("Die Vermittlung heißt so" + "ü" * 48 + WHY, None),
        ("A subject\n", "the body is missing"),
        ("A subject\n\n# Please enter the commit message\n#\n", "the body is missing"),
        (
            "A subject\n# ------------------------ >8 ------------------------\n\ndiff --git a b\n",
            "the body is missing",
        ),
        ("A subject\nthat goes on" + WHY, "an empty line is missing"),
        ("", "the body is missing"),
        ("fixup! A subject\n", None),
        ("Merge branch 'main'\n", None),
    ],
)
def test_a_message_has_a_short_subject_and_a_body(message: str, wrong: str | None) -> None:
    told = runpy.run_path(str(SCRIPT))["wrong_with"](message)
    assert told is None if wrong is None else wrong in told


@pytest.mark.parametrize(("message", "code"), [("A subject" + WHY, 0), ("A subject\n", 1)])
def test_the_hook_fails_with_what_is_wrong(tmp_path: Path, message: str, code: int) -> None:
    (tmp_path / "message").write_text(message)
    ran = subprocess.run([sys.executable, SCRIPT, tmp_path / "message"], check=False, capture_output=True, text=True)
    assert (ran.returncode, "the body is missing" in ran.stderr) == (code, code == 1)
