"""A text is taken as it is, or refused with a reason that doesn't repeat what it holds."""

import hashlib
import json
import subprocess
import sys
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.texts import MASK, TextRefused, check, compared, identifier, masked, taken, taken_in_public, unparted

ZEROS = [chr(code) for code in range(sys.maxunicode + 1) if unicodedata.decimal(chr(code), -1) == 0]
DASHES = [chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) in {"Pd", "Zs"}]


def in_script(digits: str, zero: str) -> str:
    return "".join(chr(ord(zero) + int(digit)) for digit in digits)


births = st.tuples(st.integers(0, 99), st.integers(1, 12), st.integers(1, 31)).map(
    lambda birth: "".join(f"{part:02}" for part in birth)
)
rests = st.tuples(st.sampled_from("12345678"), st.integers(0, 999_999)).map(lambda r: f"{r[0]}{r[1]:06}")
between = st.sampled_from(["", " - ", "ㅡ", "\u2212", *DASHES])
around = st.text(st.characters(categories=["Lo", "Ll"], exclude_characters="abcdef"), max_size=5)
zeros = st.sampled_from(ZEROS)


@given(births, rests, between, zeros, zeros, around, around)
def test_a_resident_registration_number_is_refused_however_it_is_written(
    birth: str, rest: str, dash: str, zero: str, other: str, before: str, after: str
) -> None:
    number = in_script(birth, zero) + dash + in_script(rest, other)
    with pytest.raises(TextRefused) as refused:
        taken(before + number + after)
    assert not {birth, rest, number} & set(str(refused.value).split())
    assert masked(before + number + after) == before + MASK + after


@pytest.mark.parametrize("dash", [*DASHES, "\t", " - ", "ㅡ", "\u1173", "\u2212", "ー", "─", "～", "\u00ad"], ids=ascii)
def test_every_dash_and_space_may_part_a_number(dash: str) -> None:
    assert masked(f"800101{dash}1234567") == MASK


@pytest.mark.parametrize("zero", ZEROS, ids=ascii)
def test_a_number_may_be_in_any_scripts_digits(zero: str) -> None:
    with pytest.raises(TextRefused, match="13 digits"):
        taken(in_script("8001011234567", zero))


def test_thirteen_digits_within_a_hash_are_there_by_chance_and_beside_a_word_are_not() -> None:
    for digest in ("#deadbeef8001011234567abcdef0abcd.1", "import-0f8001011234567abcdef0ab-seekers"):
        assert taken(digest) == digest == masked(digest)
    for text in (
        "RRN8001011234567",
        "8001011234567abc",
        "주민8001011234567",
        "deadbeef deadbeef 800101-1234567",
    ):
        assert MASK in masked(text)


@given(st.uuids(), st.binary())
def test_ids_and_hashes_are_taken(made: object, hashed: bytes) -> None:
    digest = hashlib.sha256(hashed).hexdigest()
    for text in (str(made), f"2026-01-01_{made}", str(made).replace("-", ""), digest, f"#{digest[:32]}.1", digest[:24]):
        assert taken(text) == text == masked(text)


@given(st.datetimes())
def test_moments_are_taken(moment: datetime) -> None:
    for text in (moment.isoformat(), moment.replace(tzinfo=UTC).isoformat(), moment.strftime("%Y%m%d%H%M%S%f")):
        assert taken(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "010-0000-1234",
        "01000001234",
        "000-81-00009",
        "0008100009",
        "110111-0000001",  # a corporation's registration number
        "800101-9000000",  # born in the 1880s
        "801301-1000000",
        "800132-1000000",
        "1800101-1000000",
        "800101-10000000",
        "8001011",
        "김보람",
        "김보람 한빛물산",
        "㈜한빛",
        "Ünal-Ødegård",
        "𠮷野家",
    ],
)
def test_other_numbers_and_all_that_people_write_are_taken(text: str) -> None:
    assert taken(text) == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (unicodedata.normalize("NFD", "김보람 한빛물산 Ünal"), "김보람 한빛물산 Ünal"),
        ("주식회사\u3000한빛", "주식회사 한빛"),
        ("고\u00a0 객", "고 객"),
        (" \u2003Nguyen  Ga\u202fRam\u2009", "Nguyen Ga Ram"),
        ("\u1680", ""),
        ("０１０", "０１０"),
    ],
)
def test_a_text_is_kept_composed_and_with_one_plain_space_for_any(text: str, kept: str) -> None:
    assert taken(text) == kept == taken(kept)
    check(text)


