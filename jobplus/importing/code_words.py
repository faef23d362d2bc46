"""What the codes of tables mean, in Korean and English, for whoever fills a table in."""

from collections.abc import Mapping
from typing import cast

from contracts.codes import DISTRICT_NAMES, OCCUPATION_NAMES

Words = Mapping[str, tuple[str, str]]

_OCCUPATIONS = cast(Words, OCCUPATION_NAMES)
_DISTRICTS = cast(Words, DISTRICT_NAMES)
_EMPLOYMENT: Words = {
    "permanent": ("정규직", "permanent"),
    "fixed_term": ("기간제", "for a time"),
    "public_works": ("공공근로", "public works"),
    "internship": ("인턴", "internship"),
}
_TRUE: Words = {"true": ("예", "yes"), "false": ("아니요", "no")}
_JOB_ENDS: Words = {
    "resigned": ("자진 퇴사", "resigned"),
    "dismissed": ("해고", "dismissed"),
    "contract_ended": ("계약 만료", "contract ended"),
    "firm_closed": ("회사 폐업", "firm closed"),
    "business_closed": ("본인 사업 폐업", "own business closed"),
    "illness": ("질병", "illness"),
    "retired": ("정년퇴직", "retired"),
    "other": ("기타", "other"),
}
CODE_WORDS: Mapping[str, Words] = {
    "occupation": _OCCUPATIONS,
    "wanted_occupations": _OCCUPATIONS,
    "district": _DISTRICTS,
    "wanted_districts": _DISTRICTS,
    "employment": _EMPLOYMENT,
    "wanted_employment": _EMPLOYMENT,
    "self_found.employment": {code: words for code, words in _EMPLOYMENT.items() if code != "internship"},
    "livelihood_benefit": _TRUE,
    "converts": _TRUE,
    "registered": {"true": ("구직 등록자", "a registered seeker"), "false": ("미등록 창업 상담자", "not registered")},
    "last_job_end_reason": _JOB_ENDS,
    "groups": {
        "youth": ("청년", "youth"),
        "middle_aged": ("중장년", "middle-aged"),
        "senior": ("고령자", "seniors"),
        "women": ("여성", "women"),
        "breadwinner": ("가장", "breadwinners"),
        "startup": ("창업", "start-ups"),
    },
    "size": {"small": ("소기업", "small"), "mid": ("중견기업", "mid-sized"), "large": ("대기업", "large")},
    "income_band": {"low": ("하위", "low"), "middle": ("중위", "middle"), "high": ("상위", "high")},
    "gender": {"female": ("여성", "female"), "male": ("남성", "male")},
    "education": {
        "none": ("무학", "none"),
        "primary": ("초등학교", "primary school"),
        "middle": ("중학교", "middle school"),
        "high": ("고등학교", "high school"),
        "college": ("전문대학", "college of two or three years"),
        "university": ("대학교", "university"),
        "graduate": ("대학원", "graduate school"),
    },
    "sector": {"private": ("민간", "private"), "public": ("공공", "public")},
    "kind": {"job": ("취업 상담", "job counselling"), "startup": ("창업 상담", "start-up counselling")},
    "channel": {"visit": ("방문", "visit"), "call": ("전화", "call"), "online": ("온라인", "online")},
    "answer": {
        "accepted": ("수락", "accepted"),
        "refused_by_seeker": ("구직자 거절", "refused by the seeker"),
        "refused_by_employer": ("구인 업체 거절", "refused by the employer"),
        "postponed": ("보류", "postponed"),
    },
    "broken_off_by": {"intern": ("인턴", "the intern"), "employer": ("구인 업체", "the employer")},
    "step": {
        "1w": ("1주", "after a week"),
        "1m": ("1개월", "after a month"),
        "3m": ("3개월", "after three months"),
        "6m": ("6개월", "after six months"),
        "12m": ("12개월", "after a year"),
    },
    "outcome": {
        "still_employed": ("재직 중", "still employed"),
        "left": ("퇴사", "left"),
        "changed_job": ("이직", "changed job"),
        "not_reached": ("연락 안 됨", "not reached"),
    },
    "referrals.reason": {
        "wage_too_low": ("임금이 낮음", "wage too low"),
        "too_far": ("거리가 멂", "too far"),
        "other_work_wanted": ("다른 일을 원함", "other work wanted"),
        "hours_unsuitable": ("근무 시간이 맞지 않음", "hours unsuitable"),
        "experience_missing": ("경력 부족", "experience missing"),
        "qualification_missing": ("자격 부족", "qualification missing"),
        "another_chosen": ("다른 사람을 채용", "another chosen"),
        "other": ("기타", "other"),
    },
    "contacts.reason": {code: words for code, words in _JOB_ENDS.items() if code not in ("business_closed", "retired")},
    "closings.reason": {"withdrawn": ("구인 철회", "withdrawn"), "expired": ("기한 만료", "expired")},
}
"""By column, or by kind and column."""


def code_words(kind: str, column: str) -> Words:
    """Give what each code of a column means; empty for a column without codes."""
    return CODE_WORDS.get(f"{kind}.{column}") or CODE_WORDS.get(column) or {}
