"""What was taken is taken once, however late it comes again, from wherever and by whomever; and of files that overlap
the one that has a row most often counts."""

import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import orjson
import pytest

from jobplus.importing.files import read_files
from jobplus.importing.folder import Asked
from jobplus.stack.ports import SERVICES
from tests.importing.centre import as_csv, bring, seeker
from tests.kit import forms
from tests.kit.client import StackClient
from tests.kit.waiting import PATIENCE

COUNSELLOR = {"name": "이한결", "groups": "youth", "occurred_on": "2009-01-28"}
SESSION = {"kind": "job", "channel": "visit", "minutes": "30"}


def session(prefix: str, day: int) -> dict[str, Any]:
    return {**SESSION, "client_ref": f"{prefix}S", "counsellor_ref": f"{prefix}C", "occurred_on": f"2009-02-{day:02}"}


def a_centre(folder: Path, prefix: str, days: list[int]) -> None:
    """Write a counsellor, a seeker and sessions without refs."""
    folder.mkdir()
    (folder / "counsellors.csv").write_text(as_csv([{"ref": f"{prefix}C", **COUNSELLOR}]))
    (folder / "seekers.csv").write_text(as_csv([seeker(1, name=f"한보람{prefix}", ref=f"{prefix}S")]))
    (folder / "sessions.csv").write_text(as_csv([session(prefix, day) for day in days]))


def ledger(folder: Path) -> Path:
    return folder / ".jobplus-import" / "taken.ndjson"


def keys_expire(calling: StackClient) -> None:
    for service in SERVICES:
        calling.query(service, "DELETE FROM idempotency RETURNING key")


def held(calling: StackClient) -> int:
    return calling.query("intake", "SELECT count(*)::int AS n FROM session")[0]["n"]


def brought(calling: StackClient, folder: Path, *options: str) -> dict[str, tuple[int, int, int]]:
    """Bring a folder in without a refusal; gives of each file the rows taken before, taken, and as in another file."""
    done = bring(calling.stack, folder, *options)
    assert done.returncode == 0, done.stderr
    return {f["file"]: (f["before"], f["taken"], f["same"]) for f in orjson.loads(done.stdout)["files"]}


def test_rows_are_not_taken_again_when_the_ledger_was_cut_and_the_keys_expired(
    calling: StackClient, tmp_path: Path
) -> None:
    folder = tmp_path / "cut"
    a_centre(folder, "cut", [2, 3, 4, 5, 6])
    assert brought(calling, folder)["sessions.csv"] == (0, 5, 0)
    before = held(calling)

    ledger(folder).write_bytes(b"".join(ledger(folder).read_bytes().splitlines(keepends=True)[:3]))
    keys_expire(calling)
    assert brought(calling, folder)["sessions.csv"] == (5, 0, 0)
    assert held(calling) == before
    assert len(ledger(folder).read_bytes().splitlines()) == 7


def test_a_copy_of_the_folder_under_its_name_is_the_same_import_and_what_is_new_in_it_is_taken(
    calling: StackClient, tmp_path: Path
) -> None:
    folder, copy = tmp_path / "office", tmp_path / "elsewhere"
    a_centre(folder, "copy", [2, 3])
    (folder / "employers.csv").write_text(as_csv([{"ref": "copyE", **forms.employer()}]))
    brought(calling, folder)
    keys_expire(calling)

    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns(".jobplus-import"))
    (copy / "sessions.csv").write_text(as_csv([session("copy", day) for day in (2, 3, 4)]))
    again = brought(calling, copy, "--name", "office")
    assert again == {
        "counsellors.csv": (1, 0, 0),
        "employers.csv": (1, 0, 0),
        "seekers.csv": (1, 0, 0),
        "sessions.csv": (2, 1, 0),
    }


def test_a_row_that_says_something_else_than_it_did_is_refused_by_the_service_too(
    calling: StackClient, tmp_path: Path
) -> None:
    folder = tmp_path / "changed"
    folder.mkdir()
    employer = {"ref": "chE", **forms.employer()}
    (folder / "employers.csv").write_text(as_csv([employer]))
    brought(calling, folder)
    ledger(folder).unlink()
    keys_expire(calling)

    (folder / "employers.csv").write_text(as_csv([{**employer, "name": "다른물산"}]))
    done = bring(calling.stack, folder)
    assert done.returncode == 1
    (refused,) = orjson.loads(done.stdout)["refused"]
    assert (refused["row"], refused["field"]) == (1, "ref")
    assert refused["type"] == "urn:jobplus:problem:row-changed"


def test_a_row_of_an_import_is_known_whoever_sends_it_under_whatever_key(calling: StackClient) -> None:
    body = as_csv([{"ref": "1", **forms.employer()}]).encode()

    def send(key: str, **claims: Any) -> Any:
        headers = {**calling.bearing(**claims), "Idempotency-Key": key, "Content-Type": "text/csv"}
        path = "/employers/bulk?imported=true&import_name=anybody"
        return calling.send("intake", "POST", path, body, headers).json["rows"][0]

    first = send("one")
    assert send("two", subject="another-manager") == {**first, "before": True}


