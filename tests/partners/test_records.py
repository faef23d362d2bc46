"""Who may read what is told by records, each of which names its ground and its end."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from contracts.topics import GRANTED_TOPICS
from jobplus.partners.records import Partner, Records, asked, ended, rights_now
from jobplus.stack.errors import OptionRefused, StackFailed
from jobplus.stack.rights import Right

TODAY = date(2026, 11, 29)
UNTIL = date(2027, 6, 30)
GROUND = "복지서비스 연계 협약 2026-11, 위기가구 지원"


def welfare(**changed: object) -> Partner:
    made = asked("welfare", ["cases", "jobplus.followups"], GROUND, UNTIL, TODAY)
    return replace(made, **changed)  # pyright: ignore[reportArgumentType]


def test_a_partner_may_read_its_topics_and_has_groups_of_its_own() -> None:
    assert rights_now([welfare()], TODAY) == {
        Right("partner-welfare", "READ", "TOPIC", "jobplus.cases"),
        Right("partner-welfare", "READ", "TOPIC", "jobplus.followups"),
        Right("partner-welfare", "READ", "GROUP", "partner-welfare.", begins=True),
    }


def test_a_partner_may_write_its_own_topics_which_the_feed_reads_also_after_the_last_day() -> None:
    school = asked("school", [], GROUND, UNTIL, TODAY, ["trainings", "insurance"])
    feed = {
        Right("feed", "READ", "TOPIC", "partners.school.trainings"),
        Right("feed", "READ", "TOPIC", "partners.school.insurance"),
    }
    writing = {right._replace(user="partner-school", operation="WRITE") for right in feed}
    assert rights_now([school], TODAY) == feed | writing
    assert rights_now([school], UNTIL + timedelta(days=1)) == rights_now([ended(school, TODAY)], TODAY) == feed


def test_nothing_may_be_read_after_the_last_day_or_once_it_was_ended() -> None:
    assert rights_now([welfare()], UNTIL)
    assert not rights_now([welfare()], UNTIL + timedelta(days=1))
    assert not rights_now([ended(welfare(), TODAY)], TODAY)
    assert ended(ended(welfare(), TODAY), UNTIL).ended_on == TODAY
    states = [one.state(TODAY) for one in (welfare(), welfare(until=TODAY - timedelta(1)), ended(welfare(), TODAY))]
    assert states == ["until 2027-06-30", "over since 2026-11-28", "ended on 2026-11-29"]


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"name": "Welfare"}, "NAME: 3 to 32 of a-z, 0-9 and -, beginning with a letter, not 'Welfare'"),
        ({"name": "a/../b"}, "NAME: 3 to 32"),
        ({"topics": ["cases", "nothing"]}, "--topics: there is no topic 'nothing'; there are seekers, firms"),
        ({"topics": ["profiles"]}, "--topics: nobody outside may have jobplus.profiles; seekers, firms"),
        ({"topics": ["cases", "revocations"]}, "--topics: nobody outside may have jobplus.revocations"),
        ({"ground": " too short        . "}, "--ground: the law or agreement, and the purpose, in at least 20 letters"),
        ({"until": TODAY - timedelta(1)}, "--until: 2026-11-28 is past"),
        ({"writes": ["births"]}, "--writes: a partner has no topic 'births'; there are deaths, insurance, trainings"),
        ({"topics": []}, "--topics: name what it may read, or by --writes what it may write"),
    ],
)
def test_what_cannot_be_granted_is_refused_by_its_option(changed: dict[str, object], refusal: str) -> None:
    given = {"name": "welfare", "topics": ["cases"], "ground": GROUND, "until": UNTIL, "today": TODAY, **changed}
    with pytest.raises(OptionRefused) as refused:
        asked(**given)  # pyright: ignore[reportArgumentType]
    assert str(refused.value).startswith(refusal)


def test_who_somebody_is_and_whose_tokens_are_refused_is_granted_to_nobody() -> None:
    assert {"jobplus.profiles", "jobplus.revocations"}.isdisjoint(topic.name for topic in GRANTED_TOPICS)


def test_a_record_is_read_as_it_was_kept(tmp_path: Path) -> None:
    records = Records(tmp_path)
    kept = [ended(welfare(name="a-library"), TODAY), welfare(rotated_on=TODAY, writes=("deaths",))]
    for partner in kept:
        records.keep(partner)
    assert records.all() == kept
    assert records.named("welfare") == kept[1]
    assert GROUND in (tmp_path / "welfare.json").read_text()
    with pytest.raises(OptionRefused, match="NAME: there is no partner 'police'; there are: a-library, welfare"):
        records.named("police")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"name": "welfare"}',
        '{"name": "other", "topics": [], "ground": "", "since": "2026-01-01", "until": "2026-01-02"}',
    ],
)
def test_a_file_that_is_no_record_stops_everything(tmp_path: Path, text: str) -> None:
    """Whoever's record can't be read would lose their right otherwise, and nobody would be told."""
    (tmp_path / "welfare.json").write_text(text)
    with pytest.raises(StackFailed, match=r"welfare\.json is no partner's record"):
        Records(tmp_path).all()


def test_a_folder_that_is_not_there_is_not_an_empty_one(tmp_path: Path) -> None:
    with pytest.raises(StackFailed, match="is no folder: make it"):
        Records(tmp_path / "nothing").all()
