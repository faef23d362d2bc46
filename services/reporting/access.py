"""Who may do what at reporting's interface: the door of each route, with its roles and its owner rule."""

from chassis.batch.owners import EVERYBODY, NOBODY, Owner
from chassis.http.access import Door, Doors
from contracts import owners
from contracts.owners import MANAGER
from services.reporting.readers import EVALUATOR, PROVERS, READERS

SURVEYS = Owner(*owners.SURVEYS)

DOORS: Doors = {
    "GET /figures": Door(READERS, NOBODY),
    "GET /figures/corrections": Door(PROVERS, EVERYBODY),
    "GET /figures/facts": Door((*PROVERS, EVALUATOR), SURVEYS),
    "GET /figures/monthly": Door(READERS, NOBODY),
    "GET /figures/split": Door(READERS, NOBODY),
    "GET /figures/unplaced": Door(READERS, NOBODY),
    "POST /ledger/missing": Door(("operator",), EVERYBODY),
    "GET /ledger/gaps": Door(("operator", "analyst"), EVERYBODY),
    "GET /ledger/{position}": Door((*PROVERS, EVALUATOR), SURVEYS),
    "POST /targets": Door(MANAGER, NOBODY),
    "GET /targets": Door(READERS, NOBODY),
    "GET /targets/backtest": Door(READERS, NOBODY),
    "POST /unplaced-occupations": Door(MANAGER, NOBODY),
    "GET /unplaced-occupations": Door(READERS, NOBODY),
}
