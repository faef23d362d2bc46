"""Who may do what at intake's interface: the door of each route, with its roles and its owner rule."""

from chassis import closing
from chassis.access import Door, Doors
from chassis.owners import EVERYBODY, NOBODY, Owner
from contracts import owners

STAFF = ("counsellor", "manager")
MANAGER = ("manager",)
EVALUATOR = ("evaluator",)
STAFF_AND_EMPLOYER = (*STAFF, "employer")

OWN_FIRM = Owner(*owners.OWN_FIRM)
OWN_SEEKERS = Owner(*owners.OWN_SEEKERS)
OWN_DESK = Owner(*owners.OWN_DESK)
DOORS: Doors = {
    "POST /seekers": Door(STAFF, EVERYBODY),
    "POST /seekers/bulk": Door(STAFF, EVERYBODY),
    "GET /seekers": Door(STAFF, OWN_SEEKERS),
    "POST /seekers/search": Door(STAFF, EVERYBODY),
    "PUT /seekers/{seeker_id}": Door(STAFF, OWN_SEEKERS),
    "POST /seekers/{seeker_id}/withdrawal": Door(STAFF, OWN_SEEKERS),
    "POST /seekers/{seeker_id}/return": Door(STAFF, OWN_SEEKERS),
    "GET /seekers/{seeker_id}": Door(STAFF, OWN_SEEKERS),
    "POST /seekers/{seeker_id}/consents": Door(STAFF, OWN_SEEKERS),
    "GET /seekers/{seeker_id}/consents": Door(STAFF, OWN_SEEKERS),
    "GET /seekers/{seeker_id}/reads": Door(MANAGER, EVERYBODY),
    "GET /seekers/{seeker_id}/contact-details": Door(EVALUATOR, EVERYBODY),
    "POST /seekers/{seeker_id}/opening": Door(("counsellor",), EVERYBODY),
    "GET /openings": Door(MANAGER, EVERYBODY),
    "POST /seekers/{seeker_id}/erasure": Door(MANAGER, EVERYBODY),
    "GET /seekers/{seeker_id}/duplicates": Door(STAFF, OWN_SEEKERS),
    "POST /seekers/{seeker_id}/merge": Door(MANAGER, EVERYBODY),
    "POST /employers": Door(STAFF_AND_EMPLOYER, OWN_FIRM),
    "POST /employers/bulk": Door(STAFF, EVERYBODY),
    "POST /prospects": Door(STAFF, EVERYBODY),
    "GET /employers": Door(STAFF, EVERYBODY),
    "GET /employers/{employer_id}": Door(STAFF_AND_EMPLOYER, OWN_FIRM),
    "PUT /employers/{employer_id}": Door(STAFF_AND_EMPLOYER, OWN_FIRM),
    "POST /employers/{employer_id}/departure": Door(STAFF_AND_EMPLOYER, OWN_FIRM),
    "POST /employers/{employer_id}/plan-requests": Door(STAFF, EVERYBODY),
    "GET /employers/{employer_id}/plan-requests": Door(STAFF, EVERYBODY),
    "POST /employers/{employer_id}/hiring-plans": Door(STAFF_AND_EMPLOYER, OWN_FIRM),
    "GET /employers/{employer_id}/hiring-plans": Door(STAFF_AND_EMPLOYER, OWN_FIRM),
    "POST /hiring-plans/{plan_id}/withdrawal": Door(STAFF_AND_EMPLOYER, OWN_FIRM),
    "POST /counsellors": Door(MANAGER, EVERYBODY),
    "POST /counsellors/bulk": Door(MANAGER, EVERYBODY),
    "POST /counsellors/{counsellor_id}/departure": Door(MANAGER, EVERYBODY),
    "PUT /counsellors/{counsellor_id}": Door(MANAGER, EVERYBODY),
    "POST /counsellors/{counsellor_id}/absences": Door(MANAGER, EVERYBODY),
    "GET /counsellors/{counsellor_id}/absences": Door(MANAGER, EVERYBODY),
    "POST /counsellors/{counsellor_id}/return": Door(MANAGER, EVERYBODY),
    "GET /counsellors": Door(STAFF, EVERYBODY),
    "GET /counsellors/load": Door(MANAGER, EVERYBODY),
    "GET /counsellors/{counsellor_id}/seekers": Door(STAFF, OWN_DESK),
    "GET /seekers/{seeker_id}/counsellor": Door(STAFF, EVERYBODY),
    "POST /seekers/{seeker_id}/counsellor": Door(MANAGER, EVERYBODY),
    "POST /sessions": Door(STAFF, OWN_SEEKERS),
    "POST /sessions/bulk": Door(STAFF, OWN_SEEKERS),
    "GET /sessions": Door(STAFF, OWN_SEEKERS),
    "POST /launches": Door(STAFF, OWN_SEEKERS),
    "POST /launches/bulk": Door(STAFF, OWN_SEEKERS),
    "GET /launches": Door(STAFF, OWN_SEEKERS),
    "POST /seekers/{seeker_id}/sos-care": Door(STAFF, OWN_SEEKERS),
    "POST /seekers/{seeker_id}/sos-care/ending": Door(STAFF, OWN_SEEKERS),
    "GET /seekers/{seeker_id}/sos-care": Door(STAFF, OWN_SEEKERS),
    "POST /seekers/{seeker_id}/care-assessments": Door(STAFF, OWN_SEEKERS),
    "POST /seekers/{seeker_id}/courses": Door(STAFF, OWN_SEEKERS),
    "POST /seekers/{seeker_id}/courses/{course_id}/completion": Door(STAFF, OWN_SEEKERS),
    "POST /seekers/{seeker_id}/courses/{course_id}/ending": Door(STAFF, OWN_SEEKERS),
    "POST /seekers/{seeker_id}/total-care/ending": Door(STAFF, OWN_SEEKERS),
    "GET /seekers/{seeker_id}/total-care": Door(STAFF, OWN_SEEKERS),
    "POST /revocations": Door(MANAGER, NOBODY),
    "POST /revocations/lifting": Door(MANAGER, NOBODY),
    "GET /revocations": Door(MANAGER, NOBODY),
    **closing.DOORS,
}
