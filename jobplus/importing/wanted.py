"""What each column of an import holds, in English and Korean, for whoever has to mend a value."""

from collections.abc import Mapping

from jobplus.importing.kinds import DAYS, refers_to
from jobplus.importing.words import Sentence

_DAY = ("a day such as 2010-01-28", "2010-01-28 같은 날짜를")
_REF = ("the ref of a row of another file", "다른 파일에 있는 행의 ref를")
_MANY = ("; several are parted by ;", " (여럿이면 ;로 나눔)")
_DISTRICT = ("the five digits of a district such as 11110", "11110 같은 다섯 자리 시군구 코드를")
_COUNT = ("a whole number from 0 to 10000", "0~10000의 정수를")
_WAGE = ("won a month as a whole number up to 100000000", "월 급여(원)를 100000000까지의 정수로")
_TRUE = ("true or false", "true 또는 false를")
_OCCUPATION = ("a code of two digits such as 02", "02 같은 두 자리 직종 코드를")
_PEOPLE = ("a whole number from 0 to 20", "0~20의 정수를")


def _one_of(*codes: str) -> tuple[str, str]:
    return "one of " + ", ".join(codes), ", ".join(codes) + " 중 하나를"


def _several_of(*codes: str) -> tuple[str, str]:
    return "some of " + ", ".join(codes) + _MANY[0], ", ".join(codes) + _MANY[1] + " 중에서"


_JOBS = ("permanent", "fixed_term", "public_works")
WANTED: Mapping[str, tuple[str, str]] = {
    "ref": ("the row's own number, at most 100 characters", "그 행의 번호를 100자까지"),
    "name": ("a name in one line of at most 100 characters", "이름을 한 줄에 100자까지"),
    "title": ("one line of at most 100 characters", "제목을 한 줄에 100자까지"),
    "phone": ("a telephone number such as 010-0000-1234", "010-0000-1234 같은 전화번호를"),
    "business_number": ("the ten digits of a business number", "사업자등록번호 열 자리를"),
    "groups": _several_of("youth", "middle_aged", "senior", "women", "breadwinner", "startup"),
    "size": _one_of("small", "mid", "large"),
    "district": _DISTRICT,
    "wanted_districts": (_DISTRICT[0] + _MANY[0], "11110 같은 다섯 자리 시군구 코드를" + _MANY[1]),
    "wanted_employment": _several_of(*_JOBS, "internship"),
    "wanted_occupations": (_OCCUPATION[0] + _MANY[0], _OCCUPATION[1] + _MANY[1]),
    "occupation": _OCCUPATION,
    "programmes": (
        "a programme's short name in small letters" + _MANY[0],
        "사업의 짧은 이름을 영문 소문자로" + _MANY[1],
    ),
    "override": ("the short name of a reason in small letters", "사유의 짧은 이름을 영문 소문자로"),
    "dependants": _PEOPLE,
    "other_earners": _PEOPLE,
    "income_band": _one_of("low", "middle", "high"),
    "livelihood_benefit": _TRUE,
    "converts": _TRUE,
    "registered": _TRUE,
    "last_job_end_reason": _one_of(
        *("resigned", "dismissed", "contract_ended", "firm_closed"),
        *("business_closed", "illness", "retired", "other"),
    ),
    "gender": _one_of("female", "male"),
    "education": _one_of("none", "primary", "middle", "high", "college", "university", "graduate"),
    "career_years": ("whole years from 0 to 60", "0~60의 정수(년)를"),
    "desired_wage": _WAGE,
    "wage": _WAGE,
    "openings": ("a whole number from 1 to 10000", "1~10000의 정수를"),
    "sector": _one_of("private", "public"),
    "employment": _one_of(*_JOBS, "internship"),
    "kind": _one_of("job", "startup"),
    "channel": _one_of("visit", "call", "online"),
    "minutes": ("whole minutes from 1 to 600", "1~600의 정수(분)를"),
    "answer": _one_of("accepted", "refused_by_seeker", "refused_by_employer", "postponed"),
    "broken_off_by": _one_of("intern", "employer"),
    "step": _one_of("1w", "1m", "3m", "6m", "12m"),
    "outcome": _one_of("still_employed", "left", "changed_job", "not_reached"),
    "satisfaction": ("a whole number from 1 to 5", "1~5의 정수를"),
    "asked": ("a whole number from 1 to 10000", "1~10000의 정수를"),
    **{f"answered_{number}": _COUNT for number in range(1, 6)},
    "referrals.reason": _one_of(
        *("wage_too_low", "too_far", "other_work_wanted", "hours_unsuitable", "experience_missing"),
        *("qualification_missing", "another_chosen", "other"),
    ),
    "contacts.reason": _one_of("resigned", "dismissed", "contract_ended", "firm_closed", "illness", "other"),
    "closings.reason": _one_of("withdrawn", "expired"),
    "self_found.employment": _one_of(*_JOBS),
}


def wanted(kind: str, column: str) -> Sentence | None:
    """Say what a column of a kind holds; None for a column that isn't known."""
    forms = WANTED.get(f"{kind}.{column}") or WANTED.get(column)
    if column in DAYS:
        forms = _DAY
    elif refers_to(column):
        forms = _REF
    return Sentence(forms, {}) if forms else None
