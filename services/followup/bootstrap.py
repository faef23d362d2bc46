"""Followup put together; nothing else wires anything."""

from pathlib import Path

import contracts
from chassis.service import Blueprint
from services.followup import __doc__ as purpose
from services.followup import contacts
from services.followup.settings import FollowupSettings
from services.followup.subscriptions import subscriptions


def blueprint(settings: FollowupSettings) -> Blueprint:
    """Say what makes up followup. Its one lock is an employment's, which is its contacts', too."""
    return Blueprint(
        name="followup",
        purpose=purpose or "",
        migrations=Path(__file__).parent / "migrations",
        decode=contracts.decode,
        routers=(contacts.api.router,),
        stores={contacts.model.Employment: contacts.store.EmploymentStore()},
        deciders=contacts.rules.DECIDERS,
        subscriptions=subscriptions(settings),
        due={"contacts": contacts.due.contacts},
    )
