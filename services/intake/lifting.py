"""`python -m services.intake.lifting SUBJECT`: has a subject's tokens taken again, on the machine and without a token.

For when whoever may lift a revocation is revoked themselves. It is decided and announced as over HTTP, by the operator
at the command line; the relay brings it to the others.
"""

from chassis.running import ending as ending  # before what takes long to import

# isort: split
import asyncio
import sys

import asyncpg
import uuid_utils.compat as uuids
from pydantic import ValidationError

from chassis.batch.decisions import Accepted, Actor, Asked, Refused
from chassis.database import db
from chassis.running.service import Service
from chassis.running.settings import read
from services.intake.bootstrap import blueprint
from services.intake.revocations.commands import LiftingForm, LiftRevocation
from services.intake.settings import IntakeSettings

OPERATOR_HERE = Actor("operator", "command-line")


async def lift(settings: IntakeSettings, form: LiftingForm) -> str | None:
    """Lift a subject's revocation; gives why it was not lifted, None when it was."""
    cause = str(uuids.uuid7())
    async with db.pool(settings, "jobplus intake lifting") as pool:
        service = Service(blueprint(settings), settings, pool)
        (outcome,) = await service.handler.run([Asked(LiftRevocation(form), OPERATOR_HERE, cause, cause)])
        await service.notifier.close()
    if isinstance(outcome, Accepted):
        return None
    return outcome.detail if isinstance(outcome, Refused) else "it could not be kept; the log has the details"


def main(arguments: list[str]) -> int:
    """Lift the revocation of the subject that is named; 0 when it was, 1 when it was not, 2 for what can't be asked."""
    if len(arguments) != 1:
        print("usage: python -m services.intake.lifting SUBJECT", file=sys.stderr)
        return 2
    try:
        form = LiftingForm(subject=arguments[0])
    except ValidationError as error:
        print("; ".join(f"SUBJECT: {fault['msg']}" for fault in error.errors()), file=sys.stderr)
        return 2
    try:
        refused = asyncio.run(lift(read(IntakeSettings), form))
    except (db.Unavailable, OSError, asyncpg.PostgresError) as error:
        refused = f"it can't be kept at the moment, ask again: {type(error).__name__}: {error}"
    print(refused or "lifted", file=sys.stderr if refused else sys.stdout)
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
