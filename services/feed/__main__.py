"""`python -m services.feed api|worker|relay|all|migrate`."""

from chassis.running import ending as ending  # before what takes long to import

# isort: split
from chassis.running.lifecycle import main
from chassis.running.settings import read
from services.feed.bootstrap import blueprint
from services.feed.settings import FeedSettings

if __name__ == "__main__":
    main(blueprint, read(FeedSettings))
