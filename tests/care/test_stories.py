"""People in SOS-Care and in total care, from start to end; and one whose job never was."""

from datetime import date, timedelta
from typing import Any

from services.followup.support.model import due_on
from tests.care.centre import Centre
from tests.kit.waiting import until

TODAY = date(2009, 3, 2)
IN_HARDSHIP: dict[str, Any] = {
    "dependants": 2,
    "other_earners": 0,
    "last_job_ended_on": "2009-01-30",
    "last_job_end_reason": "firm_closed",
}


def the_events_of(centre: Centre, seeker_id: str, last: str) -> list[str]:
    """The types of a person's events, once one of the type `last` has come and nothing follows."""

    def names() -> list[str]:
        return [name for name, _ in centre.events_of(seeker_id)]

    until(names, f"{last} is told", lambda found: last in found)
    centre.calling.settle()
    return names()


def until_in_the_pool(centre: Centre, seeker_id: str) -> None:
    reads = f"/seekers/{seeker_id}/vacancies"
    until(lambda: centre.calling.get("matching", reads), "matching knows the seeker", lambda reply: reply.status == 200)


def test_a_breadwinner_is_offered_public_jobs_first(centre: Centre) -> None:
    """A sole earner whose firm closed: SOS-Care, a public job, support month by month, a private job, and care ends."""
    before = centre.figures()
    private, public = centre.vacancy(), centre.vacancy(sector="public", employment="public_works", district="11110")
    seeker_id = centre.seeker(**IN_HARDSHIP)
    until_in_the_pool(centre, seeker_id)
    assert centre.ranked(seeker_id)[0]["vacancy_id"] == private

    # Her firm closed, two children, nobody else earns: she is taken into SOS-Care.
    decided = centre.made("intake", f"/seekers/{seeker_id}/sos-care", {})
    assert decided["granted"] is True
    assert decided["reasons"] == ["sudden_loss_of_work", "has_dependants", "only_earner"]
    assert centre.refused("intake", f"/seekers/{seeker_id}/sos-care", {}) == "already-in-sos-care"
    until(lambda: centre.ranked(seeker_id)[0]["vacancy_id"], "the public job comes first", lambda one: one == public)
    assert "sos_care_public_first" in [reason["code"] for reason in centre.ranked(seeker_id)[0]["reasons"]]
    former = centre.placed(seeker_id, public)

    # In the public job she stays in the pool for private vacancies, and for no other public one.
    another = centre.vacancy(sector="public")
    asked = {"seeker_id": seeker_id, "vacancy_id": another}
    assert centre.refused("matching", "/referrals", asked) == "seeker-already-placed"
    assert seeker_id in centre.candidates(private)
    assert seeker_id not in centre.candidates(another)

    # Month by month her support falls due.
    centre.move_to(due_on(TODAY, 1))
    (first,) = until(lambda: centre.supports(seeker_id, "due"), "the first month's support is due")
    assert (first["month"], first["placement_id"]) == (1, former)
    given = centre.made("followup", f"/supports/{first['support_id']}", {"kind": "training"})
    assert (given["status"], given["kind"]) == ("given", "training")
    path = f"/supports/{first['support_id']}"
    assert centre.refused("followup", path, {"kind": "training"}) == "support-already-given"
    centre.move_to(due_on(TODAY, 2))
    until(lambda: centre.supports(seeker_id, "due"), "the second month's support is due")

    # A private job ends the care, the public job and its support.
    centre.placed(seeker_id, private)
    care = until(
        lambda: centre.calling.get("intake", f"/seekers/{seeker_id}/sos-care").json,
        "she is in SOS-Care no longer",
        lambda care: not care["in_care"],
    )
    (triage,) = care["triages"]
    assert (triage["ended_as"], triage["ended_on"]) == ("private_job", str(due_on(TODAY, 2)))
    assert [finding["met"] for finding in triage["findings"]] == [True, True, True]
    until(
        lambda: [support["month"] for support in centre.supports(seeker_id, "cancelled")],
        "the second month's support is cancelled",
        lambda months: months == [2],
    )
    assert centre.refused("matching", "/referrals", asked) == "seeker-already-placed"
    centre.move_to(due_on(TODAY, 2) + timedelta(days=1))

    names = the_events_of(centre, seeker_id, "EmploymentEnded")
    happened = [name for name in names if name not in {"SeekerProfile", "FollowUpDue"}]
    assert sorted(happened) == sorted(
        [
            "SeekerRegistered",
            "SosCareGranted",
            *("ReferralMade", "ReferralAnswered", "Placed"),
            "SupportDue",
            "SupportGiven",
            "SupportDue",
            *("ReferralMade", "ReferralAnswered", "Placed"),
            "EmploymentEnded",
            "SosCareEnded",
        ]
    )
    events = centre.events_of(seeker_id)
    public_job, private_job = (data for name, data in events if name == "Placed")
    assert (public_job["programme"], public_job["person"]["programme"]) == ("sos_care", "sos_care")
    assert private_job["former_placement_id"] == former
    (ended,) = (data for name, data in events if name == "EmploymentEnded")
    assert (ended["placement_id"], ended["reason"]) == (former, "other")

    wanted = {"granted": 1, "declined": 0, "ended": 1, "private_job": 1, "placed": 1, "supports_due": 2, "supports": 1}
    until(
        lambda: {name: now - before["sos_care"][name] for name, now in centre.figures()["sos_care"].items()},
        "what happened in SOS-Care is counted",
        lambda counted: counted == wanted,
    )


