"""The forms that the people and firms of a history hand in: all invented, from common Korean syllables.

Telephone numbers and business numbers are told from the number in the history, so no two are the same.
"""

import random
from datetime import date, timedelta

from contracts.codes import DISTRICTS, OCCUPATION_NAMES, Education, Gender, Occupation
from jobplus.replay.drawing.vacancies import Post
from jobplus.replay.driving.actions import Form

_SURNAMES = "김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허남심"
_FIRST = "가나다라민서지하수예도시은현준영성재태승우진윤소유채다해미보"
_SECOND = "람결솔빛슬봄온율한별찬혁원호연아린경숙희자철식미정선우진"
_FIRM_FIRST = ("한빛", "새봄", "푸른", "가온", "다온", "누리", "미르", "하람", "한결", "온새", "이든", "라온", "해오름")
_FIRM_SECOND = ("물산", "상사", "산업", "테크", "유통", "전자", "식품", "서비스", "디자인", "건설", "복지", "미디어")
_GROUPS = ("youth", "middle_aged", "senior", "women", "breadwinner", "startup")
_EDUCATION: tuple[Education, ...] = (
    "middle",
    "high",
    "high",
    "high",
    "college",
    "university",
    "university",
    "graduate",
)
_CHECK_WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)


def counsellor(number: int, rng: random.Random) -> Form:
    """Give a counsellor who serves two of the client groups: each group has its own."""
    first, second = number % len(_GROUPS), (number // len(_GROUPS) + number + 1) % len(_GROUPS)
    return {"name": _name(rng), "groups": list(dict.fromkeys((_GROUPS[first], _GROUPS[second])))}


def employer(number: int, rng: random.Random) -> Form:
    """Give a company; its business number starts with a tax office that doesn't exist (9..)."""
    return {
        "business_number": _business_number(number),
        "name": rng.choice(_FIRM_FIRST) + rng.choice(_FIRM_SECOND),
        "size": rng.choice(("small", "small", "small", "small", "small", "small", "mid", "mid", "large")),
        "district": _district(rng),
    }


def seeker(number: int, birth_year: int, wanted: tuple[Occupation, ...], day: date, rng: random.Random) -> Form:
    """Give a person who was born in a year and registers on a day of a later one."""
    gender: Gender = "female" if rng.random() < 0.52 else "male"
    age = day.year - birth_year
    form: dict[str, object] = {
        "name": _name(rng),
        "birth_date": (date(birth_year, 1, 1) + timedelta(rng.randrange(365))).isoformat(),
        "phone": phone(number),
        "gender": gender,
        "district": _district(rng),
        "wanted_occupations": list(wanted),
    }
    if rng.random() < 0.9:
        form["education"] = rng.choice(_EDUCATION)
    if rng.random() < 0.8:
        form["career_years"] = rng.randrange(max(1, min(40, age - 18)))
    if rng.random() < 0.7:
        form["desired_wage"] = 10_000 * rng.randrange(100, 320)
    return form


def vacancy(post: Post, openings: int, rng: random.Random) -> Form:
    """Give a vacancy: mostly a firm's permanent job, some fixed-term, some public ones; or an internship."""
    public = not post.internship and rng.random() < 0.12
    steady = rng.random()
    if public:
        employment = "public_works" if steady < 0.5 else "fixed_term"
    else:
        employment = "permanent" if steady < 0.75 else "fixed_term"
    form: dict[str, object] = {
        "occupation": post.occupation,
        "openings": openings,
        "title": f"{OCCUPATION_NAMES[post.occupation][0]} 분야 {'인턴' if post.internship else '직원'} 모집",
        "sector": "public" if public else "private",
        "employment": "internship" if post.internship else employment,
        "wage": 10_000 * rng.randrange(100, 300),
        "district": _district(rng),
    }
    if post.internship:
        form["converts"] = True
    return form


def phone(number: int) -> str:
    """Give a number that no other has."""
    # Numbers from 010-0000 to 010-1999 were never given out. A step that has no factor in common with their count
    # meets every one once before any comes again.
    digits = f"{number * 7_470_321 % (2 * 10**7):08d}"
    return f"010-{digits[:4]}-{digits[4:]}"


def _name(rng: random.Random) -> str:
    return rng.choice(_SURNAMES) + rng.choice(_FIRST) + rng.choice(_SECOND)


def _district(rng: random.Random) -> str:
    return rng.choice(DISTRICTS)


def _business_number(number: int) -> str:
    body = f"{999_999_999 - number:09d}"
    digits = [int(digit) for digit in body]
    total = sum(digit * weight for digit, weight in zip(digits, _CHECK_WEIGHTS, strict=True)) + digits[8] * 5 // 10
    return f"{body}{(10 - total % 10) % 10}"
