"""`python -m services.followup api|worker|relay|all|migrate`."""

from chassis.running import ending as ending  # before what takes long to import

# isort: split
from chassis.running.lifecycle import main
from chassis.running.settings import read
from services.followup.bootstrap import blueprint
from services.followup.settings import FollowupSettings

if __name__ == "__main__":
    main(blueprint, read(FollowupSettings))
