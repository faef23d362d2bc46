"""References between files, and what is kept of what was taken, without any service."""

from pathlib import Path
from typing import Any

import pytest

from jobplus.importing.files import read_files
from jobplus.importing.folder import Asked, FilesRefused
from jobplus.importing.references import References
from jobplus.importing.sending import Ready, batches
from jobplus.importing.taken import Taken, TakenRows, ids_of
from tests.importing.centre import as_csv, write_centre


def write(folder: Path, **files: list[dict[str, Any]]) -> None:
    for kind, rows in files.items():
        (folder / f"{kind}.csv").write_text(as_csv(rows))


def checked(folder: Path) -> tuple[list[tuple[str, int, str | None, str]], dict[str, int]]:
    """Give the refusals of a check, and how many ids in each file are stood for."""
    files = read_files(folder, Asked()).files
    references = References("test", files, TakenRows(folder), placeholders=True)
    stood_for: dict[str, int] = {}
    for file in files:
        for row in file.rows:
            _, stand_ins = references.resolved(file, row)
            stood_for[file.kind.name] = stood_for.get(file.kind.name, 0) + len(stand_ins)
    refused = [told for file in files for row in file.rows for told in references.refusals(file, row)]
    return [(r.file, r.row, r.field, r.reason) for r in refused], stood_for


def test_a_whole_centres_references_lead_somewhere(tmp_path: Path) -> None:
    write_centre(tmp_path / "centre")
    refused, stood_for = checked(tmp_path / "centre")
    assert refused == []
    assert stood_for["sessions"] == 2 * 36 + 2
    assert (stood_for["contacts"], stood_for["launches"]) == (3, 1)


def test_a_ref_that_is_nowhere_one_that_is_there_twice_and_one_given_beside_an_id_are_refused(tmp_path: Path) -> None:
    write(
        tmp_path,
        employers=[{"ref": "E1"}, {"ref": "E1"}],
        vacancies=[{"employer_ref": "E1"}, {"employer_ref": "E2"}, {"employer_ref": "E1", "employer_id": "x"}],
        placements=[{"ref": "P1"}],
        self_found=[{"ref": "P1"}],
    )
    refused, _ = checked(tmp_path)
    assert refused == [
        ("employers.csv", 2, "ref", "E1 is the ref of employers.csv row 1 already"),
        ("vacancies.csv", 2, "employer_ref", "no file and no earlier import has a row with the ref E2"),
        ("vacancies.csv", 3, "employer_ref", "give employer_ref or employer_id, not both"),
        ("self_found.csv", 1, "ref", "P1 is the ref of placements.csv row 1 already"),
    ]


def test_everything_that_a_row_names_in_vain_is_told(tmp_path: Path) -> None:
    write(tmp_path, referrals=[{"ref": "R1", "seeker_ref": "S1", "vacancy_ref": "V1"}, {"ref": "R1"}])
    refused, stood_for = checked(tmp_path)
    assert [(row, field) for _, row, field, _ in refused] == [(1, "seeker_ref"), (1, "vacancy_ref"), (2, "ref")]
    assert stood_for == {"referrals": 2}, "the row can be tried out for whatever else is wrong with it"


def test_lines_that_are_no_rows_are_told_each_by_its_number(tmp_path: Path) -> None:
    (tmp_path / "vacancies.ndjson").write_text('{"title": "a"}\n{"title":\n\n[]\n{"title": "b"}\n')
    (tmp_path / "seekers.csv").write_text("name\na,b\nc\n")
    seekers, vacancies = read_files(tmp_path, Asked()).files
    assert [row.number for row in vacancies.rows] == [1, 4]
    assert [(told.row, told.reason.split(":")[0]) for told in vacancies.broken] == [
        (2, "this line is no JSON object"),
        (3, "this line is no JSON object"),
    ]
    assert [(told.row, told.reason) for told in seekers.broken] == [
        (1, "there is a value in column 2, which has no name")
    ]
    assert (vacancies.total, seekers.total) == (4, 2)


