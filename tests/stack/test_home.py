"""A stack's home is its own folder: nothing else is ever touched, and secrets are its owner's."""

import threading
from pathlib import Path

import pytest

from jobplus.stack.errors import StackFailed
from jobplus.stack.home import Home
from jobplus.stack.local import Stack


def test_a_folder_with_other_things_is_no_home_and_is_not_wiped(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    for refused in (Stack(tmp_path, 17300).up, lambda: Stack(tmp_path).down(wipe=True)):
        with pytest.raises(StackFailed, match="no jobplus home and not empty"):
            refused()
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_wipe_removes_what_the_stack_made_and_nothing_else(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with home.locked(print):
        home.make(7400)
        home.password("intake")
    (home.path / "notes.txt").write_text("mine")
    home.wipe()
    assert [path.name for path in home.path.iterdir()] == ["notes.txt"]

    (home.path / "notes.txt").unlink()
    with home.locked(print):
        home.make(7400)
    home.wipe()
    assert not home.path.exists()


def test_stopping_where_no_stack_ever_was_is_nothing_to_do(tmp_path: Path) -> None:
    Stack(tmp_path / "none").down(wipe=True)
    assert not (tmp_path / "none").exists()


def test_a_home_remembers_its_base_port(tmp_path: Path) -> None:
    Home(tmp_path).make(21500)
    assert Stack(tmp_path).base_port == 21500
    assert Stack(tmp_path, 21600).base_port == 21600
    assert Stack(tmp_path / "other").base_port == 7400


def test_passwords_are_kept_and_only_the_owner_may_read_them(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.make(7400)
    first = home.password("intake")
    assert home.password("intake") == first
    assert home.password("matching") != first
    assert home.password_file("intake").stat().st_mode & 0o777 == 0o600


def test_two_commands_on_one_home_wait_for_each_other(tmp_path: Path) -> None:
    home = Home(tmp_path)
    waited = threading.Event()
    entered: list[str] = []

    def second() -> None:
        with home.locked(lambda _: waited.set()):
            entered.append("second")

    other = threading.Thread(target=second)
    with home.locked(print):
        other.start()
        assert waited.wait(10)
        entered.append("first")
    other.join(10)
    assert entered == ["first", "second"]
