"""What a benchmark ran with: the settings in force of Kafka, PostgreSQL, the services and their clients."""

import platform
from collections.abc import Mapping
from importlib.metadata import version

import psutil
import psycopg

from chassis.stream import kafka
from jobplus.stack.local import Stack
from jobplus.stack.ports import SERVICES
from jobplus.stack.processes import KAFKA

_POSTGRESQL = (
    "server_version",
    "fsync",
    "synchronous_commit",
    "full_page_writes",
    "shared_buffers",
    "max_wal_size",
    "checkpoint_timeout",
    "wal_compression",
    "max_connections",
    "jit",
)
_PLACES = ("_FILE", "_JWKS", "_HOST", "_PORT", "_SERVERS", "_USER", "_NAME", "_ADDRESS", "_ISSUER", "_CLIENT_ID", "_OF")
"""How variables end that name a place of this machine, or a service."""


def settings_of(stack: Stack) -> dict[str, dict[str, str]]:
    """Give what a stack runs with, whose Kafka and PostgreSQL run; of the services what isn't the default."""
    pid = stack.pid(KAFKA)
    java = psutil.Process(pid).cmdline() if pid else []
    with psycopg.connect(stack.database_url()) as connection:
        in_force = dict(connection.execute("SELECT name, current_setting(name) FROM pg_settings").fetchall())
    given = {service: _given(stack.environment(service)) for service in SERVICES}
    shared = dict(set.intersection(*(set(told.items()) for told in given.values())))
    own = {service: {name: told[name] for name in told if name not in shared} for service, told in given.items()}
    return {
        "Kafka": {
            "java": " ".join(option for option in java if option.startswith("-X") and "/" not in option),
            "brokers": "1",
        },
        "PostgreSQL": {name: in_force[name] for name in _POSTGRESQL},
        "services": dict(sorted(shared.items())),
        **{service: told for service, told in own.items() if told},
        "clients": {
            "producer": "acks=all, idempotent, lz4, linger 2 ms",
            "consumer": f"at most {kafka.MOST_RECORDS} records at once",
        },
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("aiokafka", "asyncpg", "fastapi", "faststream", "faust-streaming")},
        },
    }


def _given(environment: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value
        for name, value in sorted(environment.items())
        if name.startswith("JOBPLUS_") and not name.endswith(_PLACES)
    }
