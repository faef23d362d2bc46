"""What a plan can't say: every refusal by an example, and no refusal of what has happened somewhere."""

import pytest
from hypothesis import given, settings

from contracts.codes import AGE_BANDS, OCCUPATIONS
from contracts.targets import TARGET_MEASURES
from jobplus.replay.planning.checks import CHECKS
from jobplus.replay.planning.plan import parse
from tests.replay.plans import a_plan, reasons_against, what_happened

EVERYBODY = dict.fromkeys(OCCUPATIONS, 0)

REFUSED: dict[str, list[tuple[dict[str, object], str]]] = {
    "dates": [({"from": "2011-01-01"}, "from 2011-01-01 is after to 2010-12-31")],
    "placed over registered": [
        ({"registered": 3}, "placed.total 4 is over registered 3"),
    ],
    "placed over referrals": [({"referrals": 3}, "placed.total 4 is over referrals 3")],
    "placed over referred": [({"referred": 3}, "placed.total 4 is over referred 3")],
    "referred over registered": [({"referred": 11}, "referred 11 is over registered 10")],
    "referred over referrals": [({"referred": 8, "referrals": 7}, "referred 8 is over referrals 7")],
    "referrals of nobody": [
        ({"referred": 0, "placed": {"total": 0}}, "referred is 0, but there are 12 referrals"),
    ],
    "referrals with nobody registered": [
        (
            {"registered": 0, "placed": {"total": 0}, "sessions": {"job": 0, "startup": 5}},
            "there are 12 referrals, but nobody is registered",
        ),
    ],
    "occupations over placed": [
        (
            {"placed": {"total": 4, "by_occupation": {"02": 3, "11": 2}}},
            "the sum of placed.by_occupation, 5 is over placed.total 4",
        ),
    ],
    "occupations under placed": [
        (
            {"placed": {"total": 4, "by_occupation": {**EVERYBODY, "02": 3}}},
            "placed.by_occupation names all and sums up to 3, not to placed.total 4",
        ),
    ],
    "shares of nobody": [
        (
            {"placed": {"total": 0, "by_age_percent": {"-29": 0}}},
            "placed.by_age_percent has shares, but nobody is placed",
        ),
    ],
    "shares by themselves": [
        (
            {"placed": {"total": 4, "by_age_percent": {"-29": 25.1}}},
            "placed.by_age_percent -29: no whole number of 4 placed prints as 25.1 %",
        ),
        (
            {"placed": {"total": 3, "by_age_percent": {"-29": 33}}},
            "placed.by_age_percent -29: no whole number of 3 placed prints as 33 %",
        ),
        (
            {"placed": {"total": 4, "by_age_percent": {"55-": 100.1}}},
            "placed.by_age_percent 55-: no whole number of 4 placed prints as 100.1 %",
        ),
    ],
    "shares together": [
        (
            {"placed": {"total": 4, "by_age_percent": dict.fromkeys(AGE_BANDS, 50)}},
            "placed.by_age_percent: no whole numbers that print as -29 50 %, 30-39 50 %, 40-54 50 %, 55- 50 % "
            "add up to 4 placed",
        ),
        (
            {"placed": {"total": 4, "by_age_percent": {"-29": 75, "55-": 50}}},
            "placed.by_age_percent: no whole numbers that print as -29 75 %, 55- 50 % fit into 4 placed",
        ),
    ],
    "job sessions with nobody": [
        (
            {"registered": 0, "placed": {"total": 0}, "referrals": 0},
            "there are 30 job sessions, but nobody is registered",
        ),
    ],
    "channels": [
        (
            {"sessions": {"job": 30, "startup": 5, "by_channel": {"visit": 30}}},
            "sessions.by_channel sums up to 30, not to all 35 sessions",
        ),
        (
            {"sessions": {"job": 30, "startup": 5, "by_channel": {"visit": 30, "call": 5, "online": 1}}},
            "sessions.by_channel sums up to 36, not to all 35 sessions",
        ),
    ],
    "launches over start-up sessions": [({"launches": 6}, "launches 6 is over sessions.startup 5")],
    "vacancies under placements": [
        (
            {"vacancies": 2, "placed": {"total": 4, "by_occupation": {"02": 1, "11": 2, "03": 0}}},
            "vacancies 2 are fewer than the 3 that the placements need: one for each occupation placed in, "
            "and for each 10000 in it",
        ),
        (
            {
                "vacancies": 3,
                "registered": 40_000,
                "referrals": 40_000,
                "placed": {"total": 25_001, "by_occupation": {"02": 10_001, "11": 10_000}},
            },
            "vacancies 3 are fewer than the 4 that the placements need: one for each occupation placed in, "
            "and for each 10000 in it",
        ),
        (
            {"vacancies": 1, "internships": [{"year": 2010, "completed": 1, "converted": 0}]},
            "vacancies 1 are fewer than the 2 that the placements need: one for each occupation placed in, "
            "and for each 10000 in it; interns need their own",
        ),
    ],
    "referrals without vacancies": [
        ({"vacancies": 0, "placed": {"total": 0}}, "vacancies is 0, but there are 12 referrals"),
    ],
    "no employer": [
        ({"employers": 0}, "employers is 0, but there are referrals"),
        ({"employers": 0, "vacancies": 5}, "employers is 0, but there are vacancies and referrals"),
    ],
    "no counsellor": [
        ({"counsellors": 0}, "counsellors is 0, but there are sessions and referrals"),
    ],
    "converted over completed": [
        (
            {"internships": [{"year": 2010, "completed": 1, "converted": 2}]},
            "internships 2010: converted 2 is over completed 1",
        ),
    ],
    "converted over placed": [
        (
            {"internships": [{"year": year, "completed": 3, "converted": 3} for year in (2009, 2010)]},
            "internships: converted in all 6 is over placed.total 4",
        ),
    ],
    "internships over referrals": [
        (
            {"registered": 12, "internships": [{"year": 2010, "completed": 12, "converted": 3}]},
            "placed.total + completed - converted interns, 13 is over referrals 12",
        ),
    ],
    "internships over referred": [
        (
            {"referrals": 20, "internships": [{"year": 2010, "completed": 11, "converted": 3}]},
            "internships: completed in all, each by another person, 11 is over registered 10",
        ),
        (
            {"referred": 5, "internships": [{"year": 2010, "completed": 6, "converted": 3}]},
            "internships: completed in all, each by another person, 6 is over referred 5",
        ),
    ],
    "internships over the young": [
        (
            {
                "placed": {"total": 4, "by_age_percent": {"-29": 25.0}},
                "internships": [{"year": 2010, "completed": 2, "converted": 2}],
            },
            "internships: interns who are placed, all of them 29 at most, 2 is over the -29 placed 1",
        ),
        (
            {
                "referred": 5,
                "placed": {"total": 4, "by_age_percent": {"-29": 0}},
                "internships": [{"year": 2010, "completed": 2, "converted": 0}],
            },
            "internships: interns who are placed, all of them 29 at most, 1 is over the -29 placed 0",
        ),
    ],
    "internships on one day": [
        (
            {
                "from": "2010-12-31",
                "referred": 5,
                "internships": [{"year": 2010, "completed": 2, "converted": 0}],
            },
            "internships: 1 who serve one in vain are placed, too, which a period of one day has no room for",
        ),
    ],
    "surveys over served": [
        (
            {"surveys": [{"on": "2010-01-01", "asked": 16, "score": 50}]},
            "surveys 2010-01-01: asked 16 is over the most who can have had a session, 15",
        ),
    ],
    "scores": [
        (
            {"surveys": [{"on": "2010-01-01", "asked": 2, "score": 12.6}]},
            "surveys 2010-01-01: no answers of 2 persons score 12.6 points",
        ),
        (
            {"surveys": [{"on": "2010-01-01", "asked": 2, "score": 100.1}]},
            "surveys 2010-01-01: no answers of 2 persons score 100.1 points",
        ),
        (
            {"surveys": [{"on": "2010-01-01", "asked": 0, "score": 0}]},
            "surveys 2010-01-01: no answers of 0 persons score 0 points",
        ),
    ],
    "top occupations": [
        (
            {"unplaced_top_occupations": {"year": 2010, "codes": ["04", "03", "02", "01"]}},
            "unplaced_top_occupations: that order takes persons: 10 is over the unplaced 6",
        ),
        (
            {
                "unplaced_top_occupations": {"year": 2009, "codes": ["04", "03", "02", "01"]},
                "internships": [{"year": 2009, "completed": 1, "converted": 1}],
            },
            "unplaced_top_occupations: that order takes persons: 10 is over the unplaced 9",
        ),
        (
            {"unplaced_top_occupations": {"year": 2010, "codes": ["01", "01"]}},
            "unplaced_top_occupations: 01 stands there 2 times",
        ),
    ],
    "years": [
        (
            {"internships": [{"year": 2011, "completed": 1, "converted": 1}]},
            "internships 2011: the year is outside 2009-12-01 to 2010-12-31",
        ),
        (
            {"targets": [{"year": 2008, "measure": "placed", "value": 1}]},
            "targets 2008 placed: the year is outside 2009-12-01 to 2010-12-31",
        ),
        (
            {"unplaced_top_occupations": {"year": 2008, "codes": ["01"]}},
            "unplaced_top_occupations 2008: the year is outside 2009-12-01 to 2010-12-31",
        ),
    ],
    "survey days": [
        (
            {"surveys": [{"on": "2009-11-30", "asked": 1, "score": 50}]},
            "surveys 2009-11-30: the day is outside 2009-12-01 to 2010-12-31",
        ),
    ],
    "said twice": [
        (
            {"internships": [{"year": 2010, "completed": 1, "converted": 1}] * 2},
            "internships 2010: stands there 2 times",
        ),
        (
            {"targets": [{"year": 2010, "measure": "placed", "value": value} for value in (1, 2, 3)]},
            "targets 2010 placed: stands there 3 times",
        ),
    ],
    "target values": [
        (
            {"targets": [{"year": 2010, "measure": "placed", "value": 1.5}]},
            "targets 2010 placed: 1.5 is no whole number",
        ),
        (
            {"targets": [{"year": 2010, "measure": "placement_rate_percent", "value": 100.1}]},
            "targets 2010 placement_rate_percent: 100.1 % is over 100 %",
        ),
    ],
    "target measures": [
        (
            {"targets": [{"year": 2010, "measure": "placed.total", "value": 1}]},
            "targets 2010 placed.total: no such measure; there are " + ", ".join(TARGET_MEASURES),
        ),
    ],
}


