"""No interface has room for a text that the door of texts (chassis/texts.py) doesn't see: no form, parameter, path,
header or event. A form's new text that is a plain `str` fails here."""

import importlib
import inspect
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, get_args
from urllib.parse import quote

import pytest
from pydantic import BaseModel, BeforeValidator, StringConstraints, ValidationError
from pydantic.fields import FieldInfo

import services
from chassis.http import operations
from chassis.http.bulk import rows_of
from chassis.stream import record_texts
from chassis.stream.cloudevents import from_record
from chassis.tables.tables import written
from chassis.texts import Identifier, Line, PublicLine, Taken, TakenInPublic
from jobplus.stack.keys import Role
from services.intake.counsellors.commands import CounsellorForm
from services.intake.firms.commands import BusinessNumber
from services.intake.seekers.phones import Phone
from services.matching.vacancies.commands import TermsForm, VacancyForm
from tests.contracts.samples import SAMPLES, STRUCTURED
from tests.importing.test_tables import sheet
from tests.test_parameters import ADDRESSES, APPS, Address, send_to

NUMBER = "８００１０１-１２３４５６７"
FOUND = "resident registration number"

DOORS = {Taken, TakenInPublic, Identifier, *(get_args(kind)[1] for kind in (Phone, BusinessNumber))}


def forms() -> Iterator[type[BaseModel]]:
    """Every form of every slice: what is a body, and what is a row."""
    home = Path(services.__file__).parent
    modules = [importlib.import_module(f"services.{'.'.join(file.relative_to(home).with_suffix('').parts)}")
               for file in sorted(home.glob("*/*/commands.py"))]  # fmt: skip
    for module in (*modules, operations):
        for _, found in inspect.getmembers(module, inspect.isclass):
            if issubclass(found, BaseModel) and found.__module__ == module.__name__:
                yield found


def unguarded(annotation: Any, metadata: Sequence[Any] = ()) -> bool:
    """Tell whether a field's type has room for a text that the door doesn't see."""
    given = [one for each in metadata for one in (each.metadata if isinstance(each, FieldInfo) else [each])]
    if annotation is str:
        return not DOORS.intersection(one for one in given if isinstance(one, BeforeValidator))
    inner: tuple[Any, ...] = getattr(annotation, "__metadata__", ())
    if inner:
        return unguarded(annotation.__origin__, (*inner, *metadata))
    return any(unguarded(each) for each in get_args(annotation) if not isinstance(each, str))


@pytest.mark.parametrize("form", list(forms()), ids=lambda form: f"{form.__module__}.{form.__name__}")
def test_every_text_of_a_form_passes_the_door(form: type[BaseModel]) -> None:
    assert [name for name, field in form.model_fields.items() if unguarded(field.annotation, field.metadata)] == []


def test_the_walk_over_forms_finds_a_plain_text_wherever_it_is() -> None:
    class Plain(BaseModel):
        text: str
        maybe: str | None
        several: tuple[str, ...]
        named: dict[str, int]
        line: Line
        shown: PublicLine | None
        phone: Phone
        short: str = FieldInfo(max_length=20)

    found = [name for name, field in Plain.model_fields.items() if unguarded(field.annotation, field.metadata)]
    assert found == ["text", "maybe", "several", "named", "short"]
    assert len(list(forms())) > 40


@pytest.mark.parametrize("kind", [Line, PublicLine])
def test_a_form_tells_the_reason_and_not_the_text(kind: Any) -> None:
    class Form(BaseModel):
        text: kind

    assert StringConstraints(min_length=1, max_length=100) in get_args(kind)
    with pytest.raises(ValidationError) as refused:
        Form(text=f"문의 {NUMBER}")
    (error,) = refused.value.errors()
    assert FOUND in error["msg"]
    assert NUMBER not in error["msg"]


def test_a_title_that_every_employer_reads_holds_no_telephone_number() -> None:
    terms = {"openings": 1, "title": "회계 담당자"}
    vacancy = {**VacancyForm.model_config["json_schema_extra"]["examples"][0], **terms}  # pyright: ignore
    for form, good in ((TermsForm, terms), (VacancyForm, vacancy)):
        form.model_validate(good)
        with pytest.raises(ValidationError, match="telephone number"):
            form.model_validate({**good, "title": "회계 담당자 010-0000-1234"})


