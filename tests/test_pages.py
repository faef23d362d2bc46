"""No address answers a list without an end: it has pages, or a bound that is not how much is recorded."""

from collections.abc import Iterator
from typing import Any

from tests.test_parameters import APPS

BOUNDED = {
    # What is recorded of one person, whose rules bound it.
    "intake /seekers/{seeker_id}/sos-care": "triages of a person, one at a time",
    "intake /seekers/{seeker_id}/total-care": "assessments and courses of a person",
    "intake /seekers/{seeker_id}/duplicates": "records that are alike enough to be told as duplicates",
    "followup /contacts/{contact_id}": "tries of one contact, as many as its rules allow",
    "followup /placements/{placement_id}/employment": "contacts of one placement, as many as there are steps",
    # What is counted: a row is a code, a month, a target or a counsellor in service.
    "intake /counsellors/load": "counsellors in service",
    "reporting /figures/monthly": "months; refused over MOST_PARTS",
    "reporting /figures/split": "refused over MOST_PARTS",
    "reporting /figures/unplaced": "months and codes",
    "reporting /releases": "a release a month",
    "reporting /releases/{day}": "tables of codes, months and years",
    "reporting /releases/{day}/corrections": "at most one for each later release, and a manager's",
    "reporting /targets": "targets of a year: measures, programmes and groups",
    "reporting /targets/backtest": "months of a year",
}
"""Why these have no pages."""


def _lists(schema: dict[str, Any], components: dict[str, Any]) -> bool:
    """Tell whether an answer has a list of records in it."""
    if "$ref" in schema:
        schema = components[schema["$ref"].rpartition("/")[2]]
    either = schema.get("anyOf", [])
    if schema.get("type") == "array":
        return "$ref" in schema["items"]
    inside = schema.get("properties", {}).values()
    return any(_lists(one, components) for one in either) or any(
        one.get("type") == "array" and "$ref" in one["items"] for one in inside
    )


def _without_pages() -> Iterator[str]:
    for service, app in APPS.items():
        described = app.openapi()
        for path, methods in described["paths"].items():
            if "get" not in methods:
                continue
            operation = methods["get"]
            schema = operation["responses"]["200"]["content"]["application/json"].get("schema", {})
            named = {parameter["name"] for parameter in operation.get("parameters", ())}
            if "limit" not in named and _lists(schema, described["components"]["schemas"]):
                yield f"{service} {path}"


def test_every_list_has_pages_or_a_bound() -> None:
    assert set(_without_pages()) == set(BOUNDED)
