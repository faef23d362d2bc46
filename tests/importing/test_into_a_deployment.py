"""A centre moves into a deployment that it has no key of: behind TLS, with tokens that somebody else issued."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from jobplus.stack.keys import Role, make_keys, sign_token
from tests.importing.centre import as_csv, bring, seeker
from tests.importing.front import Front, a_front
from tests.kit.client import StackClient
from tests.kit.waiting import PATIENCE

ROLES: tuple[Role, ...] = ("manager", "operator", "evaluator", "analyst")


@pytest.fixture
def front(calling: StackClient, tmp_path: Path) -> Iterator[Front]:
    with a_front(calling, tmp_path / "tls") as front:
        yield front


def token_files(calling: StackClient, folder: Path) -> dict[Role, Path]:
    """A file with a token for each role."""
    folder.mkdir()
    for role in ROLES:
        (folder / f"{role}.jwt").write_text(calling.stack.token(role) + "\n")
    return {role: folder / f"{role}.jwt" for role in ROLES}


def led_to(front: Front, files: dict[Role, Path], *roles: Role) -> list[str]:
    tokens = [option for role in roles for option in ("--token", f"{role}={files[role]}")]
    return ["--at", front.address, "--ca", str(front.authority), *tokens]


def write_small_centre(folder: Path) -> None:
    folder.mkdir()
    counsellor = {"ref": "D1", "name": "정", "groups": "youth", "occurred_on": "2009-01-28"}
    (folder / "counsellors.csv").write_text(as_csv([counsellor]))
    (folder / "seekers.csv").write_text(as_csv([seeker(n, name=f"정보람{n}", ref=f"D{n}") for n in (1, 2)]))
    survey = {"asked": 10, "period_from": "2010-01-01", "period_to": "2010-06-30", "occurred_on": "2010-07-12"}
    (folder / "surveys.csv").write_text(as_csv([{"ref": "D1", **survey, "answered_4": 5}]))


def test_a_centre_moves_in_with_tokens_from_files_one_of_which_ends_on_the_way(
    calling: StackClient, front: Front, tmp_path: Path
) -> None:
    write_small_centre(tmp_path / "centre")
    files = token_files(calling, tmp_path / "tokens")
    (tmp_path / "others").mkdir()
    make_keys(tmp_path / "others")
    ended = sign_token(tmp_path / "others", "manager")

    lacking = bring(calling.stack, tmp_path / "centre", *led_to(front, files, "manager"))
    assert (lacking.returncode, lacking.stdout) == (2, "")
    assert lacking.stderr == "jobplus: give also: --token operator=FILE --token evaluator=FILE\n"
    assert front.asked == []

    front.then = lambda path: files["manager"].write_text(ended) if "/counsellors/" in path else None
    options = led_to(front, files, "manager", "operator", "evaluator")
    broken = bring(calling.stack, tmp_path / "centre", *options)
    assert (broken.returncode, broken.stdout) == (3, "")
    assert "the token of the role manager is not valid, or no longer" in broken.stderr
    assert "what was taken is kept: run the same command again" in broken.stderr
    assert ended not in broken.stderr

    front.then = lambda _: None
    files["manager"].write_text(calling.stack.token("manager", subject="somebody-else"))
    done = bring(calling.stack, tmp_path / "centre", *options)
    assert done.returncode == 0, done.stderr
    assert [(f["kind"], f["before"], f["taken"]) for f in orjson.loads(done.stdout)["files"]] == [
        ("counsellors", 1, 0),
        ("seekers", 0, 2),
        ("surveys", 0, 1),
    ]


@pytest.mark.parametrize(("command", "role"), [("figures", "analyst"), ("dlq list", "operator")])
def test_figures_and_dead_letters_are_asked_of_it_in_the_same_way(
    calling: StackClient, front: Front, tmp_path: Path, command: str, role: Role
) -> None:
    options = led_to(front, token_files(calling, tmp_path / "tokens"), role)
    asked = [sys.executable, "-m", "jobplus.cli", *command.split(), *options, "--json"]
    done = subprocess.run(asked, check=False, capture_output=True, text=True, timeout=PATIENCE)
    assert (done.returncode, done.stderr) == (0, "")
    assert orjson.loads(done.stdout)
    assert front.asked
