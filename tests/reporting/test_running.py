"""Reporting as it runs: events on Kafka, figures over HTTP."""

from dataclasses import replace
from datetime import date, timedelta
from io import StringIO
from typing import Any

import orjson
import pytest
import uuid_utils.compat as uuids
from rich.console import Console

from jobplus.figures import Asked, OptionRefused, ask, ask_corrections
from jobplus.stack.keys import Role
from jobplus.stack.status import StackStatus
from jobplus.stack.status_table import status_tables
from tests.kit.client import StackClient
from tests.kit.events import (
    NINE,
    WOMAN,
    corrected,
    counsellor_joined,
    employer_joined,
    employment_ended,
    follow_up_due,
    follow_up_made,
    launched,
    placed,
    referral,
    registered,
    session,
    survey_answered,
    survey_drawn,
    vacancy_opened,
)
from tests.kit.topics import Topics
from tests.kit.waiting import until

DAY = date(2009, 3, 2)


def applied(calling: StackClient) -> int:
    """Give how many records reporting has read, of all partitions."""
    status = calling.get("reporting", "/status", role="operator").json
    return sum(partition["next_offset"] for partition in status["consumers"])


def test_what_is_on_kafka_is_in_the_figures_once_however_often_it_is_there(
    calling: StackClient, topics: Topics
) -> None:
    one, other, client = uuids.uuid7(), uuids.uuid7(), uuids.uuid7()
    undone = placed(other, DAY, occupation="11")
    records = topics.sources.records(
        [
            registered(one, DAY),
            registered(other, DAY),
            session(one, DAY, channel="call"),
            session(client, DAY, kind="startup", registered=False, person=None),
            launched(client, DAY),
            referral(one, DAY),
            referral(one, DAY),
            placed(one, DAY),
            placed(one, date(2009, 5, 4), source="self_found"),
            undone,
            corrected(undone, DAY),
            employer_joined(DAY),
            vacancy_opened(DAY),
            counsellor_joined(uuids.uuid7(), DAY),
        ]
    )
    before = applied(calling)
    topics.write([*records, *records])
    until(lambda: applied(calling) - before, "all is read", lambda count: count == 2 * len(records))
    figures = calling.get("reporting", f"/figures?as_of={DAY}", role="counsellor").json
    series = calling.get("reporting", f"/figures/monthly?measure=sessions&by=kind&as_of={DAY}", role="counsellor").json
    assert series == {
        "measure": "sessions",
        "by": "kind",
        "months": [{"month": "2009-03", "total": 2, "parts": {"job": 1, "startup": 1}}],
    }
    unsplit = calling.get("reporting", f"/figures/monthly?measure=registered&as_of={DAY}").json
    assert unsplit == {"measure": "registered", "months": [{"month": "2009-03", "total": 2}]}
    assert calling.get("reporting", "/figures/monthly?measure=sessions&by=shoe_size").fields == ["by"]
    path = f"/figures/unplaced?as_of={DAY}"
    assert calling.get("reporting", path, role="counsellor").json == {
        "by": "wanted_occupation",
        "days": [{"day": "2009-03-02", "total": 1, "parts": {"02": 1}}],
    }
    by_gender = calling.get("reporting", f"{path}&from=2009-02-01&each=month&by=gender", role="counsellor").json
    assert by_gender == {"by": "gender", "days": [{"day": "2009-03-02", "total": 1, "parts": {"female": 1}}]}
    placed_figures = figures.pop("placed")
    assert figures == {
        "as_of": "2009-03-02",
        "from": None,
        "known_at": None,
        "registered": 2,
        "placements": 1,
        "self_found": {"total": 0},
        "internships": {},
        "surveys": [],
        "prospects": 0,
        "hiring_plans": {"asked": 0, "answered": 0, "total": 0, "openings": 0},
        "visits": {},
        "retention": {
            months: {"due": 0, "reached": 0, "still_employed": 0, "percent": None} for months in ("1", "3", "6", "12")
        },
        "assigned": {
            "total": 0,
            "by_group": dict.fromkeys(("youth", "middle_aged", "senior", "women", "breadwinner", "startup"), 0),
        },
        "after_placement": {
            "satisfaction": {"answered": 0, "average": None, "by_answer": dict.fromkeys("12345", 0)},
            "jobs_changed": 0,
            "ended": {
                "total": 0,
                "by_reason": dict.fromkeys(
                    ("resigned", "dismissed", "contract_ended", "firm_closed", "illness", "other"), 0
                ),
            },
        },
        "sos_care": {
            "granted": 0, "declined": 0, "ended": 0, "private_job": 0, "placed": 0, "supports_due": 0, "supports": 0,
        },
        "care_stages": {"preparation": 0, "counselling": 0, "training": 0, "ready": 0},
        "total_care": {
            "courses_completed": 0,
            "referrals_overridden": 0,
            "ended": {
                "total": 0,
                "by_reason": dict.fromkeys(("in_work", "not_wanted", "withdrawn", "other"), 0),
                "by_stage": dict.fromkeys(("preparation", "counselling", "training", "ready"), 0),
            },
        },
        "unplaced_top_occupations": {},
        "targets": [],
        "sessions": {"total": 2, "job": 1, "startup": 1, "by_channel": {"visit": 1, "call": 1, "online": 0}},
        "per_seeker": {"sessions": 0.5, "referrals": 1.0},
        "per_session": {"launches_percent": 100.0},
        "referrals": 2,
        "referral_answers": {
            "total": 0,
            "by_answer": dict.fromkeys(("accepted", "refused_by_seeker", "refused_by_employer", "postponed"), 0),
        },
        "referred": 1,
        "launches": 1,
        "employers": 1,
        "vacancies": 1,
        "counsellors": 1,
    }  # fmt: skip
    assert (placed_figures["total"], placed_figures["rate_percent"]) == (1, 50.0)
    assert {code: count for code, count in placed_figures["by_occupation"].items() if count} == {"02": 1}
    assert placed_figures["by_age_percent"] == {"-29": 0.0, "30-39": 100.0, "40-54": 0.0, "55-": 0.0}


