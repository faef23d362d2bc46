"""The pages as they are served: what they say, in both languages, how long they are kept, and what is refused."""

import csv
import hashlib
import io
import re
from datetime import date

import pytest

from contracts.codes import OCCUPATION_NAMES
from tests.kit.client import Reply, StackClient
from tests.pages.conftest import CONTACT, LICENCE
from tests.pages.sample import Made

NEWEST = "releases/2010-12-31"
PAGES = (
    "",
    NEWEST,
    f"{NEWEST}/tables/placed-by-occupation",
    f"{NEWEST}/tables/placed-by-occupation-and-age-band-in-year",
    f"{NEWEST}/charts/placed-by-occupation",
    "figures/",
    "figures/placed.rate_percent",
)
FIRST_VIEW_BYTES = 100_000


def get(calling: StackClient, path: str, **headers: str) -> Reply:
    """Ask as a browser does: without a token."""
    return calling.send("reporting", "GET", path, None, headers)


def text_of(reply: Reply) -> str:
    """Give what a page says, without its tags."""
    body = re.sub(r"(?s)<head>.*?</head>|<[^>]+>", " ", reply.body.decode())
    return " ".join(body.replace("&#39;", "'").split())


@pytest.mark.parametrize(
    ("asked", "language"),
    [("", "ko"), ("en-GB,en;q=0.9", "en"), ("ko-KR,ko;q=0.9,en;q=0.8", "ko"), ("fr,en;q=0.5", "en"), ("x;q=y", "ko")],
)
def test_the_beginning_leads_to_the_language_that_the_browser_asks_for(
    calling: StackClient, asked: str, language: str
) -> None:
    reply = get(calling, "/", **{"Accept-Language": asked})
    assert (reply.status, reply.headers["Location"]) == (307, f"/{language}/")
    assert reply.headers["Vary"] == "Accept-Language"


def test_the_front_page_has_the_newest_figures_all_releases_the_contact_and_the_licence(calling: StackClient) -> None:
    korean, english = (text_of(get(calling, f"/{language}/")) for language in ("ko", "en"))
    assert "2010. 12. 31. 기준 통계" in korean
    assert "취업률 49.3% 개소 이후 2010년 51.2%. 2009년 46.9%보다 4.3%p 높아졌습니다." in korean
    assert "구직등록자 35,939명 개소 이후" in korean
    assert (
        "Placement rate 49.3% Since opening 2010: 51.2%, higher by 4.3 percentage points than 46.9% in 2009." in english
    )
    for day in ("2010. 12. 31.", "2010. 11. 30.", "2009. 12. 31."):
        assert f"{day} 기준 통계" in korean
    for page in (korean, english):
        assert CONTACT in page
        assert LICENCE in page


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_each_page_leads_to_itself_in_the_other_language_and_loads_nothing_from_elsewhere(
    calling: StackClient, path: str, language: str
) -> None:
    reply = get(calling, f"/{language}/{path}")
    body = reply.body.decode()
    assert reply.status == 200
    assert reply.headers["Content-Language"] == language
    assert f'<html lang="{language}">' in body
    for other in ("ko", "en"):
        assert f'<a href="/{other}/{path}" lang="{other}"' in body
    assert "<script" not in body
    assert " style=" not in body
    loaded = re.findall(r'<(?:link|img)[^>]* (?:href|src)="([^"]+)"', body)
    assert all(address.startswith(("/assets/", "/ko/", "/en/")) for address in loaded)
    policy = reply.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    style = get(calling, next(address for address in loaded if "pages.css" in address))
    assert style.status == 200
    assert "url(" not in style.body.decode()
    assert len(reply.body) + len(style.body) < FIRST_VIEW_BYTES


def test_every_link_of_every_page_leads_to_a_page(calling: StackClient) -> None:
    ahead, seen = ["/ko/"], {"/ko/"}
    while ahead:
        path = ahead.pop()
        reply = get(calling, path)
        assert reply.status == 200, path
        if not reply.headers["Content-Type"].startswith("text/html"):
            continue
        body = reply.body.decode()
        targets = re.findall(r' href="(/[^"?]+)', body)
        for target in targets:
            page, _, place = target.partition("#")
            assert not place or page != path or f'id="{place}"' in body
            if "/staff/" in page:  # where one signs in: test_sign_in.py
                assert page in seen or get(calling, page).status == 401
                seen.add(page)
                continue
            if page.endswith(".png") and page != f"/ko/{NEWEST}/charts/way.png":
                continue  # each is drawn by a process of its own
            if page not in seen and (page.count("/") < 4 or page.startswith(f"/ko/{NEWEST}/")):
                seen.add(page)
                ahead.append(page)
    assert {f"/en/{NEWEST}", "/ko/releases/2009-12-31", f"/ko/{NEWEST}/tables/targets.csv"} <= seen
    assert {f"/ko/{NEWEST}/charts/{name}" for name in ("way", "way.svg", "way.png", "by-month")} <= seen
    assert len([path for path in seen if "/figures/" in path]) > 100


