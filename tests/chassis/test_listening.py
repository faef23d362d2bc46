"""Many connections that come at the same time are taken up at the same time, however long a round of the event loop
takes; and a server that has nothing to do does nothing."""

import asyncio
import socket
from contextlib import ExitStack
from typing import cast

import pytest
import uvicorn
import uvloop
from fastapi import FastAPI

from chassis.running import lifecycle
from chassis.running.lifecycle import EARS, Server, listening
from tests.kit.waiting import until_async

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


async def test_a_server_with_nothing_to_do_is_woken_by_its_end_and_answers_say_their_date(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lifecycle, "TICK_SECONDS", 600.0)
    server = Server(uvicorn.Config(FastAPI(), host="127.0.0.1", port=0, lifespan="off", loop="none", log_config=None))
    ears = listening(server.config)

    async def started() -> bool:
        return server.started

    serving = asyncio.create_task(server.serve(ears))
    await until_async(started, "the server has started")
    async with asyncio.timeout(60):
        reader, writer = await asyncio.open_connection(*ears[0].getsockname())
        writer.write(b"GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")
        answer = await reader.read()
        writer.close()
    assert b"\r\ndate: " in answer
    server.end()
    async with asyncio.timeout(60):
        await serving