def test_a_figure_opens_into_its_facts_page_by_page_and_these_into_their_events(
    calling: StackClient, topics: Topics
) -> None:
    day = date(2009, 7, 6)
    events = [registered(uuids.uuid7(), day) for _ in range(5)]
    topics.publish(events)
    path = f"/figures/facts?measure=registered&from={day}&as_of={day}"
    until(lambda: calling.get("reporting", path).json["facts"], "all five are counted", lambda facts: len(facts) == 5)
    found, after = [], 0
    while after is not None:
        page = calling.get("reporting", f"{path}&limit=2&after={after}").json
        assert len(page["facts"]) <= 2
        found += page["facts"]
        after = page["next"]
    assert sum(fact["amount"] for fact in found) == 5
    seekers = set()
    for fact in found:
        entry = calling.get("reporting", f"/ledger/{fact['position']}").json
        assert entry["type"] == "jobplus.SeekerRegistered"
        assert entry["data"]["occurred_on"] == fact["occurred_on"] == "2009-07-06"
        seekers.add(entry["data"]["seeker_id"])
    assert seekers == {str(event.seeker_id) for event in events}


def test_a_man_is_placed_leaves_within_the_quarter_and_his_placement_turns_out_to_be_another(
    calling: StackClient, topics: Topics
) -> None:
    seeker, march, may = uuids.uuid7(), date(2012, 3, 5), date(2012, 5, 7)
    man = {**WOMAN, "gender": "male", "age_band": "55-"}
    job = placed(seeker, march, occupation="11", wanted=False, person=man)
    due = follow_up_due(job, date(2012, 4, 5), step="1m")
    topics.publish(
        [
            registered(seeker, march, **man),
            job,
            due,
            follow_up_made(due, date(2012, 4, 5), outcome="not_reached"),
            follow_up_made(due, date(2012, 4, 10), outcome="still_employed", attempt=2),
            employment_ended(job, may, unasked={"3m": date(2012, 6, 5), "6m": date(2012, 9, 5)}),
        ]
    )
    period = "as_of=2012-06-30&from=2012-02-01"

    def retained(months: str, query: str = period) -> tuple[int, ...]:
        found = calling.get("reporting", f"/figures?{query}").json["retention"][months]
        return found["due"], found["reached"], found["still_employed"]

    calling.settle(("reporting",))
    assert (retained("1"), retained("3"), retained("6")) == ((1, 1, 1), (1, 1, 0), (0, 0, 0))

    asked = f"/figures/split?measure=placed&by=gender&by=wanted&{period}"
    assert calling.get("reporting", asked, role="counsellor").json == {
        "measure": "placed",
        "by": ["gender", "wanted"],
        "total": 1,
        "parts": [{"values": {"gender": "male", "wanted": "false"}, "count": 1}],
    }
    series = calling.get("reporting", f"/figures/monthly?measure=placed&by=source&{period}").json["months"]
    assert series == [{"month": "2012-03", "total": 1, "parts": {"referral": 1}}]

    share = {"numerator": 0, "denominator": 1, "value": 0.0}
    assert calling.get(
        "reporting", f"/figures/split?share=wanted_percent&by=age_band&{period}", role="counsellor"
    ).json == {
        "share": "wanted_percent",
        "by": ["age_band"],
        "total": share,
        "parts": [{"values": {"age_band": "55-"}, **share}],
    }
    retained_by_month = f"/figures/monthly?share=retention_1m_percent&by=gender&{period}"
    employed = {"numerator": 1, "denominator": 1, "value": 100.0}
    assert calling.get("reporting", retained_by_month).json == {
        "share": "retention_1m_percent",
        "by": "gender",
        "months": [{"month": "2012-04", **employed, "parts": {"male": employed}}],
    }
    per_seeker = calling.get("reporting", f"/figures/monthly?share=sessions_per_seeker&{period}").json["months"]
    assert per_seeker == [{"month": "2012-03", "numerator": 0, "denominator": 1, "value": 0.0}]

    # In the year after, it turns out that he never started.
    later = NINE + timedelta(days=1600)
    topics.publish([corrected(job, march, later)])
    until(lambda: retained("3"), "it is known that he never started", lambda counts: counts == (0, 0, 0))
    assert retained("3", f"{period}&known_at=2012-12-31") == (1, 1, 0)
    assert calling.get("reporting", asked).json["total"] == 0
    shown = calling.get("reporting", "/figures/corrections?measure=placed&since=2012-12-31&from=2012-01-01").json
    assert (shown["as_of"], shown["published_then"], shown["known_now"]) == ("2012-12-31", 1, 0)
    (row,) = shown["corrections"]
    assert (row["first_day"], row["difference"], row["events"]) == ("2012-03-01", -1, 1)
    entry = calling.get("reporting", f"/ledger/{row['positions'][0]}").json
    assert (entry["type"], entry["data"]["placement_id"]) == ("jobplus.PlacementCorrected", str(job.placement_id))
    assert (
        calling.get("reporting", "/figures/corrections?measure=placed&since=2012-12-31", role="partner").status == 403
    )


