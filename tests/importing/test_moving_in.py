"""A centre moves in: checked first, then brought in, broken off in the middle and repeated; all is counted once."""

import signal
from pathlib import Path
from typing import Any

import orjson
import pytest

from jobplus.stack.local import Stack
from jobplus.stack.ports import SERVICES, free_base_port
from tests.importing.centre import ARRIVES, as_csv, bring, bringing, seeker, write_centre, write_xlsx
from tests.kit import forms
from tests.kit.client import Reply, StackClient
from tests.kit.threads import begin
from tests.kit.waiting import until

MANY = 10_000


def counted(calling: StackClient) -> dict[str, int]:
    """Every measure that isn't nought, when all has settled."""
    calling.settle()
    rows = calling.query("reporting", "SELECT measure, sum(amount)::int AS n FROM fact GROUP BY 1")
    return {row["measure"]: row["n"] for row in rows}


def gained(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    return {measure: n - before.get(measure, 0) for measure, n in after.items() if n != before.get(measure, 0)}


def published(calling: StackClient) -> int:
    total = 0
    for service in SERVICES:
        total += (calling.query(service, "SELECT coalesce(sum(last), 0)::int AS n FROM outbox_sequence"))[0]["n"]
    return total


def test_a_centre_moves_in_with_its_history(calling: StackClient, tmp_path: Path) -> None:
    folder = tmp_path / "centre"
    write_centre(folder)
    before, events = counted(calling), published(calling)
    (last,) = calling.query("reporting", "SELECT coalesce(max(position), 0) AS position FROM ledger")

    checked = bring(calling.stack, folder, "--dry-run")
    assert checked.returncode == 0, checked.stderr
    told = {file["file"]: file for file in orjson.loads(checked.stdout)["files"]}
    assert told["seekers.csv"]["taken"] == 12
    assert told["sessions-2009.csv"]["later"] == 36 + 1
    assert published(calling) == events
    assert not (folder / ".jobplus-import").exists()

    brought = bring(calling.stack, folder)
    assert brought.returncode == 0, brought.stderr
    came = gained(before, counted(calling))
    assert {measure: came.get(measure) for measure in ARRIVES} == ARRIVES

    again = bring(calling.stack, folder)
    assert again.returncode == 0, again.stderr
    assert sum(file["taken"] for file in orjson.loads(again.stdout)["files"]) == 0
    assert gained(before, counted(calling)) == came

    (folder / ".jobplus-import" / "taken.ndjson").unlink()  # as if a break had come before it was written
    repeated = bring(calling.stack, folder)
    assert repeated.returncode == 0, repeated.stderr
    assert gained(before, counted(calling)) == came

    came_in = "FROM ledger WHERE position > $1 AND"
    asked = calling.query("reporting", f"SELECT DISTINCT imported {came_in} actor_role <> 'system'", last["position"])
    assert [row["imported"] for row in asked] == [True]
    (first,) = calling.query(
        "reporting", f"SELECT occurred_on {came_in} type = 'jobplus.EmploymentEnded'", last["position"]
    )
    assert str(first["occurred_on"]) == "2009-06-12"


def test_an_import_that_is_killed_and_repeated_is_counted_once(calling: StackClient, tmp_path: Path) -> None:
    folder = tmp_path / "killed"
    folder.mkdir()
    counsellor = {"ref": "K1", "name": "이", "groups": "youth", "occurred_on": "2009-01-28"}
    (folder / "counsellors.csv").write_text(as_csv([counsellor]))
    (folder / "seekers.csv").write_text(as_csv([seeker(n, name=f"이보람{n}", ref=f"K{n}") for n in range(1, 21)]))
    sessions = [
        {"client_ref": f"K{1 + n % 20}", "counsellor_ref": "K1", "kind": "job", "channel": "call", "minutes": 10}
        for n in range(MANY)
    ]
    (folder / "sessions.csv").write_text(as_csv(sessions))
    before = counted(calling)

    taken = folder / ".jobplus-import" / "taken.ndjson"
    client = bringing(calling.stack, folder)
    try:
        begun = "the sessions are being taken"
        until(lambda: taken.exists() and b'"sessions"' in taken.read_bytes(), begun, longest=0.01)
    finally:
        client.kill()
        client.wait()
    with taken.open("ab") as file:
        file.write(b'{"kind": "sess')  # what a break in the middle of a line leaves
    (told,) = [
        f for f in orjson.loads(bring(calling.stack, folder, "--progress").stdout)["files"] if "sess" in f["kind"]
    ]
    assert 0 < told["before"] < told["rows"] == MANY

    kept = taken.stat().st_size

    def kill() -> None:
        until(lambda: taken.stat().st_size > kept + 1_000, "more sessions are being taken", longest=0.01)
        calling.stack.kill("intake-api", signal.SIGKILL)
        calling.stack.up(only=["intake"])

    killing = begin(kill)
    try:
        done = bring(calling.stack, folder)
    finally:
        killing.result()
    assert done.returncode == 0, done.stderr
    came = gained(before, counted(calling))
    assert (came["sessions"], came["registered"], came["counsellors"]) == (MANY, 20, 1)
    assert calling.get("reporting", "/ledger/gaps", role="operator").json["gaps"] == []


def test_every_refused_row_is_named_and_taken_once_it_is_mended(calling: StackClient, tmp_path: Path) -> None:
    folder = tmp_path / "mended"
    folder.mkdir()
    good = seeker(1, name="박보람1", ref="M1")
    rows = [
        good,
        seeker(2, name="박보람2", ref="M2", gender="unknown", birth_date="14.05.1984"),
        seeker(3, name="박보람3", ref="M3", occurred_on="2999-01-01"),
        seeker(4, name="박보람4", ref="M1"),
    ]
    (folder / "seekers.csv").write_text(as_csv(rows))
    session = {"counsellor_ref": "nobody", "kind": "job", "channel": "call", "minutes": 10, "occurred_on": "5.2.2009"}
    (folder / "sessions.csv").write_text(as_csv([{"client_ref": "M2", **session}]))
    refused = [
        ("seekers.csv", 2, "birth_date"),
        ("seekers.csv", 2, "gender"),
        ("seekers.csv", 3, "occurred_on"),
        ("seekers.csv", 4, "ref"),
    ]

    checked = bring(calling.stack, folder, "--dry-run")
    assert checked.returncode == 1
    found = [(row["file"], row["row"], row["field"]) for row in orjson.loads(checked.stdout)["refused"]]
    assert found == [*refused, ("sessions.csv", 1, "counsellor_ref"), ("sessions.csv", 1, "occurred_on")]
    assert 'seekers.csv row 2: gender: "unknown": it holds one of female, male' in checked.stderr
    assert 'seekers.csv row 2: birth_date: "14.05.1984": the day stands before the year' in checked.stderr

    done = bring(calling.stack, folder)
    assert done.returncode == 1
    found = [(row["file"], row["row"], row["field"]) for row in orjson.loads(done.stdout)["refused"]]
    assert found == [*refused, ("sessions.csv", 1, "client_ref"), ("sessions.csv", 1, "counsellor_ref")]

    (folder / "sessions.csv").unlink()
    mended = [good, seeker(2, name="박보람2", ref="M2"), seeker(3, name="박보람3", ref="M3")]
    (folder / "seekers.csv").write_text(as_csv(mended))
    again = bring(calling.stack, folder)
    (file,) = orjson.loads(again.stdout)["files"]
    assert (again.returncode, file["before"], file["taken"]) == (0, 1, 2), again.stderr

    (folder / "seekers.csv").write_text(as_csv([{**good, "district": "11110"}]))
    changed = bring(calling.stack, folder)
    assert changed.returncode == 1
    assert "change the record itself" in changed.stderr


def test_lines_that_are_no_rows_are_told_and_the_others_are_taken(calling: StackClient, tmp_path: Path) -> None:
    good = [orjson.dumps({"ref": f"L{n}", **forms.employer()}) for n in (1, 2)]
    (tmp_path / "employers.ndjson").write_bytes(b"\n".join([good[0], b'{"ref":', b"[]", good[1]]))
    done = bring(calling.stack, tmp_path)
    told = orjson.loads(done.stdout)
    assert done.returncode == 1
    assert [(row["row"], row["field"]) for row in told["refused"]] == [(2, None), (3, None)]
    assert [(f["rows"], f["taken"], f["refused"]) for f in told["files"]] == [(4, 2, 2)]


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("people.csv", "a\n1\n", "a file is named by its kind"),
        ("seekers.csv", "name,name\n1,2\n", "the column name is there twice"),
        ("seekers.csv", "nickname\nboram\n", "there is no such column"),
        ("seekers.xlsx", "no sheet", "this is no .xlsx file"),
        ("notes.txt", "", "holds no file that can be imported"),
    ],
)
def test_files_that_are_none_are_refused_in_a_line(
    calling: StackClient, tmp_path: Path, name: str, body: str, words: str
) -> None:
    (tmp_path / name).write_text(body)
    done = bring(calling.stack, tmp_path, "--dry-run")
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr


