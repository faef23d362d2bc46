"""From surveys to commands for their invitations."""

from collections.abc import Sequence

from contracts.surveys import SurveyDrawn
from services.intake.privacy.commands import NoteInvitations
from services.intake.privacy.model import SurveyInvitation


def note_invitations(event: SurveyDrawn) -> Sequence[NoteInvitations]:
    """The evaluation office may learn how those are reached whom a survey asks."""
    return (NoteInvitations(tuple(SurveyInvitation(digest, event.occurred_on) for digest in event.invitations)),)
