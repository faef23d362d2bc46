"""`python -m services.intake api|worker|relay|all|migrate`."""

from chassis.running import ending as ending  # before what takes long to import

# isort: split
from chassis.running.lifecycle import main
from chassis.running.settings import read
from services.intake.bootstrap import blueprint
from services.intake.settings import IntakeSettings

if __name__ == "__main__":
    main(blueprint, read(IntakeSettings))
