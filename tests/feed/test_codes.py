"""One-time codes: a resident takes one to a partner, which is linked by it and learns nothing by trying."""

from tests.feed.partners import DAY, Feed
from tests.kit.events import care_granted, consented

TAKEN_BY_NOBODY = (409, "code-not-taken", ["code"])


def test_a_resident_is_linked_by_the_code_that_they_give(feed: Feed) -> None:
    partner, seeker = feed.partner(), feed.seeker()
    code = feed.code(partner, seeker)
    claimed = partner.post("/claims", {"code": code.lower().replace("-", " "), "client_number": "R-1"})
    assert (claimed.status, claimed.json) == (201, {"client_number": "R-1"}), "however it is typed"
    feed.hears(care_granted(seeker, DAY))
    assert [number for _, number, _ in partner.told()] == ["R-1"]


def test_a_code_that_is_not_taken_is_refused_in_the_same_words_whatever_is_wrong(feed: Feed) -> None:
    partner, other, seeker, silent = feed.partner(), feed.partner(), feed.seeker(), feed.seeker()
    used, anothers, over = (feed.code(partner, feed.seeker()) for _ in range(3))
    withdrawn = feed.code(partner, silent)
    feed.hears(consented(silent, DAY, given=False, purpose="care_partners"))
    assert partner.post("/claims", {"code": used, "client_number": "R-2"}).status == 201
    feed.calling.made("feed", "/links/end", {"partner": partner.name, "client_number": "R-2"})
    feed.calling.query(
        "feed", "UPDATE code SET until = '2011-01-01' WHERE digest = sha256($1)", over.replace("-", "").encode()
    )
    feed.link(partner, seeker, "R-3")
    tried = [
        (partner, used),
        (other, anothers),
        (partner, over),
        (partner, withdrawn),
        (partner, "K7M2-Q9XD-4RTB"),
    ]
    answers = [who.post("/claims", {"code": code, "client_number": "R-9"}) for who, code in tried]
    assert [answer.problem for answer in answers] == [TAKEN_BY_NOBODY] * len(tried)
    assert len({answer.json["detail"] for answer in answers}) == 1
    assert feed.calling.query("feed", "SELECT 1 FROM link WHERE client_number = 'R-9'") == []


def test_a_number_that_stands_for_somebody_leaves_the_code_to_be_used_again(feed: Feed) -> None:
    partner, seeker = feed.partner(), feed.seeker()
    number = feed.link(partner, feed.seeker())
    code = feed.code(partner, seeker)
    taken = partner.post("/claims", {"code": code, "client_number": number})
    assert taken.problem == (409, "client-number-taken", ["client_number"])
    assert partner.post("/claims", {"code": code, "client_number": f"{number}/2"}).status == 201
    assert (
        partner.post("/claims", {"code": feed.code(partner, seeker), "client_number": "R-4"}).problem == TAKEN_BY_NOBODY
    )


def test_a_code_is_told_once_and_kept_nowhere(feed: Feed) -> None:
    partner, seeker = feed.partner(), feed.seeker()
    asked, key = {"partner": partner.name, "seeker_id": str(seeker)}, f"code-{seeker}"
    given, again = (feed.calling.post("feed", "/codes", asked, key=key) for _ in range(2))
    assert given.status == again.status == 201
    code = given.json["code"]
    assert again.json == {"code": None, "until": given.json["until"]}
    kept = feed.calling.query(
        "feed", "SELECT convert_from(answer, 'UTF8') AS said FROM idempotency WHERE key = $1", key
    )
    assert code
    assert [code in row["said"] for row in kept] == [False]
    assert partner.post("/claims", {"code": code, "client_number": "R-6"}).status == 201
