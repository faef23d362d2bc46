"""The table of a stack's processes: what each runs, with which environment, on which port."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from signal import Signals
from typing import Literal, cast

from jobplus.stack.home import Home
from jobplus.stack.kafka import kafka_command, kafka_environment
from jobplus.stack.keys import jwks_file
from jobplus.stack.ports import (
    FEED,
    HOST,
    ROLES,
    SERVICES,
    health_port,
    kafka_port,
    postgres_port,
    provider_port,
    service_port,
)
from jobplus.stack.postgres import postgres_command
from jobplus.stack.spawning import Detached, Launcher

KAFKA = "kafka"
POSTGRES = "postgres"
PROVIDER = "provider"
"""The identity provider for trying."""
BACK = "/ko/signed-in"
"""Where in the pages it sends people back to."""


@dataclass(frozen=True)
class Setting:
    """What a stack is started with; `extra` are more JOBPLUS_ variables, by name without the prefix.

    A `brief` stack lives for minutes: its Kafka is ready sooner, and slower in the long run. One that isn't `durable`
    may lose what was committed when the machine goes down, as PostgreSQL doesn't wait for the disk. `feed`: it has the
    partners' feed too.
    """

    home: Home
    base_port: int
    clock: Literal["simulated", "system"] = "simulated"
    environment: Literal["local", "test"] = "local"
    extra: Mapping[str, str] = field(default_factory=dict[str, str])
    brief: bool = False
    durable: bool = True
    launcher: Launcher = field(default_factory=Detached)
    feed: bool = False

    @property
    def services(self) -> tuple[str, ...]:
        """The services that it has."""
        return (*SERVICES, FEED) if self.feed else SERVICES

    @property
    def kafka_servers(self) -> str:
        """Kafka's address, for clients."""
        return f"{HOST}:{kafka_port(self.base_port)}"


LOCAL_QUOTA = {"OTHERS_SEEN_BY_MANAGERS": "1000000", "REGISTRATIONS": "0"}
"""A manager of a local stack brings whole centres in, and tries them out first; a replay and a benchmark register more
than anybody does."""


@dataclass(frozen=True)
class StackProcess:
    """One process; `service` is None for Kafka, PostgreSQL and the identity provider, `health_port` for the servers."""

    name: str
    port: int
    command: tuple[str, ...]
    environment: Mapping[str, str]
    service: str | None = None
    role: str | None = None
    health_port: int | None = None

    @property
    def ports(self) -> tuple[int, ...]:
        """Where it listens."""
        return (self.port,) if self.health_port in {None, self.port} else (self.port, cast(int, self.health_port))


def process_table(setting: Setting) -> dict[str, StackProcess]:
    """Every process of a stack by its name, in the order in which they are shown."""
    home, base_port = setting.home, setting.base_port
    servers = (
        StackProcess(
            KAFKA, kafka_port(base_port), kafka_command(home, brief=setting.brief), kafka_environment(_inherited())
        ),
        StackProcess(
            POSTGRES, postgres_port(base_port), postgres_command(home, base_port, durable=setting.durable), _inherited()
        ),
    )
    services = (_service_process(setting, service, role) for service in setting.services for role in ROLES)
    return {process.name: process for process in (*servers, *services, _provider_process(setting))}


def _provider_process(setting: Setting) -> StackProcess:
    port = provider_port(setting.base_port)
    settings = {
        "ENVIRONMENT": setting.environment,
        "PROVIDER_PORT": str(port),
        "PROVIDER_KEYS": str(setting.home.keys),
        "PROVIDER_SECRET_FILE": str(setting.home.provider_secret_file),
        "PROVIDER_BACK": _pages_address(setting) + BACK,
    }
    return StackProcess(
        name=PROVIDER,
        port=port,
        command=(sys.executable, "-m", "jobplus.stack.provider"),
        environment={**_inherited(), **{f"JOBPLUS_{name}": value for name, value in settings.items()}},
        health_port=port,
    )


def _pages_address(setting: Setting) -> str:
    return f"http://{HOST}:{service_port(setting.base_port, 'reporting', 'api')}"


def _service_process(setting: Setting, service: str, role: str) -> StackProcess:
    return StackProcess(
        name=f"{service}-{role}",
        port=service_port(setting.base_port, service, role),
        command=service_command(service, role),
        environment=service_environment(setting, service, role),
        service=service,
        role=role,
        health_port=health_port(setting.base_port, service, role),
    )


def service_command(service: str, role: str) -> tuple[str, ...]:
    """What a deployment runs, too; the role may also be `migrate`."""
    return (sys.executable, "-m", f"services.{service}", role)


def service_environment(setting: Setting, service: str, role: str) -> dict[str, str]:
    """The whole environment of a process of a service."""
    health = setting.base_port if role not in ROLES else health_port(setting.base_port, service, role)
    settings = {
        "ENVIRONMENT": setting.environment,
        "CLOCK": setting.clock,
        "DATABASE_HOST": HOST,
        "DATABASE_PORT": str(postgres_port(setting.base_port)),
        "DATABASE_NAME": service,
        "DATABASE_USER": service,
        "DATABASE_PASSWORD_FILE": str(setting.home.password_file(service)),
        "MARKS_KEY_FILE": str(setting.home.marks_key_file(service)),
        "WEBHOOK_KEY_FILE": str(setting.home.webhook_key_file),
        "KAFKA_SERVERS": setting.kafka_servers,
        "JWKS": str(jwks_file(setting.home.keys)),
        "HTTP_HOST": HOST,
        "HTTP_PORT": str(service_port(setting.base_port, service, "api")),
        "HEALTH_PORT": str(health),
        "REQUEST_LIMITS": "none",  # a replay, a benchmark or a test asks as fast as it can
        "ADDRESS_LIMIT": "none",
        "OPEN_LIMIT": "none",
        **(LOCAL_QUOTA if service == "intake" else {}),
        **(_sign_in(setting) if service == "reporting" else {}),
        **setting.extra,
    }
    return {**_inherited(), **{f"JOBPLUS_{name}": value for name, value in settings.items()}}


def _sign_in(setting: Setting) -> dict[str, str]:
    """How staff sign in to the pages: by the provider for trying."""
    return {
        "PAGES_ADDRESS": _pages_address(setting),
        "OIDC_ISSUER": f"http://{HOST}:{provider_port(setting.base_port)}",
        "OIDC_CLIENT_ID": "jobplus-pages",
        "OIDC_CLIENT_SECRET_FILE": str(setting.home.provider_secret_file),
        "SESSION_KEY_FILE": str(setting.home.session_key_file),
        "STATE_OF": ",".join(
            f"{name}=http://{HOST}:{service_port(setting.base_port, name, 'api')}"
            for name in setting.services
            if name != "reporting"
        ),
    }


def _inherited() -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("JOBPLUS_")}
    # Without it, whatever folder the command is called in could stand in for our modules.
    return {**ours, "PYTHONSAFEPATH": "1"}


def end_signal(name: str) -> Signals:
    """What ends a process at once; PostgreSQL has children, which end only when it tells them to."""
    return Signals.SIGQUIT if name == POSTGRES else Signals.SIGKILL


def stop_signal(name: str) -> Signals:
    """What asks a process to end; PostgreSQL at SIGTERM would wait for its clients to leave first."""
    return Signals.SIGINT if name == POSTGRES else Signals.SIGTERM
