"""Who may do what at matching's interface: the door of each route, with its roles and its owner rule."""

from chassis.batch.owners import EVERYBODY, Owner
from chassis.http import closing
from chassis.http.access import Door, Doors
from contracts import owners
from contracts.owners import MANAGER, STAFF, STAFF_AND_EMPLOYER

OWN_FIRM = Owner(*owners.OWN_FIRM)
OWN_SEEKERS = Owner(*owners.OWN_SEEKERS)
DOORS: Doors = {
    "POST /vacancies": Door(STAFF_AND_EMPLOYER, OWN_FIRM),
    "GET /vacancies": Door(STAFF_AND_EMPLOYER, OWN_FIRM),
    "PUT /vacancies/{vacancy_id}": Door(STAFF_AND_EMPLOYER, OWN_FIRM),
    "POST /vacancies/bulk": Door(STAFF, EVERYBODY),
    "POST /vacancies/closings/bulk": Door(MANAGER, EVERYBODY),
    "POST /vacancies/{vacancy_id}/closing": Door(STAFF_AND_EMPLOYER, OWN_FIRM),
    "GET /vacancies/{vacancy_id}": Door(STAFF_AND_EMPLOYER, OWN_FIRM),
    "POST /referrals": Door(STAFF, OWN_SEEKERS),
    "POST /referrals/bulk": Door(STAFF, OWN_SEEKERS),
    "POST /referrals/{referral_id}/answer": Door(STAFF, OWN_SEEKERS),
    "POST /referrals/{referral_id}/withdrawal": Door(STAFF, OWN_SEEKERS),
    "GET /referrals": Door(STAFF, OWN_SEEKERS),
    "GET /referrals/{referral_id}": Door(STAFF, OWN_SEEKERS),
    "POST /referrals/{referral_id}/internship": Door(STAFF, OWN_SEEKERS),
    "POST /internships/bulk": Door(STAFF, OWN_SEEKERS),
    "POST /internships/{internship_id}/breaking-off": Door(STAFF, OWN_SEEKERS),
    "POST /internships/{internship_id}/completion": Door(STAFF, OWN_SEEKERS),
    "POST /internships/{internship_id}/conversion": Door(STAFF, OWN_SEEKERS),
    "GET /internships": Door(STAFF, OWN_SEEKERS),
    "GET /internships/{internship_id}": Door(STAFF, OWN_SEEKERS),
    "POST /referrals/{referral_id}/placement": Door(STAFF, OWN_SEEKERS),
    "POST /seekers/{seeker_id}/self-found": Door(STAFF, OWN_SEEKERS),
    "POST /placements/bulk": Door(STAFF, OWN_SEEKERS),
    "POST /self-found/bulk": Door(STAFF, OWN_SEEKERS),
    "GET /placements/{placement_id}": Door(STAFF, OWN_SEEKERS),
    "GET /seekers/{seeker_id}/placements": Door(STAFF, OWN_SEEKERS),
    "POST /placements/{placement_id}/correction": Door(MANAGER, EVERYBODY),
    "GET /vacancies/{vacancy_id}/candidates": Door(STAFF, EVERYBODY),
    "GET /seekers/{seeker_id}/vacancies": Door(STAFF, OWN_SEEKERS),
    "POST /visits": Door(STAFF, EVERYBODY),
    "GET /visits/list": Door(STAFF, EVERYBODY),
    "GET /visits": Door(STAFF, EVERYBODY),
    "GET /visits/{visit_id}": Door(STAFF, EVERYBODY),
    **closing.DOORS,
}
