"""`python -m services.matching api|worker|relay|all|migrate`."""

from chassis.running import ending as ending  # before what takes long to import

# isort: split
from chassis.running.lifecycle import main
from chassis.running.settings import read
from services.matching.bootstrap import blueprint
from services.matching.settings import MatchingSettings
from services.matching.worker import worker

if __name__ == "__main__":
    main(blueprint, read(MatchingSettings), worker)