def test_a_release_tells_all_that_its_document_says(calling: StackClient) -> None:
    page = text_of(get(calling, f"/ko/{NEWEST}"))
    assert "경비·청소 3,120명 17.4% 1,716명 1,404명" in page
    assert "2010년에 수료한 인턴 644명 가운데 435명(67.5%)이 정규직이 됐습니다." in page
    assert "취업 1개월 뒤 연락이 닿은 12,000건 가운데 11,000건(91.7%)이 그 일자리에 남아 있었습니다." in page
    assert "2010. 7. 12. 조사 70.2점. 앞선 조사보다 4.8점 올랐습니다." in page
    assert "2010년 취업자: 목표 12,000명, 실적 9,743명. 목표에 못 미쳤습니다." in page
    assert "2010년 인턴 정규직 전환율: 목표 60.0%, 실적 67.5%. 목표를 이뤘습니다." in page
    for named in ("29세 이하", "여성", "종로구", "전화", "월별 현황"):
        assert named in page
    first = text_of(get(calling, "/en/releases/2009-12-31"))
    assert "There are no same days of a year before to compare with." in first
    assert "There is a newer release: Figures up to 31 December 2010" in first
    assert "It is the first release: there is none before it." in first


def test_what_is_withheld_is_said_with_the_reason_and_its_share_is_not_told(calling: StackClient) -> None:
    page = text_of(get(calling, f"/ko/{NEWEST}/tables/placed-by-occupation"))
    assert "군인 비공개 비공개 비공개 비공개" in page
    assert "5 미만의 수" in page
    english = text_of(get(calling, f"/en/{NEWEST}/tables/placed-by-occupation"))
    assert "Military withheld withheld withheld withheld" in english
    assert "Withheld: counts under 5" in english
    assert "Withheld" not in text_of(get(calling, f"/en/{NEWEST}/tables/placed-by-gender"))


def test_a_table_is_downloaded_as_offices_open_it(calling: StackClient) -> None:
    reply = get(calling, f"/ko/{NEWEST}/tables/placed-by-occupation.csv")
    assert reply.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert reply.headers["Content-Disposition"] == 'attachment; filename="placed-by-occupation-2010-12-31-ko.csv"'
    assert reply.body.startswith(b"\xef\xbb\xbf")
    head, *rows = csv.reader(io.StringIO(reply.body.decode("utf-8-sig")))
    assert head == ["직종", "개소 이후", "구성비", "2010년", "2009년"]
    told = {name: cells for name, *cells in rows}
    assert told["경영·회계·사무"] == ["4572", "25.5", "2515", "2057"]
    assert told["군인"] == ["비공개"] * 4
    assert told["합계"] == ["17714", "", "9743", "7971"]
    assert {*told} == {*(korean for korean, _ in OCCUPATION_NAMES.values()), "합계"}


@pytest.mark.parametrize(
    ("file", "media_type", "saved", "begins"),
    [
        ("tables/by-month.xlsx", "spreadsheetml.sheet", "by-month-2010-12-31-ko.xlsx", b"PK"),
        ("tables/figures.json", "application/json", "figures-2010-12-31-ko.json", b'{"version": "2.0"'),
        ("release.xlsx", "spreadsheetml.sheet", "release-2010-12-31-ko.xlsx", b"PK"),
        ("open-data.zip", "application/zip", "open-data-2010-12-31.zip", b"PK"),
        ("press.pdf", "application/pdf", "press-2010-12-31-ko.pdf", b"%PDF-1.7"),
    ],
)
def test_a_file_is_saved_under_its_name(
    calling: StackClient, file: str, media_type: str, saved: str, begins: bytes
) -> None:
    reply = get(calling, f"/ko/{NEWEST}/{file}")
    assert reply.status == 200
    assert reply.headers["Content-Type"].endswith(media_type)
    assert reply.headers["Content-Disposition"] == f'attachment; filename="{saved}"'
    assert reply.body.startswith(begins)
    assert len(reply.body) < FIRST_VIEW_BYTES


