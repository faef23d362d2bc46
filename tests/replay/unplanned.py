"""What a centre, as the interpreter has driven it, comes to in the figures that no plan names."""

from collections.abc import Iterable
from typing import get_args

from contracts.cases import Answer
from contracts.codes import CareStage
from contracts.targets import TargetCount
from jobplus.replay.driving.kinds import ASK_FOR_SOS_CARE, COMPLETE_COURSE, MERGE_RECORDS
from jobplus.replay.planning.shares import percent
from tests.replay.simulate import Centre


def unplanned(centre: Centre, years: Iterable[int]) -> dict[str, object]:
    """Give these figures as of the last day driven, by their paths, those of targets for some years; all but what
    followup's rounds come to: contacts and supports."""
    care = centre.care
    plans = [plan for _, plan, _ in care.plans.values()]
    return {
        "self_found.total": len(centre.self_found),
        **{f"referral_answers.by_answer.{answer}": centre.answers[answer] for answer in get_args(Answer)},
        "sos_care.granted": len(care.in_sos_care),
        "sos_care.declined": care.counts[ASK_FOR_SOS_CARE] - len(care.in_sos_care),
        **{f"care_stages.{stage}": care.moved[stage] for stage in get_args(CareStage)},
        "total_care.courses_completed": care.counts[COMPLETE_COURSE],
        "total_care.referrals_overridden": len(centre.overridden),
        "prospects": len(care.prospects),
        "hiring_plans.total": len(plans),
        "hiring_plans.openings": sum(plan.openings for plan in plans),
        **{f"visits.{year}.{name}": count for year, of in care.visited.items() for name, count in of.items()},
        "afterwards.seekers_erased": len(care.erased),
        "afterwards.records_merged": care.counts[MERGE_RECORDS],
        "afterwards.counsellors_left": len(care.left),
        "afterwards.employers_left": len(care.departing),
        "afterwards.referrals_withdrawn": [*centre.status.values()].count("withdrawn") - len(centre.corrected),
        "afterwards.placements_corrected": len(centre.corrected),
        **{f"targets.{year}.{name}.reached": reached for year in years for name, reached in _reached(centre, year)},
    }


def _reached(centre: Centre, year: int) -> Iterable[tuple[str, object]]:
    """Give what each target measure came to in a year; a percentage is None of nothing."""
    came = centre.reached
    for measure in get_args(TargetCount):
        yield measure, came[measure, year]
    completed = [referral for referral, on in centre.completed.items() if on.year == year]
    yield "placement_rate_percent", percent(came["placed", year], came["registered", year])
    yield "internship_conversion_percent", percent(len(centre.converted.intersection(completed)), len(completed))