def test_the_command_prints_a_period_and_what_was_corrected_in_it(calling: StackClient) -> None:
    stack = calling.stack
    year = Asked(date(2012, 12, 31), date(2012, 1, 1), "2012-12-31")
    assert ask(stack, year)["from"] == "2012-01-01"
    found = ask_corrections(stack, replace(year, known_at=None, as_of=None), "2012-12-31")
    assert (found["published_then"]["as_of"], found["published_then"]["known_at"]) == ("2012-12-31", "2012-12-31")
    corrected_ones = {row["figure"]: row["difference"] for row in found["corrections"]}
    assert corrected_ones["placed.total"] == corrected_ones["placed.by_occupation.11"] == -1
    with pytest.raises(OptionRefused, match="known_at"):
        ask(stack, replace(year, known_at="yesterday"))
    with pytest.raises(OptionRefused, match="neither a day nor a moment"):
        ask_corrections(stack, Asked(), "yesterday")


def test_figures_are_of_today_unless_asked_otherwise(calling: StackClient) -> None:
    calling.move_to(date(2011, 1, 27), ["reporting"])
    assert calling.get("reporting", "/figures").json["as_of"] == "2011-01-27"
    path = "/figures?as_of=2010-12-31&from=2010-01-01&known_at=2010-12-31T18:00:00%2B09:00"
    figures = calling.get("reporting", path).json
    assert (figures["as_of"], figures["from"]) == ("2010-12-31", "2010-01-01")
    assert figures["known_at"] == "2010-12-31T18:00:00+09:00"


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/figures?as_of=2009-02-30", "as_of"),
        ("/figures?as_of=2009-03-02&from=2009-03-03", "from"),
        ("/figures?known_at=2009-03-02T10:00:00", "known_at"),
        ("/figures?known_at=0001-01-01T00:00:00Z", "known_at"),
        ("/figures?known_at=9999-12-31T23:59:59Z", "known_at"),
        ("/figures/monthly?measure=sessions&by=source", "by"),
        ("/figures/monthly", "measure"),
        ("/figures/monthly?measure=placed&share=wanted_percent", "share"),
        ("/figures/monthly?share=placed", "share"),
        ("/figures/monthly?share=placement_rate_percent&by=occupation", "by"),
        ("/figures/split?share=wanted_percent&by=wanted", "by"),
        ("/figures/split?by=gender", "measure"),
        ("/figures/split?measure=placed", "by"),
        ("/figures/split?measure=placed&by=kind", "by"),
        ("/figures/split?measure=placed&by=gender&by=gender", "by"),
        ("/figures/split?measure=placed&by=gender&by=source&by=wanted&by=district", "by"),
        ("/figures/unplaced?by=occupation", "by"),
        ("/figures/unplaced?as_of=2009-03-02&from=2009-03-01", "from"),
        ("/figures/unplaced?each=day", "each"),
        ("/figures/corrections?measure=placed", "since"),
        ("/figures/corrections?measure=placed&since=0001-01-01", "since"),
        ("/figures/corrections?measure=placed&since=2010-12-31&known_at=2010-12-30", "known_at"),
        ("/figures/corrections?measure=placed&since=2010-12-31&from=2011-01-01", "from"),
        ("/figures/facts?measure=happiness", "measure"),
        ("/figures/facts", "measure"),
        ("/figures/facts?measure=placed&limit=1001", "limit"),
        ("/figures/facts?measure=placed&after=9223372036854775808", "after"),
        ("/ledger/9223372036854775808", "position"),
        ("/ledger/first", "position"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_the_name_of_its_field(calling: StackClient, path: str, field: str) -> None:
    reply = calling.get("reporting", path)
    assert (reply.status, reply.headers["content-type"]) == (422, "application/problem+json")
    assert any(name.split(".")[0] == field for name in reply.fields)


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_first_and_the_last_day_of_all_can_be_asked_for(calling: StackClient, day: date) -> None:
    assert calling.get("reporting", f"/figures?as_of={day}&from={day}").status == 200


def test_a_position_that_is_not_there_is_not_found(calling: StackClient) -> None:
    assert calling.get("reporting", "/ledger/9223372036854775807").status == 404


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("/figures/facts?measure=placed", "employer"),
        ("/ledger/1", "partner"),
        ("/ledger/gaps", "counsellor"),
    ],
)
def test_single_events_are_not_for_everyone(calling: StackClient, path: str, role: str) -> None:
    assert calling.get("reporting", path, role=role).status == 403  # pyright: ignore[reportArgumentType]
    assert calling.send("reporting", "GET", path).status == 401


