"""What a partner must know beyond the schemas: order, delivery, retention, change."""

from contracts.event import Stability
from contracts.topics import GRANTED_TOPICS, Topic

STABILITY: dict[Stability, str] = {
    "stable": "Services, figures and partners rest on it. Optional fields and new codes may be added; anything else "
    "would be a new type, told of beforehand.",
    "draft": "May still change. Tell us before you build on it.",
}

DESCRIPTION = """\
What happens in the centre, as facts: people register, are counselled, referred and placed; employers join and open
vacancies; contacts after a placement fall due. Another city system needs nothing but this page to read them.

**Format.** CloudEvents 1.0 over Kafka in binary mode: attributes in the headers, JSON in the value. A field that has
no value is left out. Times have an offset; days are days in Seoul. `ce_dataschema` names the schema that an event was
written by, `ce_centre` where it happened: both are absent in events from before they were told.

**Order.** Events of one key come in the order in which they happened in the owning service. Between keys and between
topics there is no order: an effect may be read before its cause.

**Delivery.** At least once. The same event may come again later, with the same `ce_id` and a new offset: drop an id
that you know, and drop nothing for any other reason. Where Kafka has lost something, old events may come again
behind younger ones of their key: those have `ce_republishedfor`, and are known to you if you had read them.
`ce_sequence` counts the events of a source, topic and key from 1 without a gap, so you can prove that you have read
them all. The same number under another `ce_id` means that the centre was restored from a backup: stop, and tell the
operators.

**Retention.** Topics are kept for ever, so a new reader starts from the beginning. A compacted topic keeps each key's
last record; a record without a value there means: delete what you hold under this key. It is kept for 30 days: a reader
that was away for longer begins anew, and keeps nothing that it doesn't find.

**Change.** A type never changes its meaning. Optional fields may be added: ignore fields that you don't know. Anything
else is a new type beside the old (`jobplus.X.v2`): skip types that you don't know. New codes may join a code list: keep
one that you don't know, and count it under the code that it begins with, where both are digits, or as unknown.

**Time.** `occurred_on` is the day that is claimed; figures count by it. `recorded_at` is when it was recorded, in UTC,
perhaps much later. Order and duplicates are told by the headers, never by these.

**Corrections.** What was published stays. What was wrong is taken back by another event (PlacementCorrected).

**Persons.** Ids are pseudonyms; no event holds a name, an address, a phone number, a birth date or free text (only
`jobplus.profiles`, which is emptied on erasure, has a birth year). When a person is erased (SeekerErased), delete
whatever else you hold about that id; the events of the other topics may stay.

**Feeds.** A partner that was granted single fields of single types, of the clients whom it shares with the centre,
reads them over HTTP instead (openapi/feed.json), as CloudEvents of the same types. `jobplus.PassingOnEnded` is read
there alone: its schema is `schemas/jobplus.PassingOnEnded.json`.

**Notices.** A partner that was let tells the centre something on topics of its own, `partners.NAME.KIND`: what the
centre is said to *receive* here, the partner sends. All of it is a draft: the centre takes notices in, and acts on none
yet.
"""

NOTICES = """\
Written by one partner alone, by a user that the centre's operators have let write it: the file of credentials names
the topic under `writes`. Keyed by the partner's own number of the client. Every record is kept for ever. What can't be
read holds nothing up: `GET /notices/unread` of the feed lists it with the reason."""

PARTNER = "The partner's name, as its file of credentials has it: lower-case letters, digits and dashes."


def channel(topic: Topic) -> str:
    """Say how a topic's records are keyed, ordered and kept."""
    kept = (
        f"Compacted: the last record of each {topic.key} is kept, and one without a value removes it."
        if topic.compacted
        else "Every record is kept for ever."
    )
    outside = "" if topic in GRANTED_TOPICS else " For the centre's own services: nobody outside is let read it."
    return f"Published by {topic.owner} alone. Events of one {topic.key} are in order. {kept}{outside}"