def test_a_stack_that_is_not_there_is_told_at_once_with_exit_code_3(tmp_path: Path) -> None:
    write_centre(tmp_path / "centre")
    stack = Stack(tmp_path / "home", free_base_port(), environment="test")
    done = bring(stack, tmp_path / "centre", "--dry-run")
    assert (done.returncode, done.stdout) == (3, "")
    assert "start the stack first" in done.stderr


def _bulk(calling: StackClient, path: str, body: bytes, kind: str = "text/csv", **changes: Any) -> Reply:
    return calling.post("intake", path, body, content_type=kind, **{"key": "bulk", **changes})


def test_a_dry_run_sees_what_earlier_rows_would_have_done_and_keeps_nothing(calling: StackClient) -> None:
    events = published(calling)
    someone = {**forms.seeker(), "wanted_occupations": "02;10"}
    body = as_csv([{"ref": "1", **someone}, {"ref": "2", **someone}, {"ref": "3", **someone, "gender": "x"}]).encode()
    body += b"," * (1 + len(someone)) + b"stray\r\n"
    reply = _bulk(calling, "/seekers/bulk?dry_run=true", body)
    assert (reply.status, reply.json["accepted"], reply.json["dry_run"]) == (200, 1, True)
    refused = [(row["row"], row["ref"], row["field"], row["type"]) for row in reply.json["refused"]]
    assert refused == [
        (2, "2", "name", "urn:jobplus:problem:already-registered"),
        (3, "3", "gender", "urn:jobplus:problem:invalid-request"),
        (4, None, "body", "urn:jobplus:problem:invalid-request"),
    ]
    assert published(calling) == events
    told = _bulk(calling, "/seekers/bulk", body, key="told")
    assert (told.status, told.fields) == (422, ["row 3: gender", "row 4: body"])
    assert published(calling) == events