@pytest.mark.parametrize(("changes", "reason"), [case for cases in REFUSED.values() for case in cases])
def test_a_plan_is_refused_for_this_reason_alone(changes: dict[str, object], reason: str) -> None:
    assert reasons_against(a_plan(**changes)) == [reason]


def test_every_check_has_an_example() -> None:
    assert [check.name for check in CHECKS] == list(REFUSED)


def test_every_reason_is_told_at_once_in_the_tables_order() -> None:
    assert reasons_against(a_plan(**{"from": "2011-02-01"}, registered=1, employers=0, launches=9)) == [
        "from 2011-02-01 is after to 2010-12-31",
        "placed.total 4 is over registered 1",
        "launches 9 is over sessions.startup 5",
        "employers is 0, but there are referrals",
    ]


NOTHING = {"registered": 0, "placed": {"total": 0}, "sessions": {"job": 0, "startup": 0}, "referrals": 0, "launches": 0}


@pytest.mark.parametrize(
    "changes",
    [
        {**NOTHING, "counsellors": 0, "employers": 0},
        {**NOTHING, "counsellors": 0, "employers": 0, "registered": 3, "vacancies": 0, "referred": 0},
        {"from": "2012-02-29", "to": "2012-02-29"},
        {"placed": {"total": 0}},
        {"registered": 4, "referrals": 4, "referred": 4, "placed": {"total": 4, "by_age_percent": {"55-": 100}}},
        {"placed": {"total": 4, "by_occupation": {"24": 4}}, "vacancies": 1},
        {"placed": {"total": 4, "by_occupation": {"24": 3}}, "vacancies": 2},
        {"placed": {"total": 4, "by_occupation": {**EVERYBODY, "24": 4}, "by_age_percent": {}}},
        {"sessions": {"job": 10**9, "startup": 5, "by_channel": {"online": 10**9 + 5}}, "counsellors": 1},
        {"launches": 5},
        {"internships": [{"year": 2010, "completed": 10, "converted": 4}]},
        {"surveys": [{"on": "2009-12-01", "asked": 15, "score": 100}, {"on": "2010-12-31", "asked": 1, "score": 0}]},
        {"unplaced_top_occupations": {"year": 2010, "codes": ["03", "02", "01"]}},
        {"unplaced_top_occupations": {"year": 2009, "codes": ["04", "03", "02", "01"]}},
        {"unplaced_top_occupations": {"year": 2010, "codes": ["01", "02", "03", "04", "05", "06"]}},
        {"unplaced_top_occupations": {"year": 2010, "codes": []}},
        {
            "targets": [
                {"year": 2010, "measure": m, "value": v}
                for m, v in (("placed", 10**6), ("placement_rate_percent", 71.0))
            ]
        },
    ],
)
def test_an_odd_plan_that_can_be_met_is_taken(changes: dict[str, object]) -> None:
    parse(a_plan(**changes))


@settings(max_examples=300, deadline=None)
@given(what_happened())
def test_what_happened_is_never_refused(plan: dict[str, object]) -> None:
    parse(plan)
