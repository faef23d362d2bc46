"""From placements to commands for SOS-Care."""

from collections.abc import Sequence

from contracts.cases import Placed
from contracts.codes import is_public_job
from services.intake.sos_care.commands import EndSosCareWithJob


def end_with_private_job(event: Placed) -> Sequence[EndSosCareWithJob]:
    """A private job ends SOS-Care, a public one doesn't.

    Only placements of those whom their event shows in SOS-Care are looked into, and conversions of interns, which show
    the internship's programme instead: others would cost a look at the register for nothing.
    """
    in_care = event.person.programme in {"sos_care", "youth_internship"}
    if not in_care or is_public_job(event.sector, event.employment):
        return ()
    return (EndSosCareWithJob(event.seeker_id, event.occurred_on),)
