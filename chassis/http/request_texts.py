"""The texts of a request beside its body: what its address holds, its parameters, and the name that it gives itself."""

from fastapi import Request

from chassis.http.problem_responses import Problem
from chassis.problems import INVALID_REQUEST
from chassis.texts import TextRefused, check


def check_address(request: Request) -> None:
    """Refuse texts in the path and the query that aren't taken (raises Problem)."""
    for name, value in request.path_params.items():
        _check(name, value)
    if request.scope["query_string"]:
        for name, value in request.query_params.multi_items():
            _check(name, value)


def check_key(key: str) -> None:
    """Refuse an Idempotency-Key that isn't taken (raises Problem). A header is read as Latin-1: what was sent as UTF-8
    is looked at as it was written."""
    _check("Idempotency-Key", key if key.isascii() else key.encode("latin-1").decode("utf-8", "replace"))


def _check(field: str, text: str) -> None:
    try:
        check(text)
    except TextRefused as refused:
        reason = str(refused)
        raise Problem(INVALID_REQUEST, f"{field} {reason}", errors=[{"field": field, "reason": reason}]) from None
