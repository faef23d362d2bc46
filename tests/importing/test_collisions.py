"""A dry run tells what of the files would collide; what it may not try out is decided later."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from jobplus.importing.files import read_files
from jobplus.importing.folder import Asked
from jobplus.importing.references import References
from jobplus.importing.taken import Taken, TakenRows
from tests.importing.centre import bring, seeker
from tests.importing.test_references import checked, write
from tests.kit import forms
from tests.kit.client import StackClient
from tests.stacks import Stacks

MOST = 5


@pytest.fixture(scope="module")
def few(stacks: Stacks) -> Iterator[StackClient]:
    """A stack whose managers may try out few persons a day."""
    settings = {"OTHERS_SEEN_BY_MANAGERS": str(MOST)}
    with stacks.running("trying-out", ["intake"], durable=False, settings=settings) as running:
        yield StackClient(running)


def person(ref: str, **changes: Any) -> dict[str, Any]:
    return {"ref": ref, "name": "Kim Ga Ram", "birth_date": "1984-05-14", "phone": "010-0000-5001", **changes}


def test_a_row_of_the_same_person_as_another_is_refused_however_it_is_written(tmp_path: Path) -> None:
    others = [person("S4", name="Kim Ga Rim"), person("S5", birth_date="1984-05-15"), person("S6", phone="02-123-4567")]
    same = [person("S2", name="ＫＩＭ  GA RAM", birth_date="1984.5.14", phone="+82 10.0000.5001")]
    write(tmp_path, **{"seekers-1": [person("S1"), *same, *others], "seekers-2": [person("S3")]})
    refused, _ = checked(tmp_path)
    told = "seekers-1.csv row 1 is the same person already: name, birth date and telephone number are the same"
    assert refused == [("seekers-1.csv", 2, "name", told), ("seekers-2.csv", 1, "name", told)]


def test_a_business_number_that_another_row_has_is_refused_however_it_is_written(tmp_path: Path) -> None:
    numbers = ["0008100009", "000-81-00009", "０００８１００００９", "000-81-00010"]
    write(tmp_path, employers=[{"ref": f"E{n}", "business_number": number} for n, number in enumerate(numbers, 1)])
    refused, _ = checked(tmp_path)
    assert refused == [
        ("employers.csv", row, "business_number", "employers.csv row 1 has this business number already")
        for row in (2, 3)
    ]


def test_whoever_was_taken_before_is_the_first_and_an_import_leaves_it_to_the_service(tmp_path: Path) -> None:
    write(tmp_path, seekers=[person("S1"), person("S2")])
    ((file,), _) = read_files(tmp_path, Asked())
    taken = TakenRows(tmp_path)
    taken.add("seekers", [("S1", Taken(file.rows[0].says, {"seeker_id": "1"}))])
    refused, _ = checked(tmp_path)
    assert [(row, field) for _, row, field, _ in refused] == [(2, "name")]
    references = References("test", [file], taken, placeholders=False)
    assert [references.refusals(file, row) for row in file.rows] == [[], []]


def test_a_ref_that_says_the_same_in_another_file_is_the_same_row_and_otherwise_refused(tmp_path: Path) -> None:
    changed = person("S2", phone="010-0000-5003")
    write(tmp_path, **{"seekers-1": [person("S1"), person("S2", phone="010-0000-5002")]})
    write(tmp_path, **{"seekers-2": [person("S1", birth_date="1984.5.14"), changed]})
    files = read_files(tmp_path, Asked()).files
    assert [(file.same, file.total) for file in files] == [(0, 2), (1, 2)]
    refused, _ = checked(tmp_path)
    assert refused == [("seekers-2.csv", 2, "ref", "S2 is the ref of seekers-1.csv row 2 already")]


def test_an_empty_system_tells_what_would_collide_before_anything_is_there(few: StackClient, tmp_path: Path) -> None:
    rows = [seeker(n, name=f"나루{n}", ref=f"N{n}", phone="010-0000-5101") for n in (1, 2)]
    write(tmp_path, seekers=[*rows, {**rows[0], "ref": "N3"}], employers=[{**forms.employer(), "ref": "E"}] * 2)
    done = bring(few.stack, tmp_path, "--dry-run", "--language", "ko")
    told = json.loads(done.stdout)
    assert [(each["file"], each["row"], each["field"]) for each in told["refused"]] == [
        ("employers.csv", 2, "business_number"),
        ("employers.csv", 2, "ref"),
        ("seekers.csv", 3, "name"),
    ]
    assert "seekers.csv 1행과 같은 사람입니다" in done.stderr
    assert few.post("intake", "/seekers/search", {"name": "나루1"}).json["seekers"] == []


def test_persons_over_the_quota_of_a_dry_run_are_decided_later_and_not_refused(
    few: StackClient, tmp_path: Path
) -> None:
    write(tmp_path, seekers=[seeker(n, name=f"다온{n}", ref=f"D{n}") for n in range(1, 2 * MOST + 1)])
    done = bring(few.stack, tmp_path, "--dry-run")
    assert done.stdout, done.stderr
    told = json.loads(done.stdout)
    (file,) = told["files"]
    assert (told["refused"], done.returncode, file["refused"]) == ([], 0, 0), done.stderr
    assert file["taken"] + file["later"] == 2 * MOST
    assert told["untried"] == file["later"] >= MOST
    assert f"{told['untried']} rows were not tried out" in done.stderr
    assert "name others of these files" not in done.stderr


def test_sheets_of_one_file_are_taken_in_the_order_in_which_they_are_named(few: StackClient, tmp_path: Path) -> None:
    book = Workbook()
    for number, name in enumerate(("올해", "지난해", "빈 시트 아님"), 1):
        sheet = book.create_sheet(name)
        row = {"ref": f"C{number}", "name": f"이한결{number}", "groups": "youth", "occurred_on": "2009-01-28"}
        sheet.append(list(row))
        sheet.append(list(row.values()))
        sheet.append(["-", "박", "senior"])
    book.save(tmp_path / "counsellors.xlsx")
    named = ("--sheet", "counsellors.xlsx:지난해", "--sheet", "counsellors.xlsx:올해")
    done = bring(few.stack, tmp_path, *named)
    told = json.loads(done.stdout)
    assert [(each["sheet"], each["taken"], each["refused"]) for each in told["files"]] == [
        ("지난해", 1, 1),
        ("올해", 1, 1),
    ]
    assert [(each["sheet"], each["row"]) for each in told["refused"]] == [("지난해", 2), ("올해", 2)]
    assert {each["sheet"]: each["meant"] for each in told["left"]} == {"Sheet": True, "빈 시트 아님": False}
    assert [Path(each).name for each in told["back"]] == ["counsellors-지난해.xlsx", "counsellors-올해.xlsx"]
