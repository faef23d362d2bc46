"""The version of a record that is changed: its ETag in an answer, and the If-Match of a change."""

from typing import Annotated

import orjson
from fastapi import Header, Response

from chassis.http.problem_responses import Problem
from chassis.problems import VERSION_CHANGED, VERSION_MISSING

IfMatch = Annotated[
    str | None, Header(max_length=40, description="The ETag of the record, as it was read or answered before")
]


def etag(version: int) -> str:
    """Give the ETag of a version."""
    return f'"{version}"'


def with_etag(answer: Response) -> Response:
    """Show the `version` that an answer tells as its ETag as well."""
    answer.headers["ETag"] = etag(orjson.loads(answer.body)["version"])
    return answer


def version_in(if_match: str | None) -> int | None:
    """Read the version from an If-Match, None where there is none (raises Problem where no record ever had it)."""
    if if_match is None:
        return None
    tag = if_match.strip()
    number = tag[1:-1]
    if not (tag == f'"{number}"' and number.isascii() and number.isdigit()):
        raise Problem(VERSION_CHANGED, f"If-Match {tag} is no ETag of a record", "If-Match")
    return int(number)


def needed_version_in(if_match: str | None) -> int:
    """Read the version from an If-Match that has to be there (raises Problem)."""
    version = version_in(if_match)
    if version is None:
        raise Problem(VERSION_MISSING, "read the record, and send its ETag as If-Match", "If-Match")
    return version