def test_pages_have_their_files_by_names_that_say_of_what_they_are(calling: StackClient) -> None:
    for path in (NEWEST, f"{NEWEST}/tables/placed-by-gender"):
        body = get(calling, f"/en/{path}").body.decode()
        for kind, name in (("csv", "CSV"), ("xlsx", "XLSX"), ("json", "JSON-stat")):
            link = (
                f'<a href="/en/{NEWEST}/tables/placed-by-gender.{kind}" aria-label="{name}: Persons placed, by gender">'
            )
            assert f"{link}{name}</a>" in body
    assert "전체 통계 항목" in text_of(get(calling, f"/ko/{NEWEST}/tables/figures"))


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_chart_has_its_table_its_source_its_meaning_and_its_files_beside_it(
    calling: StackClient, language: str
) -> None:
    reply = get(calling, f"/{language}/{NEWEST}/charts/placed-by-gender")
    page = text_of(reply)
    said = {
        "ko": ("성별 취업자", "여성 9,211명", "이 표의 고정 주소", "뜻과 출처", "SVG 내려받기", "원장의"),
        "en": ("Persons placed, by gender", "Women 9,211", "Permanent page of this table", "Meaning and source",
               "Download as SVG", "made of the ledger"),
    }  # fmt: skip
    for text in said[language]:
        assert text in page, text
    alt = re.search(r'<img [^>]*alt="([^"]+)"', reply.body.decode())
    assert alt
    assert "5,066" in alt[1], "it says what it shows"


def test_a_chart_is_given_as_svg_and_png_and_may_be_kept_for_a_day(calling: StackClient) -> None:
    address = f"/ko/{NEWEST}/charts/placed-by-gender"
    svg, png = (get(calling, f"{address}.{kind}") for kind in ("svg", "png"))
    assert (svg.status, svg.headers["Content-Type"]) == (200, "image/svg+xml")
    assert svg.headers["Cache-Control"] == "public, max-age=86400"
    assert "default-src 'none'" in svg.headers["Content-Security-Policy"]
    assert "unsafe" not in svg.headers["Content-Security-Policy"]
    assert "성별 취업자" in svg.body.decode()
    assert (png.status, png.headers["Content-Type"]) == (200, "image/png")
    assert png.headers["Content-Disposition"] == 'attachment; filename="placed-by-gender-2010-12-31-ko.png"'
    assert png.body.startswith(b"\x89PNG")
    again = get(calling, f"{address}.svg", **{"If-None-Match": svg.headers["ETag"]})
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_document_is_given_as_it_was_published(calling: StackClient, releases: list[Made], language: str) -> None:
    newest, before = releases[-1], releases[-2]
    reply = get(calling, f"/{language}/{NEWEST}/release.json")
    assert reply.body == newest.body
    page = text_of(get(calling, f"/{language}/{NEWEST}"))
    assert hashlib.sha256(reply.body).hexdigest() in page
    assert before.hash in page


def test_a_figure_says_what_it_counts_how_and_what_it_opens_into(calling: StackClient) -> None:
    page = text_of(get(calling, "/ko/figures/placed.rate_percent"))
    for said in ("49.3%", "구직등록자 대비 취업자 의 백분율", "(취업자 ÷ 구직등록자) × 100", "한 번이라도 있는 사람",
                 "GET /figures/facts?measure=placed&amp;as_of=2010-12-31", "GET /ledger/POSITION"):  # fmt: skip
        assert said in page
    sessions = text_of(get(calling, "/en/figures/sessions.job"))
    assert "Of these, the ones about finding a job." in sessions
    assert "SessionHeld" in sessions