@given(st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"])))
def test_the_normal_form_is_its_own_normal_form(text: str) -> None:
    for form in (taken, identifier):
        try:
            kept = form(text)
        except TextRefused:
            continue
        assert form(kept) == kept
        assert unicodedata.is_normalized("NFC", kept)
        assert kept.split() == kept.split(" ") or not kept


@pytest.mark.parametrize(
    ("text", "kept"), [("Ｅ１", "E1"), ("٠١٢", "012"), (" ㈜한빛 ", "(주)한빛"), ("ｅ\u30001", "e 1")]
)
def test_what_names_something_is_kept_in_plain_letters_and_digits(text: str, kept: str) -> None:
    assert identifier(text) == kept == identifier(kept)


@pytest.mark.parametrize("text", ["0100-1234", "０１００–１２３４", "(010) 0.1 2/34", "010ㅡ01234", "٠١٠ ٠١٢٣٤"])
def test_a_number_is_the_same_however_it_is_parted(text: str) -> None:
    assert unparted(text) == "01001234"


def test_texts_are_compared_without_case_and_width() -> None:
    names = ["Nguyen Straße", "NGUYEN STRASSE", "ｎｇｕｙｅｎ ｓｔｒａßｅ"]
    assert {compared(name) for name in names} == {"nguyen strasse"}
    assert compared("김보람") != compared("김보랑")


@pytest.mark.parametrize("text", ["a" * 1_001, "\ufdfa" * 1_001, "\ufdfa" * 100])
def test_a_text_that_is_far_too_long_is_no_work(text: str) -> None:
    with pytest.raises(TextRefused, match="has over 1000 characters"):
        identifier(text)


def test_what_a_sheet_writes_for_a_lines_end_is_named() -> None:
    with pytest.raises(TextRefused, match="holds _x000D_, as a sheet writes what can't be seen"):
        taken("차오름_x000D_")
    assert taken("max_xABCD_1 _x0041_") == "max_xABCD_1 _x0041_"


@pytest.mark.parametrize(
    ("character", "named"),
    [
        ("\u202e", "U+202E (RIGHT-TO-LEFT OVERRIDE)"),
        ("\u200b", "U+200B (ZERO WIDTH SPACE)"),
        ("\u2066", "U+2066 (LEFT-TO-RIGHT ISOLATE)"),
        ("\u00ad", "U+00AD (SOFT HYPHEN)"),
        ("\ufeff", "U+FEFF (ZERO WIDTH NO-BREAK SPACE)"),
        ("\u2028", "U+2028 (LINE SEPARATOR)"),
        ("\u2029", "U+2029 (PARAGRAPH SEPARATOR)"),
        ("\n", "U+000A (no letter)"),
        ("\x85", "U+0085 (no letter)"),
        ("\ud800", "U+D800 (no letter)"),
        ("\ue000", "U+E000 (no letter)"),
        ("\u0378", "U+0378 (no letter)"),
        ("\u115f", "U+115F (HANGUL CHOSEONG FILLER)"),
        ("\u1160", "U+1160 (HANGUL JUNGSEONG FILLER)"),
        ("\u3164", "U+3164 (HANGUL FILLER)"),
        ("\uffa0", "U+FFA0 (HALFWIDTH HANGUL FILLER)"),
        ("\ufe0f", "U+FE0F (VARIATION SELECTOR-16)"),
        ("\U000e0100", "U+E0100 (VARIATION SELECTOR-17)"),
        ("\U000e0041", "U+E0041 (TAG LATIN CAPITAL LETTER A)"),
    ],
)
def test_what_can_not_be_seen_is_named(character: str, named: str) -> None:
    with pytest.raises(TextRefused) as refused:
        taken(f"김{character}보람")
    assert str(refused.value) == f"holds {named}, which can't be seen: leave it out"


@pytest.mark.parametrize(
    "phone",
    ["010-1234-5678", "01012345678", "010.1234.5678", "02)123-4567", "+82 10 1234 5678", "０１０－１２３４－５６７８"],
)
def test_a_telephone_number_is_refused_where_others_read_it(phone: str) -> None:
    with pytest.raises(TextRefused, match="telephone number"):
        taken_in_public(f"회계 담당자 {phone}")
    assert taken(phone) == phone


@pytest.mark.parametrize("title", ["회계 담당자", "09:00-18:00 사무원", "2010년 3월 2일부터, 주 5일", "월 2,400,000원"])
def test_a_title_is_taken(title: str) -> None:
    assert taken_in_public(title) == title


def test_no_number_lands_in_a_log() -> None:
    script = """
import logging
import structlog
from chassis.running import telemetry
telemetry.configure_logs("info", service="test")
structlog.get_logger().info("asked", path="/seekers/800101-1234567")
try:
    raise ValueError("８００１０１-１２３４５６７")
except ValueError:
    structlog.get_logger().exception("broke")
logging.getLogger("another").error("of %s", "8001011234567")
"""
    made = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    logged = [json.loads(line) for line in made.stdout.splitlines()]
    assert [line["event"] for line in logged] == ["asked", "broke", f"of {MASK}"]
    assert logged[0]["path"] == f"/seekers/{MASK}"
    assert logged[1]["exception"].endswith(f"ValueError: {MASK}")
