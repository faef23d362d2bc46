"""The two years of the centre at 1/20, released month by month: nothing small can be found out by who isn't its own."""

from datetime import date
from fractions import Fraction
from pathlib import Path

from chassis.running.service import doors_of
from jobplus.releasing import release
from jobplus.replay import run
from jobplus.replay.comparing import compare
from services.reporting.bootstrap import blueprint
from services.reporting.figures.period import month_end
from services.reporting.settings import ReportingSettings
from tests.kit.client import StackClient
from tests.releases.subtraction import found_out
from tests.stacks import Stacks

PLAN = Path(__file__).parents[2] / "plans" / "two-years.json"
MONTHS = [month_end(date(year, month, 1)) for year in (2009, 2010) for month in range(1, 13)]
OTHERS = {"partner", "employer"}
READ = {"GET /releases", "GET /releases/{day}", "GET /releases/{day}/corrections", "GET /unplaced-occupations"}
"""What others read of reporting: releases, their corrections, and once a year the five occupations with the most
unplaced persons."""


def test_who_is_not_of_the_centre_reads_releases_and_the_most_unplaced_occupations() -> None:
    doors = doors_of(blueprint(ReportingSettings.model_construct()))
    assert {route for route, door in doors.items() if OTHERS & {*door.roles}} == READ


def test_no_small_count_of_the_two_years_follows_from_all_that_others_read(stacks: Stacks) -> None:
    plan = run.planned(PLAN, Fraction(1, 20))
    with stacks.running("released") as stack:
        replayed = run.replay(plan, stack, seed=1, scaled=True)
        assert compare.differences(replayed.rows) == []
        for day in MONTHS:
            release(stack, day)
        calling = StackClient(stack)
        listed = calling.get("reporting", "/releases", role="partner").json
        assert [one["day"] for one in listed] == [str(day) for day in MONTHS[::-1]]
        read = [calling.get("reporting", f"/releases/{one['day']}", role="partner").json for one in listed[::-1]]
        limit = read[0]["limit"]
        assert found_out(read, limit) == []
        unplaced = calling.get("reporting", "/unplaced-occupations", role="partner").json["publications"]
        assert min(persons for one in unplaced for persons in one["unplaced"]) >= limit
        lines = [line for one in read for table in one["tables"] for line in table["lines"]]
        assert any(None in line["counts"].values() for line in lines), "at 1/20 something is small"
