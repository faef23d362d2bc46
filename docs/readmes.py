"""The README of each service and of the chassis, from what the code says: purpose, topics, rooms.

A service's story, one way through it that shows how it works with the others, is written by hand in its `story.mmd`.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from chassis.running.service import Blueprint
from contracts import EVENTS, TOPICS

ROOT = Path(__file__).parents[1]
WRITTEN = "Written by `python docs/generate.py`; change what it is written from."


def of_service(service: str, blueprint: Blueprint) -> str:
    """The README of a service."""
    folder = ROOT / "services" / service
    first, _, purpose = blueprint.purpose.strip().partition("\n\n")
    heard: dict[str, list[str]] = {topic: ["every event"] for topic in blueprint.topics}
    for subscription in blueprint.subscriptions:
        of_topic = heard.setdefault(subscription.event.topic.name, [])
        of_topic.extend(name for name in [subscription.event.__name__] if name not in of_topic)
    lines = [
        f"# {service}",
        "",
        first,
        "",
        purpose,
        "",
        f"{WRITTEN} The topics are those of `subscriptions.py` and",
        "`contracts/`, the story is `story.mmd`, the rooms are told by their own first lines.",
        "",
        "## A story",
        "",
        "```mermaid",
        (folder / "story.mmd").read_text().rstrip(),
        "```",
        "",
        "## Topics",
        "",
        "| it publishes on | the events |",
        "|---|---|",
        *(f"| `{topic.name}` | {', '.join(_events(topic.name))} |" for topic in TOPICS if topic.owner == service),
        "",
        "| it hears on | the events |",
        "|---|---|",
        *(f"| `{topic}` | {', '.join(events)} |" for topic, events in heard.items()),
        "",
        "What follows from each is in [docs/listens.md](../../docs/listens.md).",
        "",
        "## Rooms",
        "",
        "| room | what it is for |",
        "|---|---|",
        *(f"| `{path.parent.name}/` | {_told(path)} |" for path in sorted(folder.glob("*/__init__.py")) if _told(path)),
        *(f"| `{path.name}` | {_told(path)} |" for path in sorted(folder.glob("*.py")) if path.name != "__init__.py"),
        "",
        "Which file of a slice holds what is in [docs/architecture.md](../../docs/architecture.md#the-rooms).",
    ]
    return "\n".join(lines) + "\n"


def of_chassis() -> str:
    """The README of the chassis."""
    folder = ROOT / "chassis"
    rooms = [path.parent for path in sorted(folder.glob("*/__init__.py"))]
    lines = [
        "# chassis",
        "",
        *_docstring(folder / "__init__.py").strip().splitlines(),
        "",
        f"{WRITTEN} Each module is told by its own first lines.",
        "",
        "| module | what it is for |",
        "|---|---|",
        *_modules(folder),
    ]
    for room in rooms:
        lines += [
            "",
            f"## {room.name}",
            "",
            _told(room / "__init__.py"),
            "",
            "| module | what it is for |",
            "|---|---|",
        ]
        lines += _modules(room)
    return "\n".join(lines) + "\n"


def _modules(folder: Path) -> list[str]:
    return [f"| `{path.name}` | {_told(path)} |" for path in sorted(folder.glob("*.py")) if path.name != "__init__.py"]


def told_in_stories(service: str) -> Iterator[tuple[str, str, str]]:
    """What a service's story tells: who, to whom, and what."""
    for line in (ROOT / "services" / service / "story.mmd").read_text().splitlines():
        parts, _, what = line.strip().partition(": ")
        for arrow in ("-->>", "->>"):
            if arrow in parts:
                who, _, whom = parts.partition(arrow)
                yield who, whom, what
                break


def _events(topic: str) -> list[str]:
    return [event.__name__ for event in EVENTS.values() if event.topic.name == topic]


def _docstring(path: Path) -> str:
    return ast.get_docstring(ast.parse(path.read_text())) or ""


def _told(path: Path) -> str:
    """The first sentences of a module's docstring, up to its first empty line."""
    return " ".join(_docstring(path).split("\n\n")[0].split()).replace("|", "\\|")
