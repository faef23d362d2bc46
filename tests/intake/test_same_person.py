"""Who has the same name, birth date and phone is one person, however the three were typed; and what was registered
twice before that was so stays usable until it is merged."""

import sys
import unicodedata
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest

import chassis
import services.intake
from chassis.texts import TextRefused, compared, taken
from tests.kit import forms
from tests.kit.client import StackClient
from tests.kit.threads import at_once

CHASSIS = Path(chassis.__path__[0]) / "migrations"
MIGRATIONS = Path(services.intake.__path__[0]) / "migrations"
COMPARED = "intake-0014-compared.sql"


def _name(of: str) -> str:
    return f"Nguyen {of} Ram"


def _search(calling: StackClient, **by: str) -> list[str]:
    reply = calling.post("intake", "/seekers/search", by)
    assert reply.status == 200
    return [one["seeker_id"] for one in reply.json["seekers"]]


@pytest.mark.parametrize("phone", ["01000001234", "+82 10.0000.1234", "０１０－００００－１２３４"])
def test_a_person_is_registered_once_however_name_and_phone_are_typed(calling: StackClient, phone: str) -> None:
    name = _name(f"{uuid.uuid4().hex[:6]}늘")
    first = calling.post("intake", "/seekers", forms.seeker(name=name, phone="010-0000-1234"))
    assert first.status == 201
    for typed in (
        name.upper(), name.replace(" ", "  "), name.replace(" ", "\u00a0 "), f"\u3000{name} ",
        unicodedata.normalize("NFD", name), name.replace("Nguyen", "Ｎｇｕｙｅｎ"),
    ):  # fmt: skip
        again = calling.post("intake", "/seekers", forms.seeker(name=typed, phone=phone))
        assert again.refusal == (409, "already-registered"), typed
        assert _search(calling, name=typed) == _search(calling, name=typed, phone=phone) == [first.json["seeker_id"]]
    assert calling.get("intake", f"/seekers/{first.json['seeker_id']}").json["name"] == name


def test_of_many_who_register_one_person_at_once_in_other_letters_one_succeeds(calling: StackClient) -> None:
    name = _name(uuid.uuid4().hex[:6])
    asked = [forms.seeker(name=typed) for typed in (name, name.upper(), name.lower(), name.title())] * 4
    replies = at_once(*[lambda form=form: calling.post("intake", "/seekers", form) for form in asked])
    assert sorted(reply.status for reply in replies) == [201] + [409] * 15


def test_a_name_may_be_put_right_in_case_and_not_into_another_persons(calling: StackClient) -> None:
    name = _name(uuid.uuid4().hex[:6])
    form = forms.seeker(name=name.upper())
    path = f"/seekers/{calling.made('intake', '/seekers', form)['seeker_id']}"
    right = calling.put("intake", path, {**form, "name": name}, version='"1"')
    assert (right.status, right.json["changed"]) == (200, ["name"])
    other = forms.seeker()
    another = f"/seekers/{calling.made('intake', '/seekers', other)['seeker_id']}"
    taken_ = calling.put("intake", another, {**other, "name": name.lower()}, version='"1"')
    assert taken_.refusal == (409, "already-registered")


def test_a_firm_joins_once_and_is_found_by_any_letters_of_its_name(calling: StackClient) -> None:
    number, part = forms.business_number(), uuid.uuid4().hex[:8]
    wide = "".join(chr(ord(digit) - ord("0") + ord("０")) for digit in number)
    firm = calling.made("intake", "/employers", forms.employer(business_number=number, name=f"Hanbit {part} 물산"))
    for typed in (wide, f"{number[:3]}-{number[3:5]}-{number[5:]}"):
        again = calling.post("intake", "/employers", forms.employer(business_number=typed))
        assert again.refusal == (409, "already-a-member")
        found = calling.get("intake", f"/employers?business_number={quote(typed)}").json["employers"]
        assert [one["employer_id"] for one in found] == [firm["employer_id"]]
    for typed in (f"HANBIT {part}", f"Ｈａｎｂｉｔ  {part}", unicodedata.normalize("NFD", f"{part} 물")):
        found = calling.get("intake", f"/employers?name={quote(typed)}").json["employers"]
        assert [one["employer_id"] for one in found] == [firm["employer_id"]]


@pytest.fixture
def before(calling: StackClient) -> Iterator[psycopg.Connection[Any]]:
    """A database of intake as it was before names were compared."""
    name = f"before_{uuid.uuid4().hex}"
    with psycopg.connect(calling.stack.database_url(), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}".encode())
    files = [*sorted(CHASSIS.glob("*.sql")), *sorted(MIGRATIONS.glob("*.sql"))]
    with psycopg.connect(calling.stack.database_url().rpartition("/")[0] + f"/{name}", autocommit=True) as made:
        for file in files[: files.index(MIGRATIONS / COMPARED)]:
            made.execute(file.read_bytes())
        yield made


