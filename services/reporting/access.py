"""Whose records somebody finds in reporting: the owner rules of its doors, which the endpoints declare."""

from chassis.batch.owners import Owner
from contracts import owners

SURVEYS = Owner(*owners.SURVEYS)
