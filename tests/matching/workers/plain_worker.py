"""`python -m tests.matching.plain_worker worker`: matching's worker on the plain consumer, as role `all` has it."""

from chassis.running.lifecycle import main, plain_worker
from chassis.running.settings import read
from services.matching.bootstrap import blueprint
from services.matching.settings import MatchingSettings

if __name__ == "__main__":
    main(blueprint, read(MatchingSettings), plain_worker)