def test_one_far_from_work_is_referred_when_ready_or_with_a_reason(centre: Centre) -> None:
    """Preparation, a course, counselling, training, ready; a referral before that is refused or overridden."""
    before = centre.figures()
    vacancy = centre.vacancy(openings=3)
    seeker_id = centre.seeker()
    path = f"/seekers/{seeker_id}"
    scores = {"work_habits": 2, "job_goal": 2, "vocational_skills": 1}
    assert centre.made("intake", f"{path}/care-assessments", scores)["stage"] == "preparation"
    until_in_the_pool(centre, seeker_id)
    until(lambda: centre.candidates(vacancy), "he is no candidate", lambda found: seeker_id not in found)
    asked = {"seeker_id": seeker_id, "vacancy_id": vacancy}
    assert centre.refused("matching", "/referrals", asked) == "not-ready-for-referral"

    # A counsellor refers him nevertheless, and says why.
    other = centre.vacancy()
    made = centre.made("matching", "/referrals", {**asked, "vacancy_id": other, "override": "employer_asked"})
    assert centre.calling.get("matching", f"/referrals/{made['referral_id']}").json["override"] == "employer_asked"

    # Preparation ends with its course, counselling with an assessment, training with its two courses.
    early = {"course": "office_software", "hours": 60, "stage": "training"}
    assert centre.refused("intake", f"{path}/courses", early) == "course-of-other-stage"
    habits = {"course": "day_structure", "hours": 20, "stage": "preparation"}
    course_id = centre.made("intake", f"{path}/courses", habits)["course_id"]
    assert centre.made("intake", f"{path}/courses/{course_id}/completion", {})["stage"] == "counselling"
    better = {"work_habits": 4, "job_goal": 4, "vocational_skills": 1}
    assert centre.made("intake", f"{path}/care-assessments", better)["stage"] == "training"
    courses = [
        centre.made("intake", f"{path}/courses", {**early, "course": code})["course_id"] for code in ("office", "tax")
    ]
    stages = [centre.made("intake", f"{path}/courses/{one}/completion", {})["stage"] for one in courses]
    assert stages == ["training", "ready"]
    until(lambda: centre.candidates(vacancy), "he is a candidate", lambda found: seeker_id in found)
    centre.made("matching", "/referrals", {**asked, "override": "not_needed"})
    read = centre.calling.get("intake", f"{path}/total-care").json
    assert (read["stage"], len(read["assessments"]), len(read["courses"])) == ("ready", 2, 3)

    centre.calling.settle()
    events = centre.events_of(seeker_id)
    assert [data["stage"] for name, data in events if name == "CareStageChanged"] == [
        "preparation",
        "counselling",
        "training",
        "ready",
    ]
    assert [data.get("override") for name, data in events if name == "ReferralMade"] == ["employer_asked", None]

    def figures() -> Any:
        now, then = centre.figures(), before
        moved = {stage: count - then["care_stages"][stage] for stage, count in now["care_stages"].items()}
        now, then = now["total_care"], then["total_care"]
        return moved, *(now[name] - then[name] for name in ("courses_completed", "referrals_overridden"))

    wanted = (dict.fromkeys(("preparation", "counselling", "training", "ready"), 1), 3, 1)
    until(figures, "stages, courses and the override are counted", lambda counted: counted == wanted)


