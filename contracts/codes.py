"""Code lists that several events or forms tell. Each has its edition, which schemas name; one that a single event tells
stands beside it, and has that of the event's schema."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

Occupation = Literal[
    "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12",
    "13", "14", "15", "16", "17", "18", "19", "20", "21", "22", "23", "24",
]  # fmt: skip
"""KECO 2007 (Korean Employment Classification of Occupations), middle groups."""

OCCUPATIONS: tuple[Occupation, ...] = get_args(Occupation)

OCCUPATION_NAMES: dict[Occupation, tuple[str, str]] = {
    "01": ("관리직", "managers"),
    "02": ("경영·회계·사무", "business, accounting and office"),
    "03": ("금융·보험", "finance and insurance"),
    "04": ("교육·연구", "education and research"),
    "05": ("법률·경찰·소방·교도", "law, police, fire, corrections"),
    "06": ("보건·의료", "health"),
    "07": ("사회복지·종교", "social welfare and religion"),
    "08": ("문화·예술·디자인·방송", "culture, arts, design, broadcasting"),
    "09": ("운전·운송", "driving and transport"),
    "10": ("영업·판매", "sales"),
    "11": ("경비·청소", "security and cleaning"),
    "12": ("미용·숙박·여행·오락·스포츠", "beauty, lodging, travel, leisure, sport"),
    "13": ("음식서비스", "food service"),
    "14": ("건설", "construction"),
    "15": ("기계", "machinery"),
    "16": ("재료", "materials"),
    "17": ("화학", "chemicals"),
    "18": ("섬유·의복", "textiles and clothing"),
    "19": ("전기·전자", "electrical and electronic"),
    "20": ("정보통신", "information and communication"),
    "21": ("식품가공", "food processing"),
    "22": ("환경·인쇄·목재·가구·공예·생산단순", "environment, printing, wood, crafts, simple production"),
    "23": ("농림어업", "agriculture, forestry, fishing"),
    "24": ("군인", "military"),
}
"""Korean and English."""

District = Literal[
    "11110", "11140", "11170", "11200", "11215", "11230", "11260", "11290", "11305", "11320", "11350", "11380",
    "11410", "11440", "11470", "11500", "11530", "11545", "11560", "11590", "11620", "11650", "11680", "11710",
    "11740", "outside",
]  # fmt: skip
"""Seoul's 25 autonomous districts, by the first five digits of the standard administrative code; or outside Seoul."""

DISTRICTS: tuple[District, ...] = get_args(District)

DISTRICT_NAMES: dict[District, tuple[str, str]] = {
    "11110": ("종로구", "Jongno"),
    "11140": ("중구", "Jung"),
    "11170": ("용산구", "Yongsan"),
    "11200": ("성동구", "Seongdong"),
    "11215": ("광진구", "Gwangjin"),
    "11230": ("동대문구", "Dongdaemun"),
    "11260": ("중랑구", "Jungnang"),
    "11290": ("성북구", "Seongbuk"),
    "11305": ("강북구", "Gangbuk"),
    "11320": ("도봉구", "Dobong"),
    "11350": ("노원구", "Nowon"),
    "11380": ("은평구", "Eunpyeong"),
    "11410": ("서대문구", "Seodaemun"),
    "11440": ("마포구", "Mapo"),
    "11470": ("양천구", "Yangcheon"),
    "11500": ("강서구", "Gangseo"),
    "11530": ("구로구", "Guro"),
    "11545": ("금천구", "Geumcheon"),
    "11560": ("영등포구", "Yeongdeungpo"),
    "11590": ("동작구", "Dongjak"),
    "11620": ("관악구", "Gwanak"),
    "11650": ("서초구", "Seocho"),
    "11680": ("강남구", "Gangnam"),
    "11710": ("송파구", "Songpa"),
    "11740": ("강동구", "Gangdong"),
    "outside": ("서울 밖", "outside Seoul"),
}
"""Korean and English."""

AgeBand = Literal["-29", "30-39", "40-54", "55-"]
"""The centre's own bands, in years."""

AGE_BANDS: tuple[AgeBand, ...] = get_args(AgeBand)

Gender = Literal["female", "male"]
Education = Literal["none", "primary", "middle", "high", "college", "university", "graduate"]
IncomeBand = Literal["low", "middle", "high"]
ClientGroup = Literal["youth", "middle_aged", "senior", "women", "breadwinner", "startup"]
Channel = Literal["visit", "call", "online"]
CHANNELS: tuple[Channel, ...] = get_args(Channel)
FirmSize = Literal["small", "mid", "large"]
Sector = Literal["private", "public"]
Employment = Literal["permanent", "fixed_term", "public_works", "internship"]
Programme = Literal["sos_care", "total_care", "youth_internship"]
JobEnd = Literal[
    "resigned", "dismissed", "contract_ended", "firm_closed", "business_closed", "illness", "retired", "other"
]
"""Why somebody's last job ended, as declared; `business_closed`: their own."""
CareStage = Literal["preparation", "counselling", "training", "ready"]
PlacementSource = Literal["referral", "internship", "self_found"]
FollowUpStep = Literal["1w", "1m", "3m", "6m", "12m"]


@dataclass(frozen=True)
class CodeList:
    """A list whose codes say nothing by themselves: its scheme, and each code's name in Korean and English."""

    name: str
    scheme: str
    names: Mapping[Occupation, tuple[str, str]] | Mapping[District, tuple[str, str]]


CODE_LISTS = (
    CodeList(
        "Occupation", "KECO 2007 (Korean Employment Classification of Occupations), middle groups", OCCUPATION_NAMES
    ),
    CodeList(
        "District",
        "Seoul's 25 autonomous districts by standard administrative code (its first five digits), or outside Seoul",
        DISTRICT_NAMES,
    ),
)


EDITIONS: Mapping[tuple[str, ...], str] = {
    get_args(Occupation): "Occupation:1",
    get_args(District): "District:1",
    get_args(AgeBand): "AgeBand:1",
    get_args(Gender): "Gender:1",
    get_args(Education): "Education:1",
    get_args(IncomeBand): "IncomeBand:1",
    get_args(ClientGroup): "ClientGroup:1",
    get_args(Channel): "Channel:1",
    get_args(FirmSize): "FirmSize:1",
    get_args(Sector): "Sector:1",
    get_args(Employment): "Employment:1",
    get_args(Programme): "Programme:1",
    get_args(CareStage): "CareStage:1",
    get_args(PlacementSource): "PlacementSource:1",
    get_args(FollowUpStep): "FollowUpStep:1",
}
"""The name and edition of each list that events tell, by its codes. Whoever changes the codes raises the edition."""


def is_public_job(sector: Sector, employment: Employment) -> bool:
    """Tell whether SOS-Care offers such a job first: public, fixed-term or public works. Any other is private."""
    return sector == "public" or employment in {"fixed_term", "public_works"}


def programme_of(sos_care: bool, care_stage: CareStage | None) -> Programme | None:
    """Tell the programme that a person is counted by: SOS-Care before total care."""
    if sos_care:
        return "sos_care"
    return "total_care" if care_stage else None


def age_in_years(birth_year: int, on: date) -> int:
    """Tell the age in years (연 나이): the day's year less the year of birth."""
    return on.year - birth_year


def age_band(birth_year: int, on: date) -> AgeBand:
    """Tell the band of the age in years."""
    age = age_in_years(birth_year, on)
    if age < 30:
        return "-29"
    if age < 40:
        return "30-39"
    return "40-54" if age < 55 else "55-"