@pytest.mark.parametrize("format_", ["csv", "xlsx", "ndjson"])
def test_a_row_is_refused_by_its_field_whatever_file_it_comes_in(format_: Any) -> None:
    row = {"ref": "C1", "name": f"이한결 {NUMBER}", "groups": "youth", "occurred_on": "2009-01-28"}
    body = {
        "csv": written(list(row), [row]),
        "xlsx": sheet(list(row), list(row.values())),
        "ndjson": json.dumps({**row, "groups": ["youth"]}).encode(),
    }
    (read,) = rows_of(body[format_], format_, CounsellorForm)
    ((field, reason),) = [(error["field"], error["reason"]) for error in read.errors]
    assert field == "name"
    assert FOUND in reason
    assert NUMBER not in reason


async def refusals(address: Address, query: str = "", key: str = "k") -> list[dict[str, Any]]:
    answers = [
        await send_to(APPS[address.service], address, query, role, key.encode())
        for role in get_args(Role)
    ]  # fmt: skip
    return [problem for status, problem in answers if status != 403]


def is_refused(problems: list[dict[str, Any]], field: str) -> None:
    assert problems
    for problem in problems:
        assert (problem["type"], problem["status"]) == ("urn:jobplus:problem:invalid-request", 422)
        assert [(error["field"], FOUND in error["reason"]) for error in problem["errors"]] == [(field, True)]
        assert NUMBER not in str(problem)


@pytest.mark.parametrize(
    ("address", "parameter"),
    [(address, parameter) for address in ADDRESSES for parameter in address.parameters],
    ids=lambda value: f"{value.method} {value.service}{value.path}" if isinstance(value, Address) else value,
)
async def test_every_parameter_passes_the_door(address: Address, parameter: str) -> None:
    # As of a day, so that nobody looks at the clock first.
    day = "as_of=2010-12-31&" if "as_of" in address.parameters and parameter != "as_of" else ""
    is_refused(await refusals(address, f"{day}{parameter}={quote(NUMBER)}"), parameter)


PATHS = [address for address in ADDRESSES if "{" in address.path]


@pytest.mark.parametrize("address", PATHS, ids=lambda address: f"{address.method} {address.service}{address.path}")
async def test_every_path_passes_the_door(address: Address) -> None:
    field = re.findall(r"\{(\w+)\}", address.path)[0]
    is_refused(await refusals(address._replace(path=re.sub(r"\{\w+\}", NUMBER, address.path))), field)


@pytest.mark.parametrize("sent", [NUMBER, "800101 1234567"])
@pytest.mark.parametrize("service", APPS)
async def test_the_name_of_a_request_passes_the_door(service: str, sent: str) -> None:
    clock = Address(service, "POST", "/clock", ())
    is_refused(await refusals(clock, key=sent), "Idempotency-Key")


async def test_an_address_that_is_none_is_not_repeated_with_a_number() -> None:
    problems = await refusals(Address("intake", "GET", f"/{NUMBER}", ()))
    assert {problem["status"] for problem in problems} == {404}
    assert not [problem for problem in problems if NUMBER in str(problem)]


def texts(node: Any, *path: Any) -> Iterator[tuple[Any, ...]]:
    """Give where every text of some JSON stands."""
    if isinstance(node, str):
        yield path
    for place, inner in node.items() if isinstance(node, dict) else enumerate(node if isinstance(node, list) else ()):
        yield from texts(inner, *path, place)


def replaced(node: Any, path: Sequence[Any], text: str) -> Any:
    if not path:
        return text
    copy = node.copy()
    copy[path[0]] = replaced(copy[path[0]], path[1:], text)
    return copy


@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("number", [NUMBER, "800101-1234567", "8001011234567"])
@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: file.stem)
def test_every_text_of_an_event_passes_the_door(file: Path, number: str, ascii_only: bool) -> None:
    attributes, data = from_record(STRUCTURED, None, file.read_bytes())
    record_texts.check(attributes, data)
    sample = json.loads(data or b"{}")
    for path in texts(sample):
        changed = json.dumps(replaced(sample, path, number), ensure_ascii=ascii_only).encode()
        with pytest.raises(ValueError, match=FOUND) as refused:
            record_texts.check(attributes, changed)
        assert str(refused.value).startswith(".".join(map(str, path)) + " holds")
        assert number not in str(refused.value)
    for name in record_texts.ATTRIBUTES:
        with pytest.raises(ValueError, match=f"{name} holds .* {FOUND}"):
            record_texts.check(attributes._replace(**{name: number}), data)
