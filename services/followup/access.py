"""Who may do what at followup's interface: the door of each route, with its roles and its owner rule."""

from chassis.batch.owners import EVERYBODY, Owner
from chassis.http import closing
from chassis.http.access import Door, Doors
from contracts import owners
from contracts.owners import EVALUATORS, STAFF

OWN_SEEKERS = Owner(*owners.OWN_SEEKERS)
OWN_DESK = Owner(*owners.OWN_DESK)
DOORS: Doors = {
    "GET /contacts": Door(STAFF, OWN_SEEKERS),
    "GET /contacts/{contact_id}": Door(STAFF, OWN_SEEKERS),
    "POST /contacts/{contact_id}/outcome": Door(STAFF, OWN_SEEKERS),
    "POST /contacts/bulk": Door(STAFF, OWN_SEEKERS),
    "POST /placements/{placement_id}/ending": Door(STAFF, OWN_SEEKERS),
    "GET /placements/{placement_id}/employment": Door(STAFF, OWN_SEEKERS),
    "GET /seekers/{seeker_id}/employments": Door(STAFF, OWN_SEEKERS),
    "POST /surveys": Door(EVALUATORS, EVERYBODY),
    "POST /surveys/bulk": Door(EVALUATORS, EVERYBODY, importers=EVALUATORS),
    "GET /surveys": Door(EVALUATORS, EVERYBODY),
    "GET /surveys/{survey_id}": Door(EVALUATORS, EVERYBODY),
    "GET /surveys/{survey_id}/sample": Door(EVALUATORS, EVERYBODY),
    "POST /surveys/{survey_id}/answers": Door(EVALUATORS, EVERYBODY),
    "GET /supports": Door(STAFF, OWN_SEEKERS),
    "GET /supports/{support_id}": Door(STAFF, OWN_SEEKERS),
    "POST /supports/{support_id}": Door(STAFF, OWN_SEEKERS),
    "GET /counsellors/{counsellor_id}/work-list": Door(STAFF, OWN_DESK),
    "GET /work-list": Door(STAFF, EVERYBODY),
    **closing.DOORS,
}