def test_a_page_is_asked_for_again_by_its_tag_and_kept_for_a_minute(calling: StackClient, releases: list[Made]) -> None:
    first = get(calling, f"/ko/{NEWEST}")
    assert first.headers["Cache-Control"] == "public, max-age=60"
    again = get(calling, f"/ko/{NEWEST}", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status, again.body) == (304, b"")
    english = get(calling, f"/en/{NEWEST}", **{"If-None-Match": first.headers["ETag"]})
    assert english.status == 200
    head = calling.send("reporting", "HEAD", f"/ko/{NEWEST}")
    assert (head.status, head.headers["ETag"]) == (200, first.headers["ETag"])


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/ko/releases/2010-10-31", 404, "이 날짜를 기준으로 공표한 통계가 없습니다"),
        ("/en/releases/2010-10-31", 404, "There is no release of this day"),
        ("/ko/releases/2999-12-31", 404, "아직 공표하지 않은 통계입니다"),
        ("/en/releases/2010-12-30", 404, "No release is made on this day"),
        ("/ko/releases/yesterday", 404, "주소에 날짜가 바르게 적혀 있지 않습니다"),
        ("/ko/releases/9999-12-31", 404, "아직 공표하지 않은 통계입니다"),
        ("/ko/releases/2010-10-31/release.json", 404, "이 날짜를 기준으로 공표한 통계가 없습니다"),
        (f"/ko/{NEWEST}/tables/placed-by-shoe-size", 404, "이 통계에는 그런 표가 없습니다"),
        (f"/en/{NEWEST}/tables/placed-by-shoe-size.csv", 404, "This release has no such table"),
        (f"/ko/{NEWEST}/tables/placed-by-gender.ods", 404, "그런 파일이 없습니다"),
        (f"/en/{NEWEST}/shoe.pdf", 404, "There is no such file"),
        ("/ko/releases/2010-10-31/press.pdf", 404, "이 날짜를 기준으로 공표한 통계가 없습니다"),
        (f"/ko/{NEWEST}/charts/placed-by-shoe-size", 404, "이 통계에는 그런 그래프가 없습니다"),
        (f"/en/{NEWEST}/charts/placed-by-shoe-size.svg", 404, "This release has no such chart"),
        ("/en/releases/2010-10-31/charts/way.png", 404, "There is no release of this day"),
        ("/ko/figures/placed.by_shoe_size", 404, "그런 통계 항목이 없습니다"),
        ("/ko/anything/else", 404, "이 주소에는 아무것도 없습니다"),
        ("/fr/", 404, "There are no pages in this language"),
        ("/assets/other.css", 404, "이 주소에는 아무것도 없습니다"),
        ("/ko/figures/" + "1234567890" * 300, 414, "주소가 너무 깁니다"),
        ("/en/?" + "&".join(f"measure={number}" for number in range(1000)), 414, "This address is too long"),
    ],
)
def test_what_is_not_there_is_a_page_in_words(calling: StackClient, path: str, status: int, said: str) -> None:
    reply = get(calling, path)
    assert (reply.status, reply.headers["Content-Type"]) == (status, "text/html; charset=utf-8")
    page = text_of(reply)
    assert said in page
    assert "shoe" not in page
    assert "1234567890" not in page
    assert "ETag" not in reply.headers


def test_what_is_away_is_a_page_too(calling: StackClient) -> None:
    calling.query("reporting", "ALTER TABLE release RENAME TO away")
    try:
        reply = get(calling, "/ko/")
    finally:
        calling.query("reporting", "ALTER TABLE away RENAME TO release")
    assert (reply.status, reply.headers["Retry-After"]) == (503, "2")
    assert "지금은 통계를 불러올 수 없습니다" in text_of(reply)


def test_a_new_release_is_on_the_front_page_at_once_and_changes_no_file(
    calling: StackClient, releases: list[Made]
) -> None:
    before = get(calling, "/en/")
    files = [f"/en/releases/2010-11-30/{name}" for name in ("release.json", "tables/by-month.csv")]
    tags = [get(calling, file).headers["ETag"] for file in files]
    calling.query("reporting", "ALTER TABLE release RENAME TO kept")
    try:
        calling.query(
            "reporting", "CREATE TABLE release AS SELECT * FROM kept WHERE day < $1::text::date", str(releases[-1].day)
        )
        without = get(calling, "/en/", **{"If-None-Match": before.headers["ETag"]})
        gone = get(calling, f"/en/{NEWEST}")
        kept = [get(calling, file).headers["ETag"] for file in files]
    finally:
        calling.query("reporting", "DROP TABLE IF EXISTS release")
        calling.query("reporting", "ALTER TABLE kept RENAME TO release")
    assert "Newest release Figures up to 30 November 2010" in text_of(without)
    assert gone.status == 404
    assert kept == tags
    assert get(calling, "/en/").headers["ETag"] == before.headers["ETag"]


def test_everything_else_needs_a_token_still(calling: StackClient) -> None:
    for path in ("/figures", "/targets?year=2010", "/ledger/1", "/status", "/ko", "/koo/", "/releasesx"):
        assert get(calling, path).status in ({308} if path == "/ko" else {401}), path
    posted = calling.send("reporting", "POST", "/ko/", b"{}", {"Content-Type": "application/json"})
    assert posted.status == 405


def test_a_day_is_written_with_its_month_alone_where_it_can_be() -> None:
    from services.reporting.pages.words import calendar_name, day, month_of

    assert [day(date(2010, 12, 31), one) for one in ("ko", "en")] == ["2010. 12. 31.", "31 December 2010"]
    assert [month_of("2010-02", one) for one in ("ko", "en")] == ["2010. 2.", "February 2010"]
    told = [calendar_name(date(2010, month, 28), "ko") for month in (1, 11)]
    assert told == ["2010년 1월", "2010년 1~11월"]
    assert calendar_name(date(2010, 11, 30), "en") == "January to November 2010"
