"""What a service refuses a row for is told in the language of the run."""

import pytest

from docs.generate import problem_types
from jobplus.importing.refusal_words import REFUSALS_KO, of_refusal
from jobplus.importing.words import said

OF_ANY_SERVICE = {
    "date-before-opened", "date-in-future", "idempotency-key-reused", "not-yet-known", "row-changed", "row-erased",
    "unknown-id",
}  # fmt: skip
"""Of the refusals that every service has, those that a row may meet."""


def test_every_refusal_of_a_rule_has_korean_words_and_no_other_has() -> None:
    of_rules = {problem.code for problem, service in problem_types() if service in {"intake", "matching", "followup"}}
    assert set(REFUSALS_KO) == of_rules | OF_ANY_SERVICE


@pytest.mark.parametrize("words", REFUSALS_KO.values())
def test_they_are_korean(words: str) -> None:
    assert all("가" <= letter <= "힣" or not letter.isalpha() for letter in words.replace("SOS", ""))


@pytest.mark.parametrize(
    ("code", "reason", "korean"),
    [
        ("before-referral", "referred on 2009-03-02", "그날은 알선한 날보다 앞섭니다 (2009-03-02)"),
        ("no-free-opening", "3 of 3 openings are filled", "모집 인원을 모두 채운 구인입니다"),
        (
            "date-in-future", "occurred_on 2999-01-01 is after today, 2026-11-25",
            "아직 오지 않은 날짜입니다. 이미 있었던 일만 기록합니다 (2999-01-01, 2026-11-25)",
        ),
        ("internal", "the service failed {twice}", "the service failed {twice}"),
    ],
)  # fmt: skip
def test_a_reason_is_told_with_the_days_that_the_service_names(code: str, reason: str, korean: str) -> None:
    told = of_refusal(f"urn:jobplus:problem:{code}", reason)
    assert (told, said(told, "en"), said(told, "ko")) == (reason, reason, korean)


def test_what_no_service_said_is_told_as_it_is() -> None:
    assert of_refusal(None, "names no row") == "names no row"
