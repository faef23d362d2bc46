"""A small centre's files, as its office would export them: CSV in two encodings, a sheet, NDJSON."""

import csv
import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson
from openpyxl import Workbook

from jobplus.stack.local import Stack
from tests.kit import forms

Rows = list[dict[str, Any]]

SEEKERS = 12
SESSIONS_EACH = 3


def as_csv(rows: Rows) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(dict.fromkeys(name for row in rows for name in row)), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def write_xlsx(path: Path, rows: Rows) -> None:
    book = Workbook()
    columns = list(dict.fromkeys(name for row in rows for name in row))
    sheet = book.worksheets[0]
    sheet.append(columns)
    for row in rows:
        sheet.append([row.get(name) for name in columns])
    book.save(path)


def write_ndjson(path: Path, rows: Rows) -> None:
    path.write_bytes(b"\n".join(orjson.dumps(row) for row in rows))


def seeker(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "ref": f"S{number}",
        "name": f"김보람{number}",
        "birth_date": "1984-05-14",
        "phone": f"010-0000-{number:04}",
        "gender": "female",
        "district": "11440",
        "wanted_occupations": "02;10",
        "income_band": "low",
        "occurred_on": "2009-02-02",
        **changes,
    }


def write_centre(folder: Path) -> None:
    """Two years of a centre: S1 has two jobs one after the other, S2 was an intern, S3 found a job alone."""
    folder.mkdir()
    counsellors = [
        {"ref": "C1", "name": "이한결", "groups": "youth;women", "occurred_on": "2009-01-28"},
        {"ref": "C2", "name": "박", "groups": "senior", "occurred_on": "2009-01-28", "left_on": "2010-03-02"},
    ]
    (folder / "counsellors.csv").write_bytes(as_csv(counsellors).encode("cp949"))
    write_xlsx(folder / "employers.xlsx", [{"ref": number, **forms.employer(district=11680)} for number in (1, 2)])
    seekers = [seeker(number) for number in range(1, SEEKERS + 1)]
    (folder / "seekers.csv").write_bytes(as_csv(seekers).encode("utf-8-sig"))
    vacancy = {
        "employer_ref": "1", "occupation": "02", "openings": 5, "title": "회계 담당자", "sector": "private",
        "employment": "permanent", "district": "11680", "occurred_on": "2009-02-03",
    }  # fmt: skip
    write_ndjson(
        folder / "vacancies.ndjson",
        [
            {"ref": "V1", **vacancy},
            {"ref": "V2", **vacancy, "employer_ref": "2", "employment": "internship", "converts": True},
        ],
    )
    session = {"counsellor_ref": "C1", "kind": "job", "channel": "visit", "minutes": 30}
    sessions = [
        {"client_ref": f"S{number}", **session, "occurred_on": f"2009-03-{day:02}"}
        for number in range(1, SEEKERS + 1)
        for day in range(1, SESSIONS_EACH + 1)
    ]
    startup = {**session, "kind": "startup", "registered": "false", "occurred_on": "2009-04-01"}
    (folder / "sessions-2009.csv").write_text(as_csv([*sessions, {"client_ref": "X1", **startup}]))
    (folder / "launches.csv").write_text(as_csv([{"client_ref": "X1", "occurred_on": "2009-06-01"}]))
    referral = {"vacancy_ref": "V1", "occurred_on": "2009-03-02", "answer": "accepted", "answered_on": "2009-03-04"}
    later = {**referral, "occurred_on": "2010-03-02", "answered_on": "2010-03-03"}
    referrals = [
        {"ref": "R1", "seeker_ref": "S1", **referral},
        {"ref": "R2", "seeker_ref": "S1", **later, "vacancy_ref": "V2"},
        {"ref": "R3", "seeker_ref": "S2", **referral, "vacancy_ref": "V2"},
        {"ref": "R4", "seeker_ref": "S4", **referral, "answer": "refused_by_seeker", "reason": "wage_too_low"},
        {"ref": "R5", "seeker_ref": "S1", **later},
    ]
    write_xlsx(folder / "referrals.xlsx", referrals)
    internship = {"referral_ref": "R3", "occurred_on": "2009-03-09", "completed_on": "2009-09-08"}
    converted = {"converted_on": "2009-09-09", "wage": 2100000}
    (folder / "internships.csv").write_text(as_csv([{"ref": "I1", **internship, **converted}]))
    placements = [
        {"ref": "P2", "referral_ref": "R5", "occurred_on": "2010-04-01", "wage": 2300000},
        {"ref": "P1", "referral_ref": "R1", "occurred_on": "2009-03-16", "wage": 2200000},
    ]
    (folder / "placements.csv").write_text(as_csv(placements))
    found = {"seeker_ref": "S3", "occupation": "10", "sector": "private", "employment": "permanent"}
    (folder / "self_found.csv").write_text(as_csv([{"ref": "F1", **found, "occurred_on": "2009-05-04"}]))
    contacts = [
        {"placement_ref": "P1", "step": "1w", "outcome": "still_employed", "satisfaction": 4,
         "occurred_on": "2009-03-25"},
        {"placement_ref": "P1", "step": "3m", "outcome": "left", "reason": "resigned", "ended_on": "2009-06-12",
         "occurred_on": "2009-06-22"},
        {"placement_ref": "I1", "step": "1m", "outcome": "not_reached", "occurred_on": "2009-10-20"},
    ]  # fmt: skip
    (folder / "contacts.csv").write_text(as_csv(contacts))
    (folder / "closings.csv").write_text(
        as_csv([{"vacancy_ref": "V1", "reason": "expired", "occurred_on": "2010-12-31"}])
    )
    survey = {"asked": 10, "period_from": "2010-01-01", "period_to": "2010-06-30", "occurred_on": "2010-07-12"}
    (folder / "surveys.csv").write_text(as_csv([{**survey, "answered_2": 1, "answered_4": 5, "answered_5": 2}]))


ARRIVES = {
    "registered": SEEKERS, "employers": 2, "vacancies": 2, "sessions": SEEKERS * SESSIONS_EACH + 1, "launches": 1,
    "counsellors": 1, "referrals": 5, "internships_started": 1, "internships_completed": 1,
    "internships_converted": 1, "placements": 3, "placed": 2, "self_found": 1, "surveyed": 10, "survey_answers": 8,
}  # fmt: skip
"""What `write_centre` comes to, by measure."""


def _command(stack: Stack, folder: Path, *options: str) -> list[str]:
    home = str(stack.home.path)
    return [sys.executable, "-m", "jobplus.cli", "import", str(folder), "--home", home, "--json", *options]


def bring(stack: Stack, folder: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    """Bring a folder in, whatever comes of it."""
    command = _command(stack, folder, *options)
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=280)


def bringing(stack: Stack, folder: Path) -> "subprocess.Popen[bytes]":
    """Bring a folder in, in a process that goes on meanwhile."""
    return subprocess.Popen(_command(stack, folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
