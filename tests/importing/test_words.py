"""What the import says is said in both languages, and what it says of each column is what the column's form takes."""

import re
from typing import Any

import pytest

from chassis.http.bulk_columns import columns_of
from chassis.tables.faults import FAULTS, Fault
from jobplus.importing.kinds import DAYS, refers_to
from jobplus.importing.wanted import wanted
from jobplus.importing.words import FAULTS_KO, SAYS, Sentence, is_librarys, language_of, of_fault, said, say
from tests.importing.test_columns import FORMS, form_of

NAMES = re.compile(r"\{(\w+)\}")
COLUMNS = [(kind, column) for kind in FORMS for column in columns_of(form_of(kind)) if column != "visit_id"]


@pytest.mark.parametrize("what", [*SAYS, *FAULTS])
def test_every_sentence_is_there_in_both_languages_with_the_same_values(what: str) -> None:
    english, korean = SAYS[what] if what in SAYS else (FAULTS[what], FAULTS_KO[what])
    assert set(NAMES.findall(english)) == set(NAMES.findall(korean))
    assert re.search("[가-힣]", korean) or not re.sub(r"\{\w+\}|\W", "", korean)


def test_no_sentence_is_there_that_no_fault_has() -> None:
    assert set(FAULTS) == set(FAULTS_KO)


@pytest.mark.parametrize(("kind", "column"), COLUMNS)
def test_what_a_column_holds_is_said_as_its_form_takes_it(kind: str, column: str) -> None:
    named = column.removesuffix("_id") + "_ref" if column.endswith("_id") else column
    holds = wanted(kind, named)
    assert holds is not None
    schema = form_of(kind).model_json_schema()["properties"][column]
    if refers_to(named):
        assert "ref" in holds
    else:
        assert (columns_of(form_of(kind))[column].kind == "day") == (column in DAYS)
    for language in ("en", "ko"):
        text = said(holds, language)
        for codes in codes_of(schema):
            assert len(codes) > 10 or all(code in text for code in codes)
        assert "^" not in text


def codes_of(schema: dict[str, Any]) -> list[list[str]]:
    inner = [*schema.get("anyOf", ()), schema.get("items", {})]
    return [codes for each in inner if each for codes in codes_of(each)] + (
        [schema["enum"]] if "enum" in schema else []
    )


def test_a_sentence_within_another_is_said_in_the_same_language() -> None:
    within = say("of_file", file=say("of_row", file="a.csv", row=2), why=of_fault(Fault("day_none")))
    assert within == "a.csv row 2: there is no such day"
    assert said(within, "ko") == "a.csv 2행: 없는 날짜입니다"
    assert said("a service's own", "ko") == "a service's own"
    assert isinstance(within, Sentence)


@pytest.mark.parametrize(
    ("environment", "language"),
    [({"LANG": "ko_KR.UTF-8"}, "ko"), ({"LANG": "ko_KR.UTF-8", "LC_ALL": "C"}, "en"), ({}, "en")],
)
def test_the_language_is_the_locales(environment: dict[str, str], language: str) -> None:
    assert language_of(environment) == language


def test_the_librarys_reasons_are_known_from_a_services_own() -> None:
    from pydantic import ValidationError

    for kind in FORMS:
        with pytest.raises(ValidationError) as refused:
            form_of(kind).model_validate({column: {"no": "form"} for column in columns_of(form_of(kind))})
        for error in refused.value.errors():
            own = error["type"] == "value_error"  # as of a day, which the forms have a reason of their own for
            assert is_librarys(error["msg"]) != own, error["msg"]
    assert not is_librarys("holds a telephone number, and everybody may read it: leave it out")