def test_what_was_answered_to_a_survey_is_for_who_asked_alone(calling: StackClient, topics: Topics) -> None:
    survey, day = uuids.uuid7(), date(2013, 7, 1)
    topics.publish([survey_drawn(survey, day, 3), survey_answered(survey, day, 4)])
    period = f"as_of={day}&from={day}"

    def found(role: Role) -> list[dict[str, Any]]:
        return calling.get("reporting", f"/figures?{period}", role=role).json["surveys"]

    until(
        lambda: [survey["answered"] for survey in found("manager")],
        "the answer is counted",
        lambda answered: answered == [1],
    )
    answers = f"/figures/facts?measure=survey_answers&{period}"
    (answer,) = calling.get("reporting", answers, role="evaluator").json["facts"]
    drawn = f"/figures/facts?measure=surveyed&{period}"
    (sample,) = calling.get("reporting", drawn, role="evaluator").json["facts"]
    single = [
        answers,
        f"/ledger/{answer['position']}",
        f"/figures/split?measure=survey_answers&by=answer&{period}",
        f"/figures/monthly?measure=survey_answers&by=answer&{period}",
    ]
    for path in single:
        assert calling.get("reporting", path, role="evaluator").status == 200, path
        assert calling.get("reporting", path, role="manager").status == 403, path
        assert calling.get("reporting", path, role="analyst").status == 403, path
    for path in (drawn, f"/ledger/{sample['position']}"):
        assert {calling.get("reporting", path, role=role).status for role in ("evaluator", "analyst")} == {200}, path
    # What is published of a survey is for all, and of nothing else the evaluation office sees events.
    by_survey = f"/figures/split?measure=survey_answers&by=survey_id&{period}"
    assert calling.get("reporting", by_survey, role="counsellor").json["total"] == 1
    (other,) = calling.get("reporting", "/figures/facts?measure=employers&limit=1", role="manager").json["facts"]
    for path in ("/figures/facts?measure=employers", f"/ledger/{other['position']}"):
        assert calling.get("reporting", path, role="evaluator").status == 403, path


