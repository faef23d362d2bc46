"""From placements to commands for SOS-Care."""

from collections.abc import Sequence

from contracts.cases import Placed
from contracts.codes import is_public_job
from contracts.open_codes import UnknownCode
from services.intake.sos_care.commands import EndSosCareWithJob


def end_with_private_job(event: Placed) -> Sequence[EndSosCareWithJob]:
    """A private job ends SOS-Care, a public one doesn't; nor does one of a kind that isn't known here.

    The event shows whether matching knew of the care; a conversion doesn't, which shows the internship's programme.
    """
    unknown = isinstance(event.sector, UnknownCode) or isinstance(event.employment, UnknownCode)
    if unknown or is_public_job(event.sector, event.employment):
        return ()
    knowing = event.person.programme == "sos_care"
    return (EndSosCareWithJob(event.seeker_id, event.occurred_on, event.recorded_at, knowing),)
