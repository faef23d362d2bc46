"""The topics: what must stay in order shares a topic and a key."""

from dataclasses import dataclass
from typing import Literal

Owner = Literal["intake", "matching", "followup", "reporting"]


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic: what its records are keyed by, its partitions, whether only the last of a key is kept, its owner, and
    whether other systems may read it. A compacted one keeps a record that removes a key for `tombstone_days`: whoever
    is away for longer may not see it."""

    name: str
    key: str
    partitions: int
    owner: Owner
    compacted: bool = False
    partners: bool = True
    tombstone_days: int = 30

    @property
    def source(self) -> str:
        """The CloudEvents source of its events: its owner."""
        return f"/jobplus/{self.owner}"


SEEKERS = Topic("jobplus.seekers", "seeker", 12, "intake")
PROFILES = Topic("jobplus.profiles", "seeker", 12, "intake", compacted=True)
FIRMS = Topic("jobplus.firms", "firm", 3, "intake")
COUNSELLORS = Topic("jobplus.counsellors", "counsellor", 1, "intake")
COUNSELLING = Topic("jobplus.counselling", "client", 12, "intake")
VACANCIES = Topic("jobplus.vacancies", "vacancy", 12, "matching")
CASES = Topic("jobplus.cases", "seeker", 12, "matching")
VISITS = Topic("jobplus.visits", "firm", 3, "matching")
FOLLOWUPS = Topic("jobplus.followups", "seeker", 12, "followup")
SURVEYS = Topic("jobplus.surveys", "survey", 1, "followup")
FLAGS = Topic("jobplus.flags", "subject", 1, "reporting")
REPORTS = Topic("jobplus.reports", "measure", 1, "reporting")
REVOCATIONS = Topic("jobplus.revocations", "subject", 1, "intake", partners=False)

TOPICS = (
    SEEKERS,
    PROFILES,
    FIRMS,
    COUNSELLORS,
    COUNSELLING,
    VACANCIES,
    CASES,
    VISITS,
    FOLLOWUPS,
    SURVEYS,
    FLAGS,
    REPORTS,
    REVOCATIONS,
)

SOURCES = {topic.name: topic.source for topic in TOPICS}
"""By each topic's name, the source of its events."""

LISTENS: dict[Owner | Literal["feed"], tuple[Topic, ...]] = {
    "intake": (CASES, SURVEYS),
    "matching": (FIRMS, COUNSELLORS, COUNSELLING, REPORTS, PROFILES, SEEKERS, FOLLOWUPS, REVOCATIONS),
    "followup": (CASES, COUNSELLING, FOLLOWUPS, SEEKERS, COUNSELLORS, REVOCATIONS),
    "reporting": tuple(topic for topic in TOPICS if topic is not PROFILES),
    "feed": (SEEKERS, COUNSELLORS, COUNSELLING, CASES, FOLLOWUPS, REVOCATIONS),
}
"""What each service listens to: by this, and by what it owns, Kafka gives it its rights. A test holds it against the
services' subscriptions."""

PARTNER_TOPICS = tuple(topic for topic in TOPICS if topic.partners)
"""Those that the AsyncAPI and contracts/README.md tell of."""

GRANTED_TOPICS = tuple(topic for topic in PARTNER_TOPICS if topic is not PROFILES)
"""Those that another system can be let read: not who somebody is at present."""
