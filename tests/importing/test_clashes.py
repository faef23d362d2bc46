"""What rows of the same files say of each other is told in a dry run, where a service is sure to refuse it."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from jobplus.importing.clashes import RULES
from jobplus.importing.files import read_files
from jobplus.importing.folder import Asked
from jobplus.importing.kinds import KIND_OF, refers_to
from jobplus.importing.references import References
from jobplus.importing.taken import TakenRows
from tests.importing.centre import as_csv

TODAY = date(2011, 1, 27)
EARLY, DAY, LATE = "2009-03-01", "2009-03-02", "2009-03-03"

NAMED: dict[str, tuple[str, dict[str, Any]]] = {
    "client_ref": ("seekers", {}),
    "seeker_ref": ("seekers", {}),
    "counsellor_ref": ("counsellors", {}),
    "vacancy_ref": ("vacancies", {}),
    "referral_ref": ("referrals", {"answer": "accepted"}),
    "placement_ref": ("placements", {}),
}
"""By column the kind of the row that is named, and what else that says."""


def told(folder: Path, **files: list[dict[str, Any]]) -> list[tuple[str, int, str | None, str]]:
    for kind, rows in files.items():
        (folder / f"{kind}.csv").write_text(as_csv(rows))
    read = read_files(folder, Asked()).files
    references = References("test", read, TakenRows(folder), placeholders=True)
    found: list[tuple[str, int, str | None, str]] = []
    for file in read:
        for row in file.rows:
            references.look_across(file, row, references.resolved(file, row)[1], TODAY)
            found += [(file.kind.name, r.row, r.field, r.reason) for r in references.refusals(file, row)]
    return found


@pytest.mark.parametrize(("kind", "column"), RULES)
def test_a_row_before_the_one_that_it_names_is_refused(kind: str, column: str, tmp_path: Path) -> None:
    of, says = NAMED[column]
    named = {"ref": "N1", "occurred_on": DAY, **says}
    ((found, row, field, reason),) = told(
        tmp_path, **{of: [named], kind: [{column: "N1", "occurred_on": on} for on in (LATE, DAY, EARLY)]}
    )
    assert (found, row, field) == (kind, 3, "occurred_on")
    assert reason.startswith("2009-03-01 is before N1 ")
    assert reason.endswith(", on 2009-03-02")


@pytest.mark.parametrize("kind", ["internships", "placements"])
def test_what_only_comes_of_an_accepted_referral_is_refused_of_another(kind: str, tmp_path: Path) -> None:
    referrals = [{"ref": "R1", "answer": "refused_by_seeker"}, {"ref": "R2"}, {"ref": "R3", "answer": "accepted"}]
    refused = told(tmp_path, referrals=referrals, **{kind: [{"referral_ref": f"R{n}"} for n in (1, 2, 3)]})
    assert refused == [
        (kind, 1, "referral_ref", "R1 was not accepted: its answer is refused_by_seeker"),
        (kind, 2, "referral_ref", "R2 was not accepted: its answer is not there"),
    ]


def test_a_day_in_the_future_is_refused_and_no_day_is_today(tmp_path: Path) -> None:
    days = [{"seeker_ref": "S1", "occurred_on": on} for on in ("2999-01-01", "2011-01-27", "2011-01-26", "soon")]
    refused = told(tmp_path, seekers=[{"ref": "S1"}], self_found=[*days, {"seeker_ref": "S1"}])
    assert [(row, reason) for _, row, _, reason in refused] == [
        (3, "2011-01-26 is before S1 was registered, on 2011-01-27"),
        (1, "2999-01-01 is after today, 2011-01-27"),
    ]


def test_a_converted_internship_is_a_placement_from_its_conversion_on(tmp_path: Path) -> None:
    internship = {"ref": "I1", "referral_ref": "R1", "occurred_on": EARLY, "converted_on": DAY}
    contacts = [{"placement_ref": "I1", "occurred_on": on} for on in (EARLY, DAY)]
    referrals = [{"ref": "R1", "occurred_on": EARLY, "answer": "accepted"}]
    refused = told(tmp_path, referrals=referrals, internships=[internship], contacts=contacts)
    assert [(kind, row, field) for kind, row, field, _ in refused] == [("contacts", 1, "occurred_on")]


def test_what_is_no_clash_is_left_to_the_services(tmp_path: Path) -> None:
    unregistered = {"client_ref": "S1", "registered": "false", "occurred_on": EARLY}
    seekers = [{"ref": "S1", "occurred_on": DAY}, {"occurred_on": "2999-01-01"}]
    assert told(tmp_path, seekers=seekers, sessions=[unregistered]) == []


def test_the_rules_are_of_columns_that_there_are() -> None:
    assert all(kind in KIND_OF and refers_to(column) for kind, column in RULES)