def _kept(before: psycopg.Connection[Any], name: str, phone: str = "010-0000-1234", day: str = "2009-02-02") -> str:
    seeker_id = str(uuid.uuid4())
    before.execute(
        """INSERT INTO seeker (seeker_id, name, birth_date, phone, gender, district, wanted_occupations, status,
                               registered_on)
           VALUES (%s, %s, '1979-05-14', %s, 'female', '11440', '{02}', 'active', %s)""",
        (seeker_id, name, phone, day),
    )
    return seeker_id


def test_rows_at_rest_are_brought_to_the_form_and_those_that_are_the_same_stay(
    before: psycopg.Connection[Any],
) -> None:
    first = _kept(before, "도하늘", day="2009-02-02")
    apart = _kept(before, unicodedata.normalize("NFD", "도하늘"), day="2009-02-03")
    wide = _kept(before, "도하늘", "０１０-００００-１２３４", day="2009-02-04")
    alone = _kept(before, " Nguyen\u00a0 Ga\u3000Ram", "010-0000-5678")
    before.execute((MIGRATIONS / COMPARED).read_bytes())

    rows = before.execute("SELECT seeker_id::text, name, phone, compared_name, same_before FROM seeker").fetchall()
    one = ("도하늘", "010-0000-1234", "도하늘")
    assert {row[0]: row[1:] for row in rows} == {
        first: (*one, 0),
        apart: (*one, 1),
        wide: (*one, 2),
        alone: ("Nguyen Ga Ram", "010-0000-5678", "nguyen ga ram", 0),
    }
    with pytest.raises(psycopg.errors.UniqueViolation):
        _kept(before, "NGUYEN GA RAM", "010-0000-5678")
    before.execute("UPDATE seeker SET district = '11110' WHERE seeker_id = %s", (wide,))


def test_of_a_firm_that_was_taken_twice_one_has_the_plain_number(before: psycopg.Connection[Any]) -> None:
    numbers = ["0008100009", "０００8100009", "０００８１００００９", "００００１", "０0001", "０００2"]
    for number in numbers:
        before.execute(
            """INSERT INTO employer (employer_id, business_number, name, size, district, joined_on)
               VALUES (%s, %s, '㈜  한빛', 'mid', '11680', '2009-02-02')""",
            (uuid.UUID(int=numbers.index(number) + 1), number),
        )
    before.execute((MIGRATIONS / COMPARED).read_bytes())
    rows = before.execute("SELECT business_number, name, compared_name FROM employer ORDER BY employer_id").fetchall()
    assert [row[0] for row in rows] == [*numbers[:3], "00001", numbers[4], "0002"]
    assert {row[1:] for row in rows} == {("㈜ 한빛", "(주) 한빛")}


def test_the_database_compares_texts_as_the_door_does(before: psycopg.Connection[Any]) -> None:
    before.execute((MIGRATIONS / COMPARED).read_bytes())

    def is_taken(text: str) -> bool:
        try:
            return taken(text) == text
        except TextRefused:
            return False

    texts = [chr(code) for code in range(sys.maxunicode + 1) if is_taken(chr(code))]
    texts += [
        "ΟΔΟΣ",
        "οδος",
        "İstanbul",
        "ISTANBUL ıi",
        "Straße STRASSE ẞ",
        "ﬁnﬂ ＡＢＣ ㎏ ㈜",
        "ᾳ Ὰι ŉ",
        "김 보람 Ünal",
    ]
    asked = "SELECT compared(text) FROM unnest(%s::text[]) WITH ORDINALITY AS given (text, place) ORDER BY place"
    told = before.execute(asked, (texts,))
    assert [text for text, (said,) in zip(texts, told, strict=True) if said != compared(text)] == []
    assert len(texts) > 100_000


def test_those_who_are_the_same_at_rest_are_found_changed_and_listed_and_nobody_new_is_the_same(
    calling: StackClient,
) -> None:
    name = _name(uuid.uuid4().hex[:6])
    form = forms.seeker(name=name)
    first = calling.made("intake", "/seekers", form)["seeker_id"]
    later = calling.made("intake", "/seekers", forms.seeker())["seeker_id"]
    calling.query("intake", "UPDATE seeker SET name = $1, same_before = 1 WHERE seeker_id = $2", name.upper(), later)

    assert calling.post("intake", "/seekers", form).json["facts"]["seeker_id"] == first
    assert set(_search(calling, name=name)) == {first, later}
    (listed,) = calling.get("intake", f"/seekers/{later}/duplicates").json["duplicates"][:1]
    assert (listed["seeker_id"], len(listed["reasons"])) == (first, 3)

    moved = calling.put("intake", f"/seekers/{later}", {**form, "district": "11110"}, version='"1"')
    assert (moved.status, moved.json["changed"]) == (200, ["district", "name"])
    assert _same_before(calling, later) == 1
    another = {**form, "phone": "010-0000-9876"}
    assert calling.put("intake", f"/seekers/{later}", another, version='"2"').status == 200
    assert _same_before(calling, later) == 0
    assert calling.put("intake", f"/seekers/{later}", form, version='"3"').refusal == (409, "already-registered")


def _same_before(calling: StackClient, seeker_id: str) -> int:
    (row,) = calling.query("intake", "SELECT same_before FROM seeker WHERE seeker_id = $1", seeker_id)
    return row["same_before"]
