"""Signing in to the pages of staff by a real provider, and all that somebody may try who isn't who they say."""

import re
import time
from collections.abc import Iterator
from typing import Any, get_args
from urllib.parse import parse_qs, quote, urlsplit

import httpx2
import pytest

from jobplus.stack.keys import AN_HOUR_SECONDS, Role, sign_claims
from jobplus.stack.local import Stack
from services.reporting.sealed import Sealed
from tests.kit.client import StackClient
from tests.kit.waiting import until
from tests.pages.signing import BEGUN, SESSION, START, Browser, provider_url, text_of


@pytest.fixture
def browser(stack: Stack) -> Iterator[Browser]:
    with Browser(stack) as opened:
        yield opened


def cookie_of(answer: httpx2.Response, name: str) -> str:
    """Give how an answer sets a cookie."""
    return next(one for one in answer.headers.get_list("set-cookie") if one.startswith(f"{name}="))


def seals(stack: Stack) -> Sealed:
    """Give what seals the cookies of a stack."""
    return Sealed([stack.home.session_key_file.read_bytes()])


def show(browser: Browser, token: str, name: str = "") -> httpx2.Response:
    """Look at the start of staff with a session that holds a token."""
    browser.cookies.set(SESSION, seals(browser.stack).seal("session", {"token": token, "name": name}))
    return browser.get(START)


@pytest.mark.parametrize("role", get_args(Role))
def test_each_person_signs_in_and_comes_back_to_where_they_were(browser: Browser, role: Role) -> None:
    first = browser.get("/ko/staff/?day=2010-12-31&day=x")
    assert first.status_code == 401
    assert "로그인이 필요합니다" in text_of(first.text)
    link = re.search(r'href="(/ko/sign-in\?next=[^"]+)"', first.text)
    assert link
    assert parse_qs(urlsplit(link[1]).query)["next"] == ["/ko/staff/?day=2010-12-31&day=x"]
    people = browser.go(link[1])
    choice = re.search(rf'href="(/authorize\?[^"]+person={role})"', people.text)
    assert choice, people.text
    page = browser.go(provider_url(browser.stack) + choice[1].replace("&amp;", "&"))
    assert page.status_code == 200
    assert str(page.url) == f"{browser.stack.url('reporting')}/ko/staff/?day=2010-12-31&day=x"
    assert "로그인:" in text_of(page.text)


def test_a_session_is_kept_where_no_script_and_no_other_site_finds_it(browser: Browser) -> None:
    begun = browser.get("/ko/sign-in")
    sent = parse_qs(urlsplit(begun.headers["Location"]).query)
    assert sent["code_challenge_method"] == ["S256"]
    assert {"state", "nonce", "code_challenge"} <= {*sent}
    led = browser.get(browser.chosen(begun.headers["Location"], "analyst"))
    session = cookie_of(led, SESSION)
    for attribute in ("HttpOnly", "SameSite=lax", "Path=/"):
        assert attribute in session
        assert attribute in cookie_of(begun, BEGUN)
    assert "Domain" not in session
    assert "Max-Age" not in session
    assert f'{BEGUN}=""' in cookie_of(led, BEGUN)
    value = browser.cookies[SESSION]
    assert "eyJ" not in value  # the token stands nowhere in clear
    assert len(value) < 4_000
    page = browser.get(START)
    assert page.headers["Cache-Control"] == "no-store"
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert page.headers["X-Frame-Options"] == "DENY"


def test_who_is_signed_in_stays_out_of_what_everybody_sees(browser: Browser) -> None:
    strangers = browser.get("/ko/")
    browser.sign_in("manager")
    mine = browser.get("/ko/")
    assert mine.headers["Cache-Control"] == "public, max-age=60"
    assert (mine.text, mine.headers["ETag"]) == (strangers.text, strangers.headers["ETag"])
    assert "set-cookie" not in mine.headers


def test_signing_out_ends_the_session_and_only_a_page_of_ours_may_ask_for_it(browser: Browser) -> None:
    browser.sign_in("operator")
    own = {"Origin": browser.stack.url("reporting")}
    for headers in (
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": f"{own['Origin']}.elsewhere.example"},
        {"Origin": provider_url(browser.stack)},
        {"Sec-Fetch-Site": "same-site"},
        {},
    ):
        refused = browser.post("/ko/sign-out", headers=headers)
        assert refused.status_code == 403, headers
        assert "이 사이트의 화면에서 보낸 요청이 아닙니다" in text_of(refused.text)
        assert "set-cookie" not in refused.headers
    assert browser.get("/ko/sign-out").status_code == 404
    assert browser.get(START).status_code == 200
    out = browser.post("/ko/sign-out", headers=own, follow_redirects=True)
    assert "로그아웃했습니다" in text_of(out.text)
    assert f"{provider_url(browser.stack)}/signed-out" in out.text
    assert SESSION not in browser.cookies
    assert browser.get(START).status_code == 401