@pytest.mark.parametrize(
    ("options", "row", "field"),
    [
        ("import_name=x", {"ref": "1"}, "imported"),
        ("imported=true&import_name=x", {}, "row 1: ref"),
        ("imported=true&import_name=", {"ref": "1"}, "import_name"),
    ],
)
def test_an_import_is_named_for_rows_that_are_imported_and_name_themselves(
    calling: StackClient, options: str, row: dict[str, str], field: str
) -> None:
    body = as_csv([{**row, **forms.employer()}]).encode()
    reply = calling.post("intake", f"/employers/bulk?{options}", body, content_type="text/csv")
    assert (reply.status, reply.fields) == (422, [field])


def test_of_files_that_overlap_the_one_that_has_a_row_most_often_counts(calling: StackClient, tmp_path: Path) -> None:
    folder = tmp_path / "overlap"
    a_centre(folder, "over", [])
    (folder / "sessions.csv").unlink()
    (folder / "sessions-january.csv").write_text(as_csv([session("over", day) for day in (2, 3)]))
    (folder / "sessions-quarter.csv").write_text(as_csv([session("over", day) for day in (3, 2, 2, 4)]))
    before = held(calling)
    done = brought(calling, folder)
    assert (done["sessions-january.csv"], done["sessions-quarter.csv"]) == ((0, 2, 0), (0, 2, 2))
    assert held(calling) == before + 4

    (folder / "sessions-january.csv").unlink()
    assert brought(calling, folder)["sessions-quarter.csv"] == (4, 0, 0)
    told = bring(calling.stack, folder, "--dry-run")
    assert orjson.loads(told.stdout)["files"][-1]["later"] == 0


def test_the_last_lines_tell_of_rows_taken_as_those_of_another_file(calling: StackClient, tmp_path: Path) -> None:
    row = {"client_ref": "X1", "occupation": "13", "occurred_on": "2009-06-01"}
    for name in ("launches-a.csv", "launches-b.csv"):
        (tmp_path / name).write_text(as_csv([row]))
    done = bring(calling.stack, tmp_path, "--dry-run")
    assert "1 rows say the same as rows of another file or sheet of their kind" in done.stderr
    assert [f["same"] for f in orjson.loads(done.stdout)["files"]] == [0, 1]


def test_equal_rows_are_counted_within_a_file_and_by_their_kind(tmp_path: Path) -> None:
    row = {"client_ref": "X1", "occurred_on": "2009-06-01"}
    (tmp_path / "launches-a.csv").write_text(as_csv([row, row]))
    (tmp_path / "launches-b.csv").write_text(as_csv([row, row, row]))
    (tmp_path / "launches-c.csv").write_text(as_csv([{"ref": "L1", **row}]))
    (tmp_path / "sessions.csv").write_text(as_csv([row]))
    files = read_files(tmp_path, Asked()).files
    assert Counter({file.path.name: len(file.rows) for file in files}) == {
        "launches-a.csv": 2, "launches-b.csv": 1, "launches-c.csv": 1, "sessions.csv": 1,
    }  # fmt: skip
    assert [file.same for file in files] == [0, 0, 2, 0]


def close(calling: StackClient, name: str) -> dict[str, dict[str, int]]:
    """Close an import as the command does."""
    command = [sys.executable, "-m", "jobplus.cli", "import", "close", name, "--json"]
    command += ["--home", str(calling.stack.home.path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=PATIENCE)
    return orjson.loads(done.stdout)


def test_a_closed_import_is_forgotten_and_no_other(calling: StackClient, tmp_path: Path) -> None:
    for name in ("closed", "open"):
        a_centre(tmp_path / name, name, [2, 3])
        brought(calling, tmp_path / name)
    told = close(calling, "closed")
    assert told == {
        "intake": {"/counsellors/bulk": 1, "/seekers/bulk": 1, "/sessions/bulk": 2}, "matching": {}, "followup": {},
    }  # fmt: skip
    assert close(calling, "closed") == {"intake": {}, "matching": {}, "followup": {}}

    for name in ("closed", "open"):
        ledger(tmp_path / name).unlink()
    assert brought(calling, tmp_path / "open")["sessions.csv"] == (2, 0, 0)
    again = bring(calling.stack, tmp_path / "closed")
    refused = {row["type"] for row in orjson.loads(again.stdout)["refused"] if row["file"] == "seekers.csv"}
    assert refused == {"urn:jobplus:problem:already-registered"}


def test_an_import_is_closed_by_a_manager_who_names_it(calling: StackClient) -> None:
    form = {"import_name": "closed"}
    assert calling.post("intake", "/imports/closing", form, role="counsellor").status == 403
    assert calling.post("intake", "/imports/closing", {}).fields == ["import_name"]
