"""A page a notice, which partners write on topics of their own: what it means, its fields, and a sample."""

import json

from chassis.words import Language
from contracts.notices import NOTICES, Notice, NoticeTopic
from jobplus.site.events import CONTRACTS, fields, head, sample
from jobplus.site.words import told


def page(notice: type[Notice], language: Language) -> str:
    """Write a notice's page."""
    schema = json.loads((CONTRACTS / "notices" / "schemas" / f"{notice.type}.json").read_text())
    rows = [
        ("Type", f"`{notice.type}`"),
        ("In Korean", notice.korean if language == "en" else ""),
        ("Topic", f"`{NoticeTopic('NAME', notice.kind).name}`"),
        ("Key", "`client_number`"),
        ("Written by", told("the partner NAME alone", language)),
        ("Stability", told(notice.stability, language)),
        ("Schema", f"`{schema['$id']}`"),
    ]
    lines = [
        *head(notice, rows, language),
        *fields(schema, language),
        *sample(CONTRACTS / "notices" / "samples" / f"{notice.type}.json", language),
    ]
    return "\n".join(lines)


def listed() -> str:
    """List the pages below the guide's page about notices, which the way through the site leads by."""
    return "\n".join(
        ["", "```{toctree}", ":hidden:", "", *(f"notices/{one.__name__}" for one in NOTICES.values()), "```", ""]
    )