def test_a_row_with_a_ref_is_done_once_in_whatever_request_it_comes(calling: StackClient) -> None:
    one, two = ({"ref": str(n), **forms.seeker(), "wanted_occupations": "02"} for n in (1, 2))
    first = _bulk(calling, "/seekers/bulk?imported=true", as_csv([one]).encode(), key="once").json["rows"]
    both = _bulk(calling, "/seekers/bulk?imported=true", as_csv([two, one]).encode(), key="once").json["rows"]
    assert [row["ref"] for row in both] == ["2", "1"]
    assert both[1]["seeker_id"] == first[0]["seeker_id"]
    other = _bulk(calling, "/seekers/bulk", as_csv([{**one, "district": "11110"}]).encode(), key="once")
    assert [row["type"] for row in other.json["refused"]] == ["urn:jobplus:problem:idempotency-key-reused"]


def test_only_a_manager_marks_rows_as_imported_and_only_known_options_are_taken(calling: StackClient) -> None:
    body = as_csv([{**forms.seeker(), "wanted_occupations": "02"}]).encode()
    assert _bulk(calling, "/seekers/bulk?imported=true", body, role="counsellor").status == 403
    assert _bulk(calling, "/seekers/bulk?dryrun=true", body).fields == ["dryrun"]
    assert _bulk(calling, "/seekers/bulk", body, kind="text/plain").status == 415
    many = b"name\n" + b"a\n" * 5_001
    assert "1 to 5000 rows" in _bulk(calling, "/seekers/bulk", many).json["detail"]


def test_a_service_reads_a_sheet_by_itself(calling: StackClient, tmp_path: Path) -> None:
    rows = [
        {**forms.seeker(), "ref": str(number), "wanted_occupations": "02;10", "career_years": 6} for number in (1, 2)
    ]
    write_xlsx(tmp_path / "seekers.xlsx", rows)
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    reply = _bulk(calling, "/seekers/bulk", (tmp_path / "seekers.xlsx").read_bytes(), kind=sheet, key="sheet")
    assert (reply.status, reply.json["accepted"], reply.json["refused"]) == (200, 2, [])
    seeker_id = reply.json["rows"][1]["seeker_id"]
    assert calling.get("intake", f"/seekers/{seeker_id}").json["career_years"] == 6
    assert _bulk(calling, "/seekers/bulk", b"no sheet", kind=sheet).fields == ["body"]
