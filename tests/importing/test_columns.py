"""The columns of a table are the fields of its form, and what docs/import.md shows is taken."""

import re
from importlib import import_module
from pathlib import Path
from typing import Any

import orjson
import pytest
from pydantic import BaseModel

from chassis.http.bulk_columns import columns_of, rows_body
from chassis.tables.tables import read_table
from jobplus.importing.kinds import KIND_OF, KINDS, refers_to

PAGE = (Path(__file__).parents[2] / "docs" / "import.md").read_text()

FORMS = {
    "counsellors": "intake.counsellors.commands.CounsellorRow",
    "employers": "intake.firms.commands.EmployerForm",
    "seekers": "intake.seekers.commands.SeekerForm",
    "vacancies": "matching.vacancies.commands.VacancyForm",
    "sessions": "intake.counselling.commands.SessionForm",
    "launches": "intake.startup.commands.LaunchForm",
    "referrals": "matching.referrals.commands.ReferralRow",
    "internships": "matching.internships.commands.InternshipRow",
    "placements": "matching.placements.commands.PlacementRow",
    "self_found": "matching.placements.commands.SelfFoundRow",
    "contacts": "followup.contacts.commands.ContactRow",
    "closings": "matching.vacancies.commands.ClosingRow",
    "surveys": "followup.surveys.commands.HeldSurveyRow",
}


def form_of(kind: str) -> type[BaseModel]:
    module, _, name = FORMS[kind].rpartition(".")
    return getattr(import_module(f"services.{module}"), name)


def section(kind: str) -> str:
    found = re.search(rf"^### {kind}$\n(.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found, f"docs/import.md has no section {kind}"
    return found[1]


def test_every_kind_has_a_form() -> None:
    assert set(FORMS) == set(KIND_OF)


@pytest.mark.parametrize("kind", FORMS)
def test_the_pages_example_has_only_columns_that_there_are_and_the_form(kind: str) -> None:
    example = re.search(r"```csv\n(.*?)```", section(kind), re.DOTALL)
    assert example
    columns = columns_of(form_of(kind))
    rows = read_table(example[1].encode(), "csv").rows
    assert rows
    for row in rows:
        fields: dict[str, Any] = {}
        for name, cell in row.cells.items():
            refers = refers_to(name)
            if refers:
                fields[refers[0]] = "0190c0de-0000-7000-8000-000000000001"
            elif name != "ref":
                fields[name] = cell.split(";") if columns[name].kind == "list" else cell
        form_of(kind).model_validate(fields)


@pytest.mark.parametrize("kind", FORMS)
def test_the_described_examples_are_taken(kind: str) -> None:
    form = form_of(kind)
    content = rows_body(form)["requestBody"]["content"]
    form.model_validate_json(content["application/x-ndjson"]["example"])
    (row,) = read_table(content["text/csv"]["example"].encode(), "csv").rows
    columns = columns_of(form)
    form.model_validate(
        {name: cell.split(";") if columns[name].kind == "list" else cell for name, cell in row.cells.items()}
    )
    assert orjson.loads(content["application/x-ndjson"]["example"]).keys() >= row.cells.keys()


def test_every_id_that_a_row_has_can_be_given_as_a_reference() -> None:
    given = {field for kind in KINDS for field in kind.gives}
    ids = {name for kind in FORMS for name in columns_of(form_of(kind)) if name.endswith("_id")}
    ids.remove("visit_id")  # A visit is made here: an earlier system has none to refer to.
    assert refers_to("visit_ref") is None
    assert ids >= {"client_id", "counsellor_id", "employer_id", "placement_id", "referral_id", "seeker_id"}
    for name in ids:
        refers = refers_to(name.removesuffix("_id") + "_ref")
        assert refers is not None
        assert refers[1] in given