def test_a_client_who_is_no_seeker_has_always_the_same_id(tmp_path: Path) -> None:
    write(
        tmp_path,
        sessions=[{"client_ref": "X1", "registered": "false"}, {"client_ref": "X1"}],
        launches=[{"client_ref": "X1"}],
    )
    files = read_files(tmp_path, Asked()).files
    references = References("test", files, TakenRows(tmp_path), placeholders=False)
    found = [references.resolved(file, row)[0]["client_id"] for file in files for row in file.rows]
    assert found[0] == found[2]
    refused = [references.refusals(file, row) for file in files for row in file.rows]
    assert [len(told) for told in refused] == [0, 1, 0], "a session with somebody unregistered says so"


def test_what_was_taken_is_known_after_a_break_in_the_middle_of_a_line(tmp_path: Path) -> None:
    taken = TakenRows(tmp_path)
    taken.add("seekers", [("S1", Taken("says", {"seeker_id": "1"}))])
    kept = tmp_path / ".jobplus-import" / "taken.ndjson"
    with kept.open("ab") as file:
        file.write(b'{"kind": "see')
    again = TakenRows(tmp_path)
    again.add("seekers", [("S2", Taken("says", {"seeker_id": "2"}))])
    last = TakenRows(tmp_path)
    assert [last.id("seeker_id", ref) for ref in ("S1", "S2", "S3")] == ["1", "2", None]
    assert len(kept.read_bytes().splitlines()) == 2


def test_rows_of_a_file_without_a_ref_are_told_apart_even_if_they_say_the_same(tmp_path: Path) -> None:
    row = {"client_ref": "S1", "minutes": 10}
    write(tmp_path, **{"sessions-1": [row, row], "sessions-2": [{**row, "minutes": 20}]})
    names = [row.name for file in read_files(tmp_path, Asked()).files for row in file.rows]
    assert len(set(names)) == 3
    assert names == [row.name for file in read_files(tmp_path, Asked()).files for row in file.rows]


def test_rows_go_the_oldest_first_and_files_in_the_order_in_which_they_refer(tmp_path: Path) -> None:
    write(tmp_path, placements=[{"occurred_on": "2010-01-01"}, {"occurred_on": "2009-01-01"}], employers=[{"ref": "E"}])
    files = read_files(tmp_path, Asked()).files
    assert [file.kind.name for file in files] == ["employers", "placements"]
    assert [row.number for row in files[1].rows] == [2, 1]
    assert [file.kind.name for file in read_files(tmp_path, Asked("placements")).files] == ["placements"]
    assert [file.kind.name for file in read_files(tmp_path / "employers.csv", Asked("seekers")).files] == ["seekers"]
    with pytest.raises(FilesRefused, match="there is no kind people;"):
        read_files(tmp_path, Asked("people"))


def test_null_is_an_absent_value(tmp_path: Path) -> None:
    (tmp_path / "vacancies.ndjson").write_text('{"ref": null, "employer_ref": null, "title": "a"}')
    ((row,),) = [file.rows for file in read_files(tmp_path, Asked()).files]
    assert (row.has_ref, row.cells) == (False, {"title": "a"})


def test_batches_stay_within_what_a_service_takes(tmp_path: Path) -> None:
    write(tmp_path, sessions=[{"client_ref": f"X{number}", "channel": "가" * 300} for number in range(3_000)])
    (file,) = read_files(tmp_path, Asked()).files
    cut = list(batches([Ready(row, row.cells) for row in file.rows], 1_000))
    assert [ready.row.number for batch in cut for ready in batch] == list(range(1, 3_001))
    assert all(sum(len(str(ready.cells).encode()) for ready in batch) < 900_000 for batch in cut)
    assert len(cut) > 3


def test_only_ids_that_others_refer_by_are_kept() -> None:
    assert ids_of(
        {"internship_id": "1", "placement_id": None, "vacancy_id": "2"}, ("internship_id", "placement_id")
    ) == {"internship_id": "1"}


def test_a_row_with_a_resident_registration_number_never_leaves_the_machine(tmp_path: Path) -> None:
    write(tmp_path, seekers=[{"ref": "800101-1234567", "name": "김보람"}, {"ref": "S2", "name": "김보람"}])
    (tmp_path / "vacancies.ndjson").write_text('{"title": "사무원"}\n{"programmes": ["a", "800101 1234567"]}\n')
    for file, column in zip(read_files(tmp_path, Asked()).files, ("ref", "programmes"), strict=True):
        (refused,) = file.broken
        assert (refused.field, len(file.rows)) == (column, 1)
        assert "resident registration number" in refused.reason
        assert "1234567" not in str(file)
