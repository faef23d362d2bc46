"""The names of imports and of their rows: a `ref`, or of a row without one what it says, and how often its file does.

A `ref` is somebody's number. What is typed where there is none (a dash, a nought, a word such as 없음) is no number:
all who have it would be one and the same.
"""

import re
from typing import Annotated

from pydantic import StringConstraints

from chassis.texts import Identifier, TextRefused, compared, identifier

ImportName = Annotated[str, StringConstraints(min_length=1, max_length=255), Identifier]
"""At most as long as a folder's name may be."""

LONGEST_REF = 100
PLACEHOLDER_FOUND = (
    "is no number of anybody, but what is typed where there is none, so all who have it would be the same: give each "
    "its own, or leave it empty"
)
_COUNTS = re.compile("[1-9]")
_NO_SIGN = re.compile(r"[\W_\u1173\u3161\u30fc\uff70]+")
"""Whatever is no letter or digit, and the letters that are typed for a dash."""
_NOUGHTS = re.compile("[0\u3007]*|x+")
_NOBODY = frozenset(
    {
        *("없음", "없슴", "무", "미상", "불명", "미정", "모름", "알수없음", "공란", "빈칸", "해당없음", "해당사항없음"),
        *("번호없음", "미등록", "미기재", "미입력", "미확인", "미부여", "확인불가", "비회원", "익명", "기타"),
        *("na", "nan", "nil", "no", "none", "null", "nothing", "unknown", "undefined", "unregistered", "missing"),
        *("empty", "blank", "tbd", "tba", "notavailable", "notapplicable", "notknown", "noref", "nonumber"),
        *("anonymous", "other"),
    }
)
"""In small letters, without what parts them."""
_SHEETS_ERRORS = frozenset({"#ref!", "#value!", "#div/0!", "#name?", "#num!"})


class PlaceholderRefused(TextRefused):
    """A `ref` is what is typed where there is no number."""

    def __init__(self) -> None:
        super().__init__(PLACEHOLDER_FOUND)


def ref_of(text: str) -> str:
    """Give the form in which a `ref` is kept and compared, the row's own or another's (raises TextRefused)."""
    ref = identifier(text)
    if not 1 <= len(ref) <= LONGEST_REF:
        raise TextRefused(f"a ref has 1 to {LONGEST_REF} characters")
    if not _COUNTS.search(ref) and _is_placeholder(ref):
        raise PlaceholderRefused
    return ref


def _is_placeholder(ref: str) -> bool:
    folded = compared(ref)
    bare = _NO_SIGN.sub("", folded)
    return bool(_NOUGHTS.fullmatch(bare)) or bare in _NOBODY or folded in _SHEETS_ERRORS


_BY_CONTENT = re.compile(r"#[0-9a-f]{32}\.\d+")


def by_content(says: str, nth: int) -> str:
    """Name a row by the hash of what it says (32 hexadecimal digits), and which of those that say so it is, from 1."""
    return f"#{says}.{nth}"


def is_by_content(name: str) -> bool:
    """Tell whether a row's name is made of what it says, and no `ref`."""
    return _BY_CONTENT.fullmatch(name) is not None
