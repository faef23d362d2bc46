"""Whose records somebody finds in intake: the owner rules of its doors, which the endpoints declare."""

from chassis.batch.owners import Owner
from contracts import owners

OWN_FIRM = Owner(*owners.OWN_FIRM)
OWN_SEEKERS = Owner(*owners.OWN_SEEKERS)
OWN_DESK = Owner(*owners.OWN_DESK)
