"""The SQL that preselects candidates for a vacancy from a pool of any size, and counts their points.

Those come first who want the occupation most, of these who would work there or live nearest, of these who have waited
longest. For each place of the occupation and each distance they are looked up in that order among the wishes, until
PRESELECTED are found. Between public jobs and who is in SOS-Care, that comes first of all; few are in it, and few in a
public job under it.

The points are counted as `rules.match` does, by its numbers, so that only those who are shown are read as a whole and
told with their reasons: tests/matching/test_candidates.py compares both.
"""

from collections.abc import Mapping
from typing import get_args

from services.matching.ranking.rules import (
    DISTRICT_POINTS,
    EMPLOYMENT_POINTS,
    FAR_DISTRICT_POINTS,
    MOST_CAREER_YEARS,
    MOST_WAITING_MONTHS,
    OCCUPATION_POINTS,
    REFUSED_POINTS,
    SOS_CARE_POINTS,
    WAGE_POINTS,
)
from services.matching.referrals.gate import stages_that_pass
from services.matching.vacancies.model import VacancyKind

PRESELECTED = 300

_NOT_REFERRED = """seeker_id NOT IN (SELECT seeker_id FROM referral WHERE vacancy_id = $2
                                      AND status IN ('made', 'postponed', 'accepted'))"""

_WORKS_THERE = "district = ANY($5::text[])"


def _may_be_referred(kind: VacancyKind) -> str:
    """Give the SQL of who may be referred to vacancies of a kind."""
    passing = {sos: "{" + ",".join(stages_that_pass(kind, sos_care=sos)) + "}" for sos in (False, True)}
    stages = f"CASE WHEN sos_care THEN '{passing[True]}'::text[] ELSE '{passing[False]}'::text[] END"
    return f"""(care_stage IS NULL OR care_stage = ANY({stages}))
               AND ($11::int IS NULL OR birth_year >= $11) AND {_NOT_REFERRED}"""


def _in_pool(kind: VacancyKind) -> str:
    """Give the SQL of those in the pool, turn by turn. A form takes three occupations. By the number alone the turns
    need no sorting: each is taken when those before have found too few, as it is sorted in itself."""
    return f"""
         SELECT turn.place, turn.distance, found.*
         FROM unnest('{{1,1,1,1,2,2,2,2,3,3,3,3}}'::int[], '{{0,1,2,3,0,1,2,3,0,1,2,3}}'::int[])
              WITH ORDINALITY AS turn (place, distance, number)
         CROSS JOIN LATERAL (
           SELECT waiting.* FROM unnest(
               CASE turn.distance WHEN 0 THEN ARRAY[$3]
                    WHEN 1 THEN $4::text[] WHEN 2 THEN $6::text[] ELSE $7::text[] END) AS near (district)
           CROSS JOIN LATERAL (
             SELECT in_pool_since, seeker_id, turn.distance = 0 AND (wanted OR {_WORKS_THERE}) AS works_there,
                    waiting_since, employment, wage, career_years
             FROM wish
             WHERE occupation = $1 AND place = turn.place AND district = near.district
               AND (turn.distance = 0 OR home AND NOT EXISTS (
                 SELECT FROM wish there
                 WHERE (there.occupation, there.place, there.district, there.in_pool_since, there.seeker_id)
                     = ($1, turn.place, $3, wish.in_pool_since, wish.seeker_id)))
               AND {_may_be_referred(kind)}{" AND NOT sos_care" if kind == "public" else ""}
             ORDER BY in_pool_since, seeker_id LIMIT {PRESELECTED}
           ) AS waiting
           ORDER BY in_pool_since, seeker_id LIMIT {PRESELECTED}
         ) AS found
         ORDER BY turn.number LIMIT {PRESELECTED}"""


