"""A partner of the feed's, and the clients of whom it hears, for the benchmarks of both ways over which it may."""

import asyncio
from collections.abc import Sequence

import orjson

from jobplus.bench.load import registration
from jobplus.client import Client


async def linked_sessions(intake: Client, feed: Client, partner: str, clients: int) -> Sequence[bytes]:
    """Register clients, have their sessions granted to a partner, and link them; gives a session of each, as a request
    to intake has it."""
    counsellor = await intake.post("/counsellors", orjson.dumps({"name": "이", "groups": ["youth"]}), "counsellor")
    grant = {"partner": partner, "ground": "law", "law": "bench", "types": {"jobplus.SessionHeld": ["occurred_on"]}}
    await feed.post("/grants", orjson.dumps(grant), "grant")

    async def made(number: int) -> bytes:
        seeker = (await intake.post("/seekers", registration(number), f"seeker-{number}"))["seeker_id"]
        link = {"partner": partner, "client_number": f"W-{number}", "seeker_id": seeker}
        await feed.post("/links", orjson.dumps(link), f"link-{number}")
        session = {"client_id": seeker, "counsellor_id": counsellor["counsellor_id"], "kind": "job"}
        return orjson.dumps({**session, "channel": "call", "minutes": 10})

    return await asyncio.gather(*(made(number) for number in range(clients)))
