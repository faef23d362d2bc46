"""Who comes to a door, and whose records they find behind it: groups of roles and the owner rules, the same words in
every service.

A service makes its rule of one, as it makes a problem type of a refusal: `Owner(*OWN_FIRM)`.
"""

from typing import NamedTuple

STAFF = ("counsellor", "manager")
STAFF_AND_EMPLOYER = (*STAFF, "employer")
MANAGER = ("manager",)
EVALUATORS = ("evaluator",)
"""The city's evaluation office."""


class OwnerRule(NamedTuple):
    """A rule's name and meaning, the roles that are held to what is their own, and whether the rest is hidden from
    them as if it weren't there, rather than refused with the reason."""

    name: str
    meaning: str
    bound: frozenset[str]
    hidden: bool = False


OWN_FIRM = OwnerRule(
    "own firm",
    "An employer finds what is of the firm that their token names, and nothing of any other; staff finds every firm's.",
    frozenset({"employer"}),
    hidden=True,
)
OWN_SEEKERS = OwnerRule(
    "own seekers",
    "A counsellor finds whom they counsel, whom nobody counsels, and whose record they opened on that day by a reason "
    "that they stated; a manager finds everybody.",
    frozenset({"counsellor"}),
)
OWN_DESK = OwnerRule(
    "own desk",
    "A counsellor finds what is on their own desk, a manager what is on any.",
    frozenset({"counsellor"}),
)
SURVEYS = OwnerRule(
    "surveys",
    "The evaluation office finds the events of surveys and no others; what single persons answered it finds alone.",
    frozenset({"evaluator"}),
)
OWN_CLIENTS = OwnerRule(
    "own clients",
    "A partner finds its own log: events that were granted to it, of those whom its client numbers stand for.",
    frozenset({"partner"}),
    hidden=True,
)
REFERRED_TO_OWN_FIRM = OwnerRule(
    "referred to own firm",
    "An employer finds who was referred to a vacancy of the firm that their token names, while that referral is open. "
    "No route has this rule yet.",
    frozenset({"employer"}),
    hidden=True,
)

RULES = (OWN_FIRM, OWN_SEEKERS, OWN_DESK, SURVEYS, OWN_CLIENTS, REFERRED_TO_OWN_FIRM)