_OF_SEEKER = f"""
                array_position(wanted_occupations, $1::text) AS place,
                CASE WHEN district = $3 OR $3 = ANY(wanted_districts) THEN 0 WHEN district = ANY($4::text[]) THEN 1
                     WHEN district = ANY($6::text[]) THEN 2 ELSE 3 END AS distance,
                coalesce(in_pool_since, 'infinity') AS in_pool_since, seeker_id,
                $3 = ANY(wanted_districts) OR {_WORKS_THERE} AS works_there,
                coalesce(in_pool_since, registered_on) AS waiting_since, wanted_employment, desired_wage, career_years
         FROM seeker WHERE status = 'active' AND sos_care AND wanted_occupations @> ARRAY[$1::text]"""

_FOUND: Mapping[VacancyKind, str] = {
    "private": f"""
         SELECT 0 AS sos_points, found.* FROM ({_in_pool("private")}) AS found
         UNION ALL
         SELECT 0, {_OF_SEEKER} AND in_public_job AND {_NOT_REFERRED}""",
    "public": f"""
         SELECT 0 AS sos_points, found.* FROM ({_in_pool("public")}) AS found
         UNION ALL
         SELECT {SOS_CARE_POINTS}, {_OF_SEEKER}
           AND placement_id IS NULL AND internship_id IS NULL AND {_may_be_referred("public")}""",
    "for_interns": f"""
         SELECT 0 AS sos_points, found.* FROM ({_in_pool("for_interns")}) AS found""",
}
"""Who may be referred to vacancies of a kind: to a private one also from a public job under SOS-Care; to a public job
who is in SOS-Care first."""

_FAR = " ".join(f"WHEN distance = {steps} THEN {points}" for steps, (_, points) in enumerate(FAR_DISTRICT_POINTS, 1))

_POINTS = f"""('{{{",".join(map(str, OCCUPATION_POINTS))}}}'::int[])[least(place, {len(OCCUPATION_POINTS)})]
              + CASE WHEN works_there THEN {DISTRICT_POINTS} {_FAR} ELSE 0 END
              + CASE WHEN wage IS NULL OR wage <= $8::int THEN {WAGE_POINTS} ELSE 0 END
              + CASE WHEN employment = '{{}}' OR $9 = ANY(employment) THEN {EMPLOYMENT_POINTS} ELSE 0 END
              + least(coalesce(career_years, 0), {MOST_CAREER_YEARS}) / 2
              + least(greatest($10::date - waiting_since, 0) / 30, {MOST_WAITING_MONTHS})
              + sos_points + CASE WHEN answer IS NULL THEN 0 ELSE {REFUSED_POINTS} END"""


def _candidates(kind: VacancyKind) -> str:
    return f"""
    WITH refused AS (
         SELECT DISTINCT ON (seeker_id) seeker_id, answer, reason FROM referral
         WHERE vacancy_id = $2 AND status = 'refused' ORDER BY seeker_id, referral_id DESC
    ), preselected AS (
         SELECT * FROM ({_FOUND[kind]}) AS found
         ORDER BY sos_points DESC, place, distance, in_pool_since, seeker_id LIMIT {PRESELECTED}
    ), best AS (
         SELECT seeker_id, {_POINTS} AS points, waiting_since, answer, reason
         FROM preselected LEFT JOIN refused USING (seeker_id)
         ORDER BY points DESC, waiting_since, seeker_id LIMIT $12)
    SELECT seeker.*, best.answer AS refused_answer, best.reason AS refused_reason
    FROM best JOIN seeker USING (seeker_id)"""


CANDIDATES: Mapping[VacancyKind, str] = {kind: _candidates(kind) for kind in get_args(VacancyKind)}
"""By the kind of vacancy, the rows of the first $12 candidates, with how the last referral to the vacancy was refused,
if any was; in any order.

$1 occupation, $2 vacancy, $3 its district, $4, $6 and $7 those a border, two and more away, $5 those that count as its
own, $8 wage, $9 employment, $10 today, $11 the year in which the oldest was born where a law asks for it.
"""