def test_who_withdraws_leaves_both_kinds_of_care(centre: Centre) -> None:
    seeker_id = centre.seeker(**IN_HARDSHIP)
    path = f"/seekers/{seeker_id}"
    centre.made("intake", f"{path}/sos-care", {})
    centre.made("intake", f"{path}/care-assessments", {"work_habits": 1, "job_goal": 1, "vocational_skills": 1})
    centre.made("intake", f"{path}/withdrawal", {"reason": "moved_away"})
    (triage,) = centre.calling.get("intake", f"{path}/sos-care").json["triages"]
    assert triage["ended_as"] == "withdrawn"
    assert centre.calling.get("intake", f"{path}/total-care").json["stage"] is None
    assert centre.refused("intake", f"{path}/sos-care", {}) == "seeker-withdrawn"


def test_a_placement_that_never_was_is_counted_no_more_and_the_seeker_is_placed_anew(centre: Centre) -> None:
    """He never went to his first job, which a manager takes back; a week later he has another one, and counts once."""
    day = date(2009, 8, 3)
    centre.move_to(day)
    before = centre.figures()
    vacancy = centre.vacancy(openings=2)
    seeker_id = centre.seeker()
    never = centre.placed(seeker_id, vacancy)

    def counted() -> tuple[int, int]:
        now = centre.figures()
        return now["placed"]["total"] - before["placed"]["total"], now["placements"] - before["placements"]

    until(counted, "he is counted as placed", lambda counts: counts == (1, 1))
    assert seeker_id not in centre.candidates(vacancy)

    # The day after, his counsellor may not take it back, a manager may, once.
    centre.move_to(day + timedelta(days=1))
    path, reason = f"/placements/{never}/correction", {"reason": "never_started"}
    assert centre.ask("matching", path, reason).status == 403
    corrected = centre.calling.made("matching", path, reason)
    assert corrected == {"placement_id": never, "corrected_on": str(day + timedelta(days=1))}
    again = centre.calling.post("matching", path, reason)
    assert again.refusal == (409, "placement-corrected")
    until(counted, "he is counted no more", lambda counts: counts == (0, 0))
    asked = f"/figures/corrections?measure=placed&since={day}&from={day}&each=day"
    shown = centre.calling.get("reporting", asked).json
    assert (shown["published_then"], shown["known_now"]) == (1, 0)
    (row,) = shown["corrections"]
    entry = centre.calling.get("reporting", f"/ledger/{row['positions'][0]}").json
    assert (entry["type"], entry["data"]["reason"]) == ("jobplus.PlacementCorrected", "never_started")

    # Nobody is to ask him about that job.
    def has_contacts(status: str) -> bool:
        return never in {contact["placement_id"] for contact in centre.contacts(status)}

    until(lambda: has_contacts("cancelled") and not has_contacts("due"), "his contacts are cancelled")

    # His opening is free again, and he is looked for work as before.
    assert seeker_id in centre.candidates(vacancy)
    centre.move_to(day + timedelta(days=7))
    kept = centre.placed(seeker_id, vacancy)
    until(counted, "he is counted once", lambda counts: counts == (1, 1))
    placements = centre.calling.get("matching", f"/seekers/{seeker_id}/placements").json["placements"]
    assert [(one["placement_id"], one["correction"]) for one in placements] == [(never, "never_started"), (kept, None)]
    assert centre.calling.get("matching", f"/vacancies/{vacancy}").json["placed"] == 1
