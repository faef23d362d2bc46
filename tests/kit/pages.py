"""Reads a list to its end, page by page: small pages, so that going on from one is tried too."""

from typing import Any

from jobplus.stack.keys import Role
from tests.kit.client import StackClient


def all_of(
    calling: StackClient, service: str, path: str, name: str, *, limit: int = 1, role: Role = "manager"
) -> list[Any]:
    """Give what a list has under a name; where two pages have the same, it is there twice."""
    found: list[Any] = []
    after = ""
    while True:
        mark = "&" if "?" in path else "?"
        page = calling.get(service, f"{path}{mark}limit={limit}{after}", role=role).json
        found += page[name]
        if page["next"] is None:
            return found
        assert len(page[name]) == limit
        before, after = after, f"&after={page['next']}"
        assert after != before, "the list goes on where it began"