@pytest.mark.parametrize(
    "ahead",
    [
        "https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "/ko/\\..\\elsewhere",
        "/fr/staff/", "/status", "javascript:alert(1)", "/ko/\r\nSet-Cookie: a=b", "/ko/%00\x00", "/koo/",
        " /ko/", "/ko/한", "/ko/" + "a" * 1500,
    ],
)  # fmt: skip
def test_nobody_is_led_elsewhere_after_signing_in(browser: Browser, ahead: str) -> None:
    refused = browser.get("/ko/sign-in", params={"next": ahead})
    assert refused.status_code == 400
    assert "이 로그인 링크는 쓸 수 없습니다" in text_of(refused.text)
    assert "elsewhere" not in refused.text
    assert "set-cookie" not in refused.headers


@pytest.mark.parametrize("ahead", ["/ko/..//elsewhere.example/", "/en/@elsewhere.example", "/ko/?a=//elsewhere"])
def test_an_own_path_stays_one_however_it_is_written(browser: Browser, ahead: str) -> None:
    led = browser.get(browser.chosen(browser.begin(ahead), "analyst"))
    assert led.headers["Location"] == browser.stack.url("reporting") + ahead
    assert httpx2.URL(led.headers["Location"]).host == "127.0.0.1"


def test_an_answer_counts_in_the_browser_that_asked_alone(stack: Stack, browser: Browser) -> None:
    """Else whoever lures somebody to such an address signs them in as themselves (login CSRF)."""
    with Browser(stack) as attacker:
        back = attacker.chosen(attacker.begin(), "manager")
        victim = browser.get(back)
        assert victim.status_code == 400
        assert "이 브라우저에서 시작하지 않았거나 이미 끝난 로그인입니다" in text_of(victim.text)
        browser.begin()
        victim = browser.get(back)
        assert victim.status_code == 400
        assert "다른 로그인의 응답입니다" in text_of(victim.text)
        assert SESSION not in browser.cookies
        assert attacker.go(back).status_code == 200, "the code is unused still"


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        (lambda query: query | {"state": "other"}, 400, "다른 로그인의 응답입니다"),
        (lambda query: {**query, "state": ""}, 400, "다른 로그인의 응답입니다"),
        (lambda query: {name: query[name] for name in ("code", "iss")}, 400, "다른 로그인의 응답입니다"),
        (lambda query: query | {"state": [query["state"]] * 2}, 400, "다른 로그인의 응답입니다"),
        (lambda query: query | {"code": "made-up"}, 400, "로그인을 확인할 수 없습니다"),
        (lambda query: query | {"code": "x" * 5_000}, 400, "다른 로그인의 응답입니다"),
        (lambda query: query | {"iss": "https://elsewhere.example"}, 400, "로그인을 확인할 수 없습니다"),
        (lambda query: {name: query[name] for name in ("state", "iss")}, 400, "로그인하지 않았습니다"),
    ],
)
def test_a_changed_answer_signs_nobody_in(browser: Browser, change: Any, status: int, said: str) -> None:
    back = urlsplit(browser.chosen(browser.begin(), "operator"))
    query = {name: values[0] for name, values in parse_qs(back.query).items()}
    refused = browser.get(back.path, params=change(query))
    assert (refused.status_code, said in text_of(refused.text)) == (status, True)
    assert SESSION not in browser.cookies
    assert browser.get(START).status_code == 401


def test_a_code_is_good_once(stack: Stack, browser: Browser) -> None:
    back = browser.chosen(browser.begin(), "operator")
    begun = browser.cookies[BEGUN]
    assert browser.go(back).status_code == 200
    with Browser(stack) as thief:  # who has even the cookie of the sign-in
        thief.cookies.set(BEGUN, begun)
        again = thief.get(back)
        assert again.status_code == 400
        assert "이미 쓰였습니다" in text_of(again.text)
        assert SESSION not in thief.cookies


def test_who_gives_up_at_the_provider_is_told_so(browser: Browser) -> None:
    refused = browser.go(browser.chosen(browser.begin(), "nobody"))
    assert refused.status_code == 400
    assert "로그인하지 않았습니다" in text_of(refused.text)


def test_a_session_that_was_made_up_or_changed_is_none(browser: Browser) -> None:
    browser.sign_in("counsellor")
    kept = browser.cookies[SESSION]
    half = len(kept) // 2
    for value in (
        kept[:half] + ("A" if kept[half] != "A" else "B") + kept[half + 1 :],
        kept[:-6],
        "x" * 3_000,
        browser.stack.token("operator"),
        Sealed([b"another secret that nobody else has"]).seal("session", {"token": "x", "name": ""}),
        seals(browser.stack).seal("sign-in", {"token": browser.stack.token("operator"), "name": ""}),
    ):
        browser.cookies.clear()
        browser.cookies.set(SESSION, value)
        refused = browser.get(START)
        assert refused.status_code == 401, value
        assert "로그인이 끝났습니다" in text_of(refused.text)


