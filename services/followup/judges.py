"""Judges whether what a command touches in followup is its asker's own, where they are held to that."""

from operator import attrgetter

from chassis.batch.command_batch import Judges
from chassis.http.held import judge_of
from services.followup.access import OWN_SEEKERS
from services.followup.contacts.model import Employment
from services.followup.owners import closed_to
from services.followup.support.model import PublicJob

JUDGES: Judges = {OWN_SEEKERS: judge_of(closed_to, attrgetter("seeker_id"), Employment, PublicJob)}
