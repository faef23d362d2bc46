"""Who comes to the feed's doors beside staff."""

from chassis.batch.owners import Owner
from contracts import owners

PARTNER = ("partner",)
OWN_CLIENTS = Owner(*owners.OWN_CLIENTS)
OWN_SEEKERS = Owner(*owners.OWN_SEEKERS)