def test_a_planted_session_is_replaced_by_ones_own(stack: Stack, browser: Browser) -> None:
    """Session fixation: what was there before somebody signs in is worth nothing afterwards."""
    with Browser(stack) as attacker:
        attacker.sign_in("employer")
        browser.cookies.set(SESSION, attacker.cookies[SESSION], domain="127.0.0.1", path="/")
        page = browser.sign_in("operator")
        assert "다솜" in text_of(page.text)
        assert "사랑" in text_of(attacker.get(START).text)


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "elsewhere"}, {"aud": "elsewhere"}, {"role": None}, {"exp in": -60}, {"exp in": 3 * AN_HOUR_SECONDS},
    ],
)  # fmt: skip
def test_a_session_is_worth_what_its_token_is(browser: Browser, change: dict[str, Any]) -> None:
    now = int(time.time())
    good = {"iss": "jobplus", "aud": "jobplus", "sub": "one", "role": "operator", "iat": now, "exp": now + 600}
    if "exp in" in change:  # a moment is reckoned when the test runs: a whole run is longer than a token is worth
        change = {"exp": now + change["exp in"]}
    assert show(browser, sign_claims(browser.stack.home.keys, good), "하나").status_code == 200
    told = {name: value for name, value in {**good, **change}.items() if value is not None}
    refused = show(browser, sign_claims(browser.stack.home.keys, told))
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"] == "Bearer"
    assert quote(START, safe="") in refused.text


def test_whose_tokens_are_revoked_is_out_within_seconds(calling: StackClient, browser: Browser) -> None:
    browser.sign_in("evaluator")
    calling.query(
        "reporting",
        """INSERT INTO revocation (subject, reason, revoked_at, actor_role, actor_id)
           VALUES ('local-evaluator', 'left', now(), 'manager', 'm')""",
    )
    try:
        until(lambda: browser.get(START).status_code, "the session has ended", lambda status: status == 401)
        refused = browser.go(browser.chosen(browser.begin(), "evaluator"))
        assert refused.status_code == 403
        assert "이 계정으로는 이용할 수 없습니다" in text_of(refused.text)
    finally:
        calling.query("reporting", "DELETE FROM revocation WHERE subject = 'local-evaluator'")
    until(lambda: browser.sign_in("evaluator").status_code, "they may come back", lambda status: status == 200)


def test_a_token_that_is_shown_counts_as_everywhere(stack: Stack, browser: Browser) -> None:
    bearing = {"Authorization": f"Bearer {stack.token('analyst')}"}
    assert browser.get("/en/staff/", headers=bearing).status_code == 200
    assert browser.get("/en/staff/", headers={"Authorization": "Bearer x"}).status_code == 401
    assert browser.get("/fr/staff/", headers=bearing).status_code == 404


def test_a_name_that_holds_a_tag_is_shown_as_it_is(browser: Browser) -> None:
    page = show(browser, browser.stack.token("operator"), "<script>alert(1)</script>")
    assert "<script" not in page.text
    assert "&lt;script&gt;" in page.text


def test_while_the_provider_is_away_nobody_signs_in_and_nobody_is_out(stack: Stack, browser: Browser) -> None:
    browser.sign_in("operator")
    begun = browser.chosen(browser.begin("/ko/staff/?kept=1"), "manager")
    stack.kill("provider")
    try:
        assert browser.get(START).status_code == 200
        refused = browser.get(begun)
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
        assert "지금은 로그인 서비스에 연결할 수 없습니다" in text_of(refused.text)
    finally:
        stack.start("provider")
    assert browser.sign_in("manager").status_code == 200


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"client_id": "other"}, "neither this client"),
        ({"redirect_uri": "https://elsewhere.example/ko/signed-in"}, "neither this client"),
        ({"code_challenge_method": "plain"}, "error=invalid_request"),
        ({"code_challenge": ""}, "error=invalid_request"),
        ({"response_type": "token"}, "error=invalid_request"),
        ({"scope": "profile"}, "error=invalid_request"),
    ],
)
def test_the_provider_for_trying_asks_for_what_a_real_one_does(
    browser: Browser, change: dict[str, str], said: str
) -> None:
    address = urlsplit(browser.begin())
    asked = {name: values[0] for name, values in parse_qs(address.query).items()} | change
    told = browser.get(f"{provider_url(browser.stack)}/authorize", params={**asked, "person": "manager"})
    assert said in told.text + told.headers.get("Location", "")
    assert "elsewhere" not in told.headers.get("Location", "")
    assert browser.get(f"{provider_url(browser.stack)}/jwks", headers={"Host": "elsewhere.example"}).status_code == 421
    unknown = browser.post(f"{provider_url(browser.stack)}/token", data={"grant_type": "authorization_code"})
    assert unknown.json() == {"error": "invalid_client"}
