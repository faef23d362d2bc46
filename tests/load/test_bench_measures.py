"""What benchmarks make of what they saw."""

import os
import time
from collections.abc import Mapping
from itertools import count

import pytest

from jobplus.bench import cpu, fleet, idle
from jobplus.bench.disk import year_share
from jobplus.bench.latency import Waits
from jobplus.bench.offering import BAD, BAD_EVERY, REFUSALS, offered
from jobplus.bench.overload import is_flat
from jobplus.bench.reads import PEER, Beside, Row, beside
from jobplus.bench.register import PEER_PORT
from jobplus.bench.whole import rates_of_parts
from jobplus.client import Answer, Client
from jobplus.stack.ports import all_ports


def test_waits_are_told_by_how_many_waited_no_longer() -> None:
    seconds = [number / 1000 for number in range(1000, 0, -1)]
    assert Waits.of(seconds) == Waits(0.501, 0.991, 1.0)
    assert Waits.of([0.2]) == Waits(0.2, 0.2, 0.2)
    assert str(Waits(0.0214, 0.3, 1.25)) == "21 / 300 / 1250 ms"


def test_a_row_is_told_beside_its_peer_of_the_same_rounds() -> None:
    def waits(milliseconds: float) -> Waits:
        return Waits(milliseconds / 2000, milliseconds / 1000, 1.0)

    rounds = [
        {f"{PEER} beside rank": waits(peer), "rank": waits(ours)} for peer, ours in ((10, 30), (900, 41), (10.5, 900))
    ]
    row = Row(Client("http://127.0.0.1:1", ""), (), 4)
    told = beside(rounds, {"rank": row})["rank"]
    assert told == Beside(20.5, 41.0, 5.25, 10.5, 3.9, 4)
    assert told.met
    assert not told._replace(times=4.01).met


def test_cpu_is_told_for_each_of_so_many_without_the_load_and_without_who_ended() -> None:
    before = {"intake-api": 1.0, "kafka": 4.0, "ended": 3.0, cpu.LOAD: 2.0}
    after = {"intake-api": 1.5, "kafka": 4.25, "began": 9.0, cpu.LOAD: 3.0}
    told = cpu.each(before, after, 1000)
    assert told == {"all": 750.0, cpu.LOAD: 1000.0, "intake-api": 500.0, "kafka": 250.0}
    assert list(told) == ["all", cpu.LOAD, "intake-api", "kafka"]


def test_the_cpu_of_a_process_has_that_of_children_who_are_and_who_were() -> None:
    def burn(seconds: float) -> None:
        end = time.process_time() + seconds
        while time.process_time() < end:
            pass

    def told_by_the_system() -> float:
        return sum(os.times()[:4])

    before, told = cpu.of(os.getpid()), told_by_the_system()
    child = os.fork()
    if not child:
        burn(0.3)
        os._exit(0)
    os.waitpid(child, 0)
    burn(0.2)
    used = cpu.of(os.getpid()) - before
    assert used > 0.45
    assert used == pytest.approx(told_by_the_system() - told, abs=0.1)


def test_the_rates_of_parts_are_of_what_was_counted_in_each() -> None:
    marks = [(10.0, 100), (11.0, 110), (12.0, 120), (13.0, 150), (14.0, 180), (15.0, 180), (16.0, 180)]
    assert rates_of_parts(marks, 3) == [10.0, 30.0, 0.0]


def test_what_an_idle_stack_uses_is_told_of_all_services_of_each_role_and_of_each_server() -> None:
    used = {"kafka": 4.0, "postgres": 1.0, "intake-api": 0.5, "matching-api": 0.25, "matching-worker": 2.0}
    assert idle.of_parts(used) == {
        "idle": 2.75, "api": 0.75, "worker": 2.0, "relay": 0.0, "kafka": 4.0, "postgres": 1.0,
    }  # fmt: skip


def test_a_table_that_keeps_rows_for_days_holds_so_much_of_a_year() -> None:
    assert year_share("intake.published_event") == 7 / 365
    assert year_share("matching.inbox") == 30 / 365
    assert year_share("reporting.ledger") == 1.0


def test_processes_beside_a_stack_listen_on_ports_that_neither_it_nor_the_next_stack_has() -> None:
    base = 20_000
    more = [port for role in ("api", "worker") for number in range(4) for port in fleet.ports(base, role, number)]
    taken = [*all_ports(base), base + PEER_PORT, *more]
    assert len(set(taken)) == len(taken)
    assert max(taken) < base + 100


class Answering:
    """Answers each request by what it holds: what is no form with 422, every third registration with 503, and every
    seventh not at all."""

    def __init__(self) -> None:
        self.asked = 0

    async def once(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        self.asked += 1
        if body in BAD:
            return Answer(422, b"")
        number = int(headers["Idempotency-Key"].removeprefix("register-"))
        if number % 7 == 0:
            raise ConnectionError("as one that is cut off")
        return Answer(503, REFUSALS[0]) if number % 3 == 0 else Answer(201, b"{}")


async def test_what_became_of_each_registration_that_was_offered_is_told() -> None:
    client = Answering()
    tally = await offered(client, 1000, 0.2, count())  # pyright: ignore[reportArgumentType]
    assert client.asked == 200
    good = [number for number in range(200) if number % BAD_EVERY]
    assert tally.unknown == [number for number in good if number % 7 == 0]
    assert len(tally.refused) == sum(number % 3 == 0 and number % 7 != 0 for number in good)
    assert len(tally.accepted) == sum(number % 3 != 0 and number % 7 != 0 for number in good)
    assert (tally.wrong, len(tally.late)) == (200 // BAD_EVERY, 200)
    assert not tally.others


async def test_an_answer_that_there_should_not_be_is_told_and_asked_for_again() -> None:
    class Broken:
        async def once(self, *_: object) -> Answer:
            return Answer(500, b"")

    tally = await offered(Broken(), 1000, 0.01, count())  # pyright: ignore[reportArgumentType]
    assert tally.others == {500: 10}
    assert tally.unknown == list(range(1, 10))


def test_memory_is_flat_that_grew_by_a_tenth_or_by_little() -> None:
    assert is_flat(60.0, 92.0)
    assert is_flat(1000.0, 1099.0)
    assert not is_flat(60.0, 93.0)
    assert not is_flat(1000.0, 1101.0)
