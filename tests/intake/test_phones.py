"""A telephone number is kept in one written form, however it was typed, or refused in words that a clerk can act on."""

import pytest
from pydantic import BaseModel, ValidationError

from services.intake.seekers.phones import Phone, phone, without_middle


@pytest.mark.parametrize(
    ("kept", "typed"),
    [
        (
            "010-0000-1234",
            ["01000001234", "010.0000.1234", "010 0000 1234", "(010)0000-1234"],
        ),
        ("010-0000-1234", ["+82-10-0000-1234", "+821000001234", "0082 10 0000 1234", "+82 (0)10-0000-1234"]),
        (
            "010-0000-1234",
            ["０１０－００００－１２３４", "010–0000—1234", "010ㅡ0000ㅡ1234", " 010-0000-1234\u00a0", "٠١٠-٠٠٠٠-١٢٣٤"],
        ),
        ("011-123-4567", ["0111234567"]),
        ("016-1234-5678", ["+82 16 1234 5678"]),
        ("02-123-4567", ["021234567", "02)123-4567", "+82 2 123 4567"]),
        ("02-1234-5678", ["0212345678"]),
        ("031-123-4567", ["0311234567", "031/123/4567"]),
        ("064-1234-5678", ["06412345678"]),
        ("0505-000-1234", ["05050001234", "0505.000.1234"]),
        ("0507-0000-1234", ["050700001234"]),
        ("070-0000-1234", ["07000001234"]),
        ("080-000-1234", ["0800001234"]),
        ("1588-0000", ["15880000", "1588 0000", "+82 1588-0000", "１５８８－００００"]),
        ("1644-0000", ["16440000"]),
        ("1800-0000", ["18000000"]),
    ],
)
def test_a_number_has_one_written_form(kept: str, typed: list[str]) -> None:
    assert {phone(text) for text in (kept, *typed)} == {kept}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1000001234", "the 0 in front is missing"),
        ("111234567", "the 0 in front is missing"),
        ("123-4567", "is no telephone number"),
        ("567-1234", "the area is missing"),
        ("5678-1234", "the area is missing"),
        ("010-000-1234", "is no telephone number"),
        ("010-0000-12345", "is no telephone number"),
        ("034-123-4567", "is no telephone number"),
        ("1234-0000", "is no telephone number"),
        ("010-0000-1234, 010-0000-5678", "is no telephone number"),
        ("02-123-4567 (내선 12)", "is no telephone number"),
        ("+84 10 0000 1234", "is no telephone number"),
        ("010-0000-12E4", "is no telephone number"),
        ("없음", "is no telephone number"),
        ("-", "is no telephone number"),
        ("010-0000\u200b-1234", "holds U\\+200B"),
        ("800101-1234567", "resident registration number"),
    ],
)
def test_what_is_none_is_refused_in_words(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as refused:
        phone(text)
    assert "[0-9]" not in str(refused.value)


def test_a_form_tells_the_reason_and_has_the_written_form() -> None:
    class Form(BaseModel):
        phone: Phone

    assert Form(phone="+82 10.0000.1234").phone == "010-0000-1234"
    assert Form.model_validate_json('{"phone": "15880000"}').phone == "1588-0000"
    for given in ("1", "", 1000001234, None):
        with pytest.raises(ValidationError):
            Form.model_validate({"phone": given})


@pytest.mark.parametrize(
    ("kept", "shown"),
    [("010-0000-1234", "010-****-1234"), ("0505-000-1234", "0505-****-1234"), ("1588-0000", "1588-****")],
)
def test_a_list_shows_a_number_without_its_middle(kept: str, shown: str) -> None:
    assert without_middle(kept) == shown
