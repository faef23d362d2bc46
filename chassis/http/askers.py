"""Who asks, by the token that is shown, before anything else of a request is looked at."""

from fastapi import Request, Response
from starlette.types import Scope

from chassis.batch.decisions import Actor
from chassis.http.addresses import address_of
from chassis.http.auth import NotAuthenticated, Verifier
from chassis.http.keys import KeysAway
from chassis.http.limits import Limits
from chassis.http.problem_responses import respond, token_refused


async def who_asks(scope: Scope, authorization: str | None) -> Actor | Response:
    """Tell who shows a token; gives the answer to whoever has none that is valid, or sends from an address that showed
    too many that are not known."""
    state = scope["app"].state
    verifier: Verifier = state.verifier
    limits: Limits | None = state.limits
    too_many = limits and not verifier.knows(authorization) and limits.address(address_of(scope, state.trusted))
    if too_many:
        return respond(too_many)
    try:
        return await verifier.actor(authorization)
    except (NotAuthenticated, KeysAway) as error:
        return token_refused(Request(scope), error)
