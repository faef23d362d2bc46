"""The table of topics in contracts/README.md, between two marks; the rest of that page is written by hand."""

from contracts.event import EVENTS
from contracts.notices import KINDS, NOTICES, NoticeTopic
from contracts.topics import GRANTED_TOPICS, PARTNER_TOPICS

BEGIN = "<!-- topics, written by python -m contracts.generate -->\n"
END = "<!-- end of topics -->\n"


def with_topics(page: str) -> str:
    """Give the page with the table as it must be. Raises ValueError where the marks are missing."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"contracts/README.md needs the lines {BEGIN.strip()} and {END.strip()}")
    return before + BEGIN + _table() + END + after


def _table() -> str:
    rows = [
        "| topic | key | partitions | published by | events (**stable**, the others are drafts) |",
        "|---" * 5 + "|",
    ]
    for topic in PARTNER_TOPICS:
        kinds = [kind for kind in EVENTS.values() if kind.topic == topic]
        names = (f"**{kind.__name__}**" if kind.stability == "stable" else kind.__name__ for kind in kinds)
        name = f"`{topic.name}`" + (" (compacted)" if topic.compacted else "")
        name += "" if topic in GRANTED_TOPICS else ", for the centre's own services alone"
        rows.append(f"| {name} | {topic.key} | {topic.partitions} | {topic.owner} | {', '.join(names)} |")
    for kind in KINDS:
        topic = NoticeTopic("NAME", kind)
        names = ", ".join(notice.__name__ for notice in NOTICES.values() if notice.kind == kind)
        rows.append(f"| `{topic.name}` | client number | {topic.partitions} | the partner NAME | {names} |")
    return "\n".join(rows) + "\n"
