"""What offices type in several ways comes in one way, once: names, telephone numbers, business numbers, days."""

import json
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.importing.centre import as_csv, bring, seeker, write_ndjson, write_xlsx
from tests.kit import forms
from tests.kit.client import StackClient

Refusal = tuple[int, str]


def brought(calling: StackClient, folder: Path) -> tuple[int, dict[Refusal, str]]:
    """Bring a folder in; gives how many rows were taken, and why others weren't by row and field."""
    done = bring(calling.stack, folder)
    told = json.loads(done.stdout)
    refused = {(one["row"], one["field"]): one["reason"] for one in told["refused"]}
    assert done.returncode == (1 if refused else 0), done.stderr
    return sum(file["taken"] for file in told["files"]), refused


def seekers(folder: Path, rows: Sequence[dict[str, Any]]) -> Path:
    (folder / "seekers.csv").write_text(as_csv(list(rows)))
    return folder


def test_a_person_comes_once_however_the_name_is_written(calling: StackClient, tmp_path: Path) -> None:
    name, composed = "Nguyen Ga Ram", "도하늘"
    names = [
        name, name.upper(), name.replace(" ", "  "), name.replace(" ", "\u00a0 "), "Ｎｇｕｙｅｎ Ga Ram",
        composed, unicodedata.normalize("NFD", composed), f"\u3000{composed}", "Nguyen Ga\u200b Ram",
    ]  # fmt: skip
    same = {"phone": "010-0000-4101", "birth_date": "1979-05-14"}
    taken, refused = brought(calling, seekers(tmp_path, [seeker(n, name=x, **same) for n, x in enumerate(names, 1)]))
    assert taken == 2
    assert sorted(refused) == [(row, "name") for row in (2, 3, 4, 5, 7, 8, 9)]
    assert "U+200B" in refused[9, "name"]
    found = calling.post("intake", "/seekers/search", {"name": "nguyen ga ram"}).json["seekers"]
    assert [one["name"] for one in found] == [name]


def test_a_number_comes_in_its_written_form_and_a_number_that_is_none_is_told(
    calling: StackClient, tmp_path: Path
) -> None:
    phones = {
        "0505-000-1234": "0505-****-1234", "050700004102": "0507-****-4102", "1588-0000": "1588-****",
        "+82-10-0000-4103": "010-****-4103", "01000004104": "010-****-4104", "010.0000.4105": "010-****-4105",
        "０１０－００００－４１０６": "010-****-4106", "1000004107": None, "4108-0000": None,
    }  # fmt: skip
    rows = [seeker(n, name=f"라비올{n}", phone=typed, ref=f"P{n}") for n, typed in enumerate(phones, 1)]
    taken, refused = brought(calling, seekers(tmp_path, rows))
    assert taken == 7
    assert {place: reason.partition(",")[0] for place, reason in refused.items()} == {
        (8, "phone"): "the 0 in front is missing",
        (9, "phone"): "the area is missing",
    }
    for number, shown in enumerate(phones.values(), 1):
        found = calling.post("intake", "/seekers/search", {"name": f"라비올{number}"}).json["seekers"]
        assert [one["phone"] for one in found] == ([shown] if shown else [])


def test_a_firm_comes_once_however_its_number_is_written(calling: StackClient, tmp_path: Path) -> None:
    firm = forms.employer(occurred_on="2009-02-02")
    number = str(firm["business_number"])
    wide = "".join(chr(ord(digit) + ord("０") - ord("0")) for digit in number)
    numbers = [number, wide, f"{number[:3]}-{number[3:5]}-{number[5:]}"]
    (tmp_path / "employers.csv").write_text(
        as_csv([{**firm, "ref": f"E{n}", "business_number": written} for n, written in enumerate(numbers)])
    )
    taken, refused = brought(calling, tmp_path)
    assert (taken, list(refused)) == (1, [(2, "business_number"), (3, "business_number")])


def test_a_number_in_a_line_is_no_day(calling: StackClient, tmp_path: Path) -> None:
    days = [{"birth_date": 0}, {"birth_date": 5_097_600_000}, {"birth_date": 19790514}, {"occurred_on": 0}]
    rows = [
        {**seeker(n, name=f"가온누리{n}", ref=f"D{n}", wanted_occupations=["02"]), **day}
        for n, day in enumerate(days, 1)
    ]
    write_ndjson(tmp_path / "seekers.ndjson", rows)
    taken, refused = brought(calling, tmp_path)
    assert taken == 0
    assert {row for row, _ in refused} == {1, 2, 3, 4}
    assert {reason for reason in refused.values()} == {"write a day as YYYY-MM-DD, such as 2010-01-28"}


def test_the_end_of_a_line_as_a_sheet_writes_it_is_a_space_there_and_told_elsewhere(
    calling: StackClient, tmp_path: Path
) -> None:
    write_xlsx(tmp_path / "seekers.xlsx", [seeker(1, name="차오름_x000D_\n", ref="X1")])
    write_ndjson(tmp_path / "seekers-2.ndjson", [seeker(2, name="차오름_x000D_", ref="X2", wanted_occupations=["02"])])
    taken, refused = brought(calling, tmp_path)
    assert taken == 1
    assert "_x000D_" in refused[1, "name"]
