"""A centre brings in what came of vacancies that had closed long before, and of rows that it mends afterwards."""

from pathlib import Path
from typing import Any

import orjson

from tests.importing.centre import as_csv, bring, seeker
from tests.kit import forms
from tests.kit.client import StackClient

TITLE = "마감이 지난 일자리"
"""Of no other vacancy in these tests."""
DAY = {"occurred_on": "2009-03-02"}
VACANCY = {
    "employer_ref": "CE1", "occupation": "02", "openings": 2, "title": TITLE, "sector": "private",
    "employment": "permanent", "district": "11680", **DAY,
}  # fmt: skip
PLACED = "SELECT occurred_on::text AS day FROM placement WHERE vacancy_id = $1 ORDER BY occurred_on"


def write(folder: Path, **files: list[dict[str, Any]]) -> None:
    folder.mkdir(exist_ok=True)
    for kind, rows in files.items():
        (folder / f"{kind}.csv").write_text(as_csv(rows), "utf-8")


def told(calling: StackClient, folder: Path) -> tuple[int, dict[str, int], list[tuple[str, int]]]:
    """Bring a folder in; gives the exit code, how many rows of each file were taken, and which were refused."""
    brought = bring(calling.stack, folder)
    came = orjson.loads(brought.stdout)
    refused = [(one["file"], one["row"]) for one in came["refused"]]
    return brought.returncode, {file["file"]: file["taken"] for file in came["files"]}, refused


def test_hires_after_a_deadline_are_taken_and_so_are_those_of_rows_mended_after_the_closing(
    calling: StackClient, tmp_path: Path
) -> None:
    folder = tmp_path / "closed before"
    people = [seeker(number, ref=f"CS{number}", name=f"최{number}", **DAY) for number in (1, 2)]
    referral = {**DAY, "answer": "accepted", "answered_on": "2009-03-04"}
    referrals = [
        {"ref": "CR1", "seeker_ref": "CS1", "vacancy_ref": "CV1", **referral},
        {"ref": "CR2", "seeker_ref": "CS2", "vacancy_ref": "CV2", **referral, "answer": "yes"},
    ]
    write(
        folder,
        employers=[{"ref": "CE1", **forms.employer(**DAY)}],
        seekers=people,
        vacancies=[{"ref": "CV1", **VACANCY, "deadline": "2009-03-06"}, {"ref": "CV2", **VACANCY, "deadline": ""}],
        referrals=referrals,
        placements=[
            {"ref": "CP1", "referral_ref": "CR1", "occurred_on": "2009-03-16"},
            {"ref": "CP2", "referral_ref": "CR2", "occurred_on": "2009-03-23"},
        ],
        closings=[{"vacancy_ref": "CV2", "reason": "withdrawn", "occurred_on": "2009-03-09"}],
    )
    code, taken, refused = told(calling, folder)
    assert (code, taken["placements.csv"], taken["closings.csv"]) == (1, 1, 1)
    assert set(refused) == {("referrals.csv", 2), ("placements.csv", 2)}

    write(folder, referrals=[referrals[0], {**referrals[1], "answer": "accepted"}])
    code, taken, refused = told(calling, folder)
    assert (code, taken["referrals.csv"], taken["placements.csv"], refused) == (0, 1, 1, [])
    vacancies = calling.query("matching", "SELECT vacancy_id, closed_as FROM vacancy WHERE title = $1", TITLE)
    days = {one["closed_as"]: calling.query("matching", PLACED, one["vacancy_id"]) for one in vacancies}
    assert days["expired"] == [{"day": "2009-03-16"}]
    assert days["withdrawn"] == [{"day": "2009-03-23"}]
