"""What registrations are measured against: `python -m jobplus.bench.peers no_database|plain_insert|dual_write`.

All take their settings from the environment, as intake does.
"""

import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import uuid_utils.compat as uuids
import uvicorn
from aiokafka import AIOKafkaProducer
from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel

from chassis.batch.decisions import Accepted, Asked, Outcome
from chassis.database import db
from chassis.http import app as http
from chassis.http.auth import Verifier
from chassis.running.lifecycle import tune_garbage_collection
from chassis.running.settings import read
from chassis.stream import kafka
from contracts.topics import SEEKERS, Topic
from services.intake import seekers
from services.intake.bootstrap import blueprint
from services.intake.settings import IntakeSettings


class _KeepsNothing:
    """Stands where the group commit stands, and answers at once."""

    async def submit(self, asked: Asked) -> Outcome:
        return Accepted(answer={"seeker_id": asked.command.seeker_id})


def no_database(settings: IntakeSettings) -> FastAPI:
    """The same app's POST, with authentication and validation but no database."""
    tune_garbage_collection()  # as every process of a service
    return http.app(
        "no database",
        "",
        [seekers.api.router],
        verifier=Verifier(settings),
        group_commit=_KeepsNothing(),
        handler=None,
        **blueprint(settings).state,
    )


class PlainSeeker(BaseModel):
    """The same form, without our rules."""

    name: str
    birth_date: str
    phone: str
    gender: str
    district: str
    wanted_occupations: list[str]


class PlainAnswer(BaseModel):
    seeker_id: UUID


def plain_insert(settings: IntakeSettings) -> FastAPI:
    """What one would write first: FastAPI and asyncpg, one INSERT a request, nothing published."""
    pools: list[db.Pool] = []

    @asynccontextmanager
    async def connected(_: FastAPI) -> AsyncGenerator[None]:
        async with asyncpg.create_pool(**db.connect_arguments(settings), min_size=8, max_size=8) as pool:
            await pool.execute(
                """CREATE TABLE IF NOT EXISTS plain_seeker (seeker_id uuid PRIMARY KEY, name text, birth_date text,
                   phone text, gender text, district text, wanted_occupations text[])"""
            )
            pools.append(pool)
            yield

    app = FastAPI(lifespan=connected)

    @app.post("/seekers", status_code=201, response_model=PlainAnswer)
    async def register(form: PlainSeeker) -> Any:
        seeker_id = uuids.uuid7()
        await pools[0].execute(
            "INSERT INTO plain_seeker VALUES ($1, $2, $3, $4, $5, $6, $7)",
            seeker_id,
            form.name,
            form.birth_date,
            form.phone,
            form.gender,
            form.district,
            form.wanted_occupations,
        )
        return {"seeker_id": seeker_id}

    return app


def dual_write(settings: IntakeSettings) -> FastAPI:
    """The usual way to publish: the INSERT, then the event is sent to Kafka and its acknowledgement awaited. A crash
    between the two loses the event, so it promises less than an outbox does."""
    made = plain_insert(settings)
    (route,) = (route for route in made.routes if isinstance(route, APIRoute))
    insert, connected = route.endpoint, made.router.lifespan_context
    made.router.routes.remove(route)
    producers: list[AIOKafkaProducer] = []

    @asynccontextmanager
    async def with_kafka(app: FastAPI) -> AsyncGenerator[None]:
        async with connected(app), kafka.producer(settings) as producer:
            producers.append(producer)
            yield

    made.router.lifespan_context = with_kafka

    @made.post("/seekers", status_code=201, response_model=PlainAnswer)
    async def register(form: PlainSeeker) -> Any:
        answer = await insert(form)
        event = {"type": "SeekerRegistered", **answer, **form.model_dump()}
        await producers[0].send_and_wait(DUAL_WRITTEN.name, orjson.dumps(event), key=str(answer["seeker_id"]).encode())
        return answer

    return made


DUAL_WRITTEN = Topic("bench.dual-written", "seeker", SEEKERS.partitions, "intake")
PEERS = {"no_database": no_database, "plain_insert": plain_insert, "dual_write": dual_write}


def main() -> None:
    settings = read(IntakeSettings)
    uvicorn.run(
        PEERS[sys.argv[1]](settings),
        host=settings.http_host,
        port=settings.http_port,
        access_log=False,
        log_level="warning",
        http="httptools",
        loop="uvloop",
    )


if __name__ == "__main__":
    main()
