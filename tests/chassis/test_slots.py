"""Reads that cost much: so many at once, and so many of one subject; the others are told to come again."""

import asyncio
from pathlib import Path

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from chassis.batch.decisions import Actor
from chassis.batch.owners import NOBODY
from chassis.http import app as http
from chassis.http.access import Door
from chassis.http.auth import Verifier
from chassis.http.calls import reads
from chassis.http.slots import COSTLY, Slots
from jobplus.stack.keys import jwks_file, sign_token
from tests.chassis.asking import Answer, ask
from tests.chassis.test_tokens import settings_with
from tests.kit.waiting import until_async
from tests.test_parameters import BLUEPRINTS


class Rankings:
    """A service whose rankings go on until they are let end: three at once, and two of one subject."""

    def __init__(self, keys: Path) -> None:
        self._keys = keys
        self.going_on = 0
        self.end = asyncio.Event()
        router = APIRouter()

        @router.get("/ranking", dependencies=[COSTLY])
        async def ranking(fails: bool = False, _: Actor = reads(Door(("counsellor",), NOBODY))) -> dict[str, str]:
            if fails:
                raise RuntimeError("as a broken query")
            self.going_on += 1
            await self.end.wait()
            self.going_on -= 1
            return {}

        verifier = Verifier(settings_with(str(jwks_file(keys))))
        self.app: FastAPI = http.app("rankings", "", [router], verifier=verifier, slots=Slots(3, 2))

    async def ask(self, subject: str, query: str = "") -> Answer:
        token = sign_token(self._keys, "counsellor", subject=subject)
        return await asyncio.wait_for(ask(self.app, "GET", "/ranking", token, query=query), 10)

    async def begin(self, subject: str) -> asyncio.Task[Answer]:
        """Ask, and come back once it goes on."""
        before = self.going_on
        asking = asyncio.create_task(self.ask(subject))

        async def begun() -> bool:
            return self.going_on > before

        await until_async(begun, "the ranking goes on")
        return asking


@pytest.fixture
async def rankings(keys: Path) -> Rankings:
    return Rankings(keys)


async def test_a_subject_has_so_many_at_once_and_others_are_not_kept_from_theirs(rankings: Rankings) -> None:
    begun = [await rankings.begin("c-1"), await rankings.begin("c-1")]
    refused = await rankings.ask("c-1")
    assert (refused.status, refused.headers[b"retry-after"]) == (429, b"1")
    assert refused.problem["type"] == "urn:jobplus:problem:too-many-reads"
    assert refused.problem["detail"].startswith("2 reads of this kind are still going on for this subject")

    begun.append(await rankings.begin("c-2"))
    rankings.end.set()
    assert [(await each).status for each in begun] == [200, 200, 200]


async def test_a_process_has_so_many_at_once_of_all_subjects(rankings: Rankings) -> None:
    begun = [await rankings.begin(subject) for subject in ("c-1", "c-2", "c-3")]
    refused = await rankings.ask("c-4")
    assert (refused.status, refused.problem["detail"]) == (429, "3 reads of this kind are going on; come again in 1 s")
    rankings.end.set()
    assert [(await each).status for each in begun] == [200, 200, 200]
    assert (await rankings.ask("c-4")).status == 200


async def test_a_place_is_free_again_after_a_read_that_fails_or_is_given_up(rankings: Rankings) -> None:
    for _ in range(2):
        assert (await rankings.ask("c-1", "fails=true")).status == 500
    for asking in [await rankings.begin("c-1"), await rankings.begin("c-1")]:
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
    rankings.end.set()
    assert (await rankings.ask("c-1")).status == 200


def test_figures_and_rankings_are_costly() -> None:
    costly = {
        route.path
        for blueprint in BLUEPRINTS
        for router in blueprint.routers
        for route in router.routes
        if isinstance(route, APIRoute) and COSTLY in route.dependencies
    }
    assert costly == {
        "/figures",
        "/figures/corrections",
        "/figures/monthly",
        "/figures/split",
        "/figures/unplaced",
        "/targets/backtest",
        "/vacancies/{vacancy_id}/candidates",
        "/seekers/{seeker_id}/vacancies",
    }
