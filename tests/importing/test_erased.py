"""Of the rows of who was erased nothing stays but a keyed mark of their refs: by it they are refused, whatever becomes
of the folder."""

import hashlib
import shutil
from pathlib import Path
from typing import Any

import orjson

from jobplus.stack.local import Stack
from tests.importing.centre import as_csv, bring, seeker
from tests.importing.test_once import COUNSELLOR, SESSION, ledger
from tests.kit import forms
from tests.kit.client import StackClient

ERASED = "urn:jobplus:problem:row-erased"


def a_centre(folder: Path, prefix: str, **person: Any) -> None:
    """Write a counsellor, a firm with a vacancy, two seekers, and what came of both: sessions, placements, contacts."""
    folder.mkdir()
    someone = [seeker(n, name=f"{'가나'[n - 1]}보람{prefix}", ref=f"{prefix}{n}") for n in (1, 2)]
    vacancy = {
        "ref": f"{prefix}V", "employer_ref": f"{prefix}E", "occupation": "02", "openings": 2, "title": "회계",
        "sector": "private", "employment": "permanent", "wage": 2400000, "district": "11680",
        "occurred_on": "2009-02-03",
    }  # fmt: skip
    rows: dict[str, list[dict[str, Any]]] = {
        "counsellors": [{"ref": f"{prefix}C", **COUNSELLOR}],
        "employers": [{"ref": f"{prefix}E", **forms.employer(), "occurred_on": "2009-02-01"}],
        "seekers": [{**one, "occurred_on": "2009-02-02"} for one in someone],
        "vacancies": [vacancy],
        "sessions": [
            {**SESSION, "client_ref": f"{prefix}{n}", "counsellor_ref": f"{prefix}C", "occurred_on": "2009-02-05"}
            for n in (1, 1, 2)
        ],
        "referrals": [
            {
                "ref": f"{prefix}R{n}", "seeker_ref": f"{prefix}{n}", "vacancy_ref": f"{prefix}V",
                "occurred_on": "2009-03-02", "answer": "accepted", "answered_on": "2009-03-04",
            }
            for n in (1, 2)
        ],
        "placements": [
            {"ref": f"{prefix}P{n}", "referral_ref": f"{prefix}R{n}", "occurred_on": "2009-03-16", "wage": 2200000}
            for n in (1, 2)
        ],
        "contacts": [
            {"placement_ref": f"{prefix}P{n}", "step": "1w", "outcome": "still_employed", "satisfaction": 4,
             "occurred_on": "2009-03-25"}
            for n in (1, 2)
        ],
    }  # fmt: skip
    for kind, lines in rows.items():
        (folder / f"{kind}.csv").write_text(as_csv(lines))


def id_of(folder: Path, ref: str) -> str:
    lines = map(orjson.loads, ledger(folder).read_bytes().splitlines())
    return next(line["ids"]["seeker_id"] for line in lines if line["kind"] == "seekers" and line["name"] == ref)


def without_ledger(folder: Path, copy: Path) -> Path:
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns(".jobplus-import"))
    return copy


def bring_all(stack: Stack, folder: Path) -> None:
    done = bring(stack, folder)
    assert done.returncode == 0, done.stderr


def erase(calling: StackClient, seeker_id: str) -> None:
    calling.made("intake", f"/seekers/{seeker_id}/erasure", {})
    calling.settle()


def kept_of(calling: StackClient, seeker_id: str) -> dict[str, int]:
    """How many rows each service keeps of a person."""
    asked = "SELECT count(*)::int AS n FROM taken_row WHERE person = $1"
    return {name: calling.query(name, asked, seeker_id)[0]["n"] for name in ("intake", "matching", "followup")}


def marks(calling: StackClient) -> dict[str, set[bytes]]:
    asked = "SELECT mark FROM erased_row"
    return {n: {bytes(r["mark"]) for r in calling.query(n, asked)} for n in ("intake", "matching", "followup")}


