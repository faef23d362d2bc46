"""The topics that the feed reads: those about persons that other systems may read, and revocations; and
which counsellors have left, whose clients are anybody's then.

Those of the last state alone are left out: what they tell is told by events elsewhere.
"""

from contracts.topics import COUNSELLORS, REVOCATIONS, TOPICS

PERSONS = frozenset({"seeker", "client"})
"""What the key of a topic about persons is called."""

OF_PERSONS = tuple(t for t in TOPICS if t.key in PERSONS and t.partners and not t.compacted)
READ = (*(topic.name for topic in OF_PERSONS), COUNSELLORS.name, REVOCATIONS.name)
