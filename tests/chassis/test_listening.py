"""Many connections that come at the same time are taken up at the same time, however long a round of the event loop
takes."""

import asyncio
import socket
from contextlib import ExitStack
from typing import cast

import uvicorn
import uvloop

from chassis.running.lifecycle import EARS, listening

ROUNDS = 4


def test_connections_that_come_at_once_are_taken_up_within_a_few_rounds() -> None:
    taken: list[asyncio.Transport] = []

    class Taken(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            taken.append(cast(asyncio.Transport, transport))

    async def take_up() -> None:
        ears = listening(uvicorn.Config("none", host="127.0.0.1", port=0))
        servers = [await asyncio.get_running_loop().create_server(Taken, sock=ear, backlog=2048) for ear in ears]
        with ExitStack() as callers:
            for _ in range(EARS):
                callers.enter_context(socket.create_connection(ears[0].getsockname()))
            for _ in range(ROUNDS):
                await asyncio.sleep(0)
        for transport in taken:
            transport.abort()
        for server in servers:
            server.close()

    uvloop.run(take_up())
    assert len(taken) == EARS