def test_who_was_erased_is_not_brought_in_again_from_a_copy_and_nor_is_what_came_of_them(
    calling: StackClient, tmp_path: Path
) -> None:
    folder = tmp_path / "left"
    a_centre(folder, "EL")
    bring_all(calling.stack, folder)
    one, other = id_of(folder, "EL1"), id_of(folder, "EL2")
    assert kept_of(calling, one) == {"intake": 3, "matching": 2, "followup": 1}
    before = marks(calling)
    erase(calling, one)
    assert kept_of(calling, one) == {"intake": 0, "matching": 0, "followup": 0}
    assert kept_of(calling, other) == {"intake": 2, "matching": 2, "followup": 1}
    made = {name: after - before[name] for name, after in marks(calling).items()}
    assert {name: len(found) for name, found in made.items()} == {"intake": 1, "matching": 2, "followup": 0}
    named = orjson.dumps(["left", "/seekers/bulk", "EL1"])
    assert made["intake"].isdisjoint({hashlib.sha256(named).digest(), hashlib.sha256(b"EL1").digest()})

    registered = calling.query("intake", "SELECT count(*)::int AS n FROM seeker")
    held = calling.query("intake", "SELECT count(*)::int AS n FROM session")
    again = bring(calling.stack, without_ledger(folder, tmp_path / "copy"), "--name", "left")
    assert again.returncode == 1
    told = orjson.loads(again.stdout)
    assert {f["file"]: (f["before"], f["taken"]) for f in told["files"]} == {
        "counsellors.csv": (1, 0), "employers.csv": (1, 0), "seekers.csv": (1, 0), "vacancies.csv": (1, 0),
        "sessions.csv": (1, 0), "referrals.csv": (1, 0), "placements.csv": (1, 0), "contacts.csv": (1, 0),
    }  # fmt: skip
    assert [(row["file"], row["row"], row["field"], row["type"]) for row in told["refused"]] == [
        ("seekers.csv", 1, "ref", ERASED),
        ("sessions.csv", 1, "client_ref", ERASED),
        ("sessions.csv", 2, "client_ref", ERASED),
        ("referrals.csv", 1, "seeker_ref", ERASED),
        ("placements.csv", 1, "referral_ref", ERASED),
        ("contacts.csv", 1, "placement_ref", ERASED),
    ]
    assert "seekers.csv (seekers) 1; sessions.csv (sessions) 1, 2; referrals.csv (referrals) 1" in again.stderr
    assert calling.query("intake", "SELECT count(*)::int AS n FROM seeker") == registered
    assert calling.query("intake", "SELECT count(*)::int AS n FROM session") == held


def test_what_is_new_of_who_was_erased_is_refused_too_where_the_ledger_still_knows_them(
    calling: StackClient, tmp_path: Path
) -> None:
    folder = tmp_path / "known"
    a_centre(folder, "EK")
    bring_all(calling.stack, folder)
    erase(calling, id_of(folder, "EK1"))
    late = {**SESSION, "client_ref": "EK1", "counsellor_ref": "EKC", "occurred_on": "2009-02-09"}
    (folder / "sessions-late.csv").write_text(as_csv([late]))
    again = bring(calling.stack, folder)
    assert again.returncode == 1
    (refused,) = orjson.loads(again.stdout)["refused"]
    assert (refused["file"], refused["type"]) == ("sessions-late.csv", "urn:jobplus:problem:seeker-erased")
    assert "and not taken" in again.stderr
    assert "sessions-late.csv (sessions) 1" in again.stderr


def test_a_person_whose_row_has_no_ref_can_not_be_known_again_and_the_last_lines_say_so(
    calling: StackClient, tmp_path: Path
) -> None:
    folder = tmp_path / "nameless"
    folder.mkdir()
    someone = seeker(1, name="무명보람")
    del someone["ref"]
    (folder / "seekers.csv").write_text(as_csv([someone]))
    first = bring(calling.stack, folder)
    assert (first.returncode, orjson.loads(first.stdout)["nameless"]) == (0, 1)
    (row,) = calling.query("intake", "SELECT name, person FROM taken_row WHERE import_name = 'nameless'")
    erase(calling, str(row["person"]))
    assert calling.query("intake", "SELECT name FROM taken_row WHERE import_name = 'nameless'") == []

    again = bring(calling.stack, without_ledger(folder, tmp_path / "copy"), "--name", "nameless")
    (file,) = orjson.loads(again.stdout)["files"]
    assert (again.returncode, file["taken"]) == (0, 1)
    assert "1 persons were taken whose rows have no ref" in again.stderr


def test_who_was_erased_with_a_merged_record_is_known_by_the_rows_of_both(calling: StackClient, tmp_path: Path) -> None:
    folder = tmp_path / "merged"
    a_centre(folder, "EM")
    for kind in ("sessions", "referrals", "placements", "contacts"):
        (folder / f"{kind}.csv").unlink()
    bring_all(calling.stack, folder)
    stays, given_up = id_of(folder, "EM1"), id_of(folder, "EM2")
    calling.made("intake", f"/seekers/{stays}/merge", {"merged_id": given_up})
    erase(calling, stays)
    again = bring(calling.stack, without_ledger(folder, tmp_path / "copy"), "--name", "merged")
    refused = orjson.loads(again.stdout)["refused"]
    assert [(row["file"], row["row"], row["type"]) for row in refused] == [
        ("seekers.csv", 1, ERASED),
        ("seekers.csv", 2, ERASED),
    ]
