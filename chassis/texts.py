"""The one door for texts that come from outside: text in, its one normal form out, or the reason why it isn't taken.

A text is kept in NFC, with one plain space for spaces of any kind, and none around it. What names something (a code, a
ref, a number that people type) is kept in NFKC with the digits 0 to 9, so that full-width letters are plain ones. An
event, a token's claim and an Idempotency-Key are only looked at: they stay what they are.

Nobody may keep a resident registration number without a law that says so (personal information protection act, art.
24-2), and what can't be seen makes two texts look like one. So neither is taken in any text of any interface, and where
a refusal or the log would repeat such a number, `masked` takes it out.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BeforeValidator, StringConstraints

MASK = "[a resident registration number]"
NUMBER_FOUND = (
    "holds 13 digits that may be a resident registration number, which must not be kept: leave it out, or write what "
    "it really is in another way"
)
PHONE_FOUND = "holds a telephone number, and everybody may read it: leave it out"
SHORTEST_NUMBER = 13
LONGEST = 1_000
"""Characters. No field holds as many, and NFKC makes 18 of one."""

_DASHES = (
    "\\-~\u00ad\u02d7\u058a\u05be\u1173\u1400\u1806\u2010-\u2015\u2043\u2053\u207b\u208b\u2212\u2500\u2501\u2796"
    "\u2e17\u2e1a\u2e3a\u2e3b\u2e40\u2e5d\u301c\u3030\u30a0\u30fc\u3161\ufe31\ufe32\ufe58\ufe63\uff0d\uff5e\uff70"
    "\U00010d6e\U00010ead"
)
"""Every dash of Unicode, and what is typed for one, such as the Hangul letter EU."""
_BETWEEN = f"[\\s{_DASHES}]{{0,3}}"
_NUMBER = re.compile(
    r"[0-9]{2}(?<![0-9]{3})(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])" + _BETWEEN + r"[1-8][0-9]{6}(?![0-9])"
)
"""Born on a day, then one of 1 to 8 and six more. Those of 9 and 0 were born before 1900; corporations' numbers have
them."""
_PHONE = re.compile(
    rf"(?<![0-9])(?:0|\+82{_BETWEEN}0?)[0-9]{{1,3}}[.)]?{_BETWEEN}[0-9]{{3,4}}[.]?{_BETWEEN}[0-9]{{4}}(?![0-9])"
)
_DIGEST = re.compile(r"[0-9A-Fa-f]{24,}")
"""A hash or an id without hyphens: 13 digits in a row are there by chance."""
_DIGITS = bytes.maketrans(b"123456789", b"0" * 9)
_SEVEN_DIGITS = b"0" * 7
_OTHER_DIGIT = re.compile(r"[^\D0-9]")
_IGNORED = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""What has no form of its own although it counts as a letter or a mark: fillers and variation selectors."""
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Controls, formats (those that turn the direction among them), surrogates, private and unassigned ones, line ends."""

_SPACES = re.compile(r"[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
"""How a sheet writes a character that XML has no room for: `_x000D_` at the end of a line."""
_PARTING = re.compile(f"[\\s().,/{_DASHES}]+")


class TextRefused(ValueError):
    """A text isn't taken: says why, and never what it holds."""


def check(text: str) -> None:
    """Look at a text that stays as it is (raises TextRefused)."""
    if not text.isprintable() or (not text.isascii() and _IGNORED.search(text)):
        _refuse_unseen(text)
    if len(text) >= SHORTEST_NUMBER and _numbers(_with_plain_digits(text)):
        raise TextRefused(NUMBER_FOUND)


def taken(text: str) -> str:
    """Give the form in which a text is kept and read (raises TextRefused)."""
    if len(text) > LONGEST:
        raise TextRefused(f"has over {LONGEST} characters")
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if "  " in text or not text.isprintable():
        text = _SPACES.sub(" ", text)
    text = text.strip(" ")
    if "_x" in text:
        _refuse_escaped(text)
    check(text)
    return text


def identifier(text: str) -> str:
    """Give the form in which what names something is kept: a code, a ref, a number that people type (raises
    TextRefused)."""
    if not text.isascii() and len(text) <= LONGEST:
        text = _with_plain_digits(unicodedata.normalize("NFKC", text))
    return taken(text)


def unparted(text: str) -> str:
    """Give a number that people part by dashes, dots, spaces and brackets without these (raises TextRefused)."""
    return _PARTING.sub("", identifier(text))


def compared(text: str) -> str:
    """Give what two kept texts are the same by: without case, and without the width of letters."""
    return unicodedata.normalize("NFKC", text).casefold()


def taken_in_public(text: str) -> str:
    """Give a text that others will read as it is kept: with no telephone number either (raises TextRefused)."""
    text = taken(text)
    if _PHONE.search(_with_plain_digits(text)):
        raise TextRefused(PHONE_FOUND)
    return text


def masked(text: str) -> str:
    """Give a text with MASK in place of every resident registration number."""
    plain = _with_plain_digits(text)
    given, end = "", 0
    for start, stop in _numbers(plain):
        given, end = given + text[end:start] + MASK, stop
    return given + text[end:]


def may_hold_number(text: bytes) -> bool:
    """Tell whether there are digits enough: in a fraction of the time that it takes to look for a number."""
    return _SEVEN_DIGITS in text.translate(_DIGITS)


def _refuse_unseen(text: str) -> None:
    for character in text:
        if unicodedata.category(character) in _UNSEEN or _IGNORED.match(character):
            name = unicodedata.name(character, "no letter")
            raise TextRefused(f"holds U+{ord(character):04X} ({name}), which can't be seen: leave it out")


def _refuse_escaped(text: str) -> None:
    for found in _ESCAPED.finditer(text):
        if unicodedata.category(chr(int(found[1], 16))) in _UNSEEN:
            raise TextRefused(
                f"holds {found[0]}, as a sheet writes what can't be seen, such as a line's end: leave it out"
            )


def _numbers(plain: str) -> list[tuple[int, int]]:
    """Tell where resident registration numbers begin and end."""
    if not may_hold_number(plain.encode("utf-8", "replace")):
        return []
    found = [match.span() for match in _NUMBER.finditer(plain)]
    digests = [match.span() for match in _DIGEST.finditer(plain)]
    return [(a, b) for a, b in found if not any(first <= a and b <= last for first, last in digests)]


def _with_plain_digits(text: str) -> str:
    """Give a text with the digits of every script as 0 to 9, each in its place."""
    return text if text.isascii() else _OTHER_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), text)


def by(form: Callable[[str], str]) -> BeforeValidator:
    """Have a field's text brought to a form before anything else is asked of it, such as its length."""

    def brought(given: Any) -> Any:
        return form(given) if isinstance(given, str) else given

    return BeforeValidator(brought)


Taken = by(taken)
TakenInPublic = by(taken_in_public)
Identifier = by(identifier)
"""For a field that holds what names something: `Annotated[Code, Identifier]`."""

Line = Annotated[str, StringConstraints(min_length=1, max_length=100), Taken]
"""One line that a person writes: 1 to 100 characters."""

PublicLine = Annotated[str, StringConstraints(min_length=1, max_length=100), TakenInPublic]
"""One line that is shown to others than those who work on it."""