def test_a_missing_event_is_shown_until_it_has_come(calling: StackClient, topics: Topics) -> None:
    client = uuids.uuid7()
    first, second, third = topics.sources.records([session(client, DAY) for _ in range(3)])

    def gaps() -> list[tuple[str, int, int]]:
        found = calling.get("reporting", "/ledger/gaps", role="operator").json
        assert found["in_all"] == len(found["gaps"])
        return [(gap["key"], gap["first"], gap["last"]) for gap in found["gaps"]]

    def metric() -> str:
        told = calling.send("reporting", "GET", "/metrics", process="worker").body.decode()
        return next(line for line in told.splitlines() if line.startswith("jobplus_ledger_gaps "))

    topics.write([first, third])
    until(gaps, "the gap is shown", lambda found: found == [(str(client), 2, 2)])
    assert metric() == "jobplus_ledger_gaps 1.0"
    topics.write([second])
    until(gaps, "the gap is closed", lambda found: found == [])
    until(metric, "the metric knows it", lambda told: told == "jobplus_ledger_gaps 0.0")


def _lost(status: StackStatus) -> list[str]:
    return [process.name for process in status.processes if "history_lost: a source was restored" in process.health]


def test_a_source_restored_from_the_past_stops_the_worker_with_one_clear_line(
    calling: StackClient, topics: Topics
) -> None:
    """The last test of this stack: its worker can't go on."""
    client = uuids.uuid7()
    topics.publish([session(client, DAY)])
    topics.write([topics.sources.record(session(client, DAY), sequence=1)])
    status = until(
        calling.stack.status,
        "the loss and who stands still are told",
        lambda told: told.services[-1].lost and _lost(told),
    )
    (lost,) = status.services[-1].lost
    assert f"({client}, jobplus.counselling, /jobplus/intake, 1)" in lost
    assert _lost(status) == ["reporting-worker"]
    assert not status.healthy
    with StringIO() as shown:
        Console(file=shown, width=2_000).print(status_tables(status))
        assert f"reporting: history lost: {lost}" in shown.getvalue()
    lines = (calling.stack.home.logs / "reporting-worker.log").read_text().splitlines()
    critical = [line for line in map(orjson.loads, lines) if line["level"] == "critical"]
    assert [(line["event"], line["error"]) for line in critical] == [("history_lost", lost)]
    assert calling.get("reporting", f"/figures?as_of={DAY}").status == 200
