"""The settings that every service has, read from the environment (prefix JOBPLUS_) and from nowhere else."""

import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from chassis.days import day
from chassis.http.addresses import networks_of
from chassis.http.rates import rate_of, rates_of


def _read_by(read: Callable[[str], object]) -> AfterValidator:
    """Refuse a text that can't be read, for the reason that its reader gives."""

    def check(text: str) -> str:
        read(text)
        return text

    return AfterValidator(check)


def _day_if_any(text: str) -> date | None:
    """Read a day (raises ValueError); an empty text is none, as docker-compose.yml hands on what isn't set."""
    return day(text) if text else None


class KafkaSettings(BaseSettings):
    """What a Kafka client needs to know; the job that makes the topics reads these alone."""

    model_config = SettingsConfigDict(env_prefix="JOBPLUS_", frozen=True, extra="ignore")

    kafka_servers: str = Field(min_length=1, description="Kafka's brokers, host:port, separated by commas")
    kafka_security: Literal["PLAINTEXT", "SSL", "SASL_SSL"] = Field(
        "PLAINTEXT", description="How to talk to Kafka; SASL_SSL uses SCRAM-SHA-512"
    )
    kafka_ca_file: Path | None = Field(None, description="Certificate authority of Kafka's brokers (PEM)")
    kafka_user: str | None = Field(None, description="User for SASL")
    kafka_password_file: Path | None = Field(None, description="File that holds the SASL password")

    @model_validator(mode="after")
    def _whole_sasl(self) -> Self:
        if self.kafka_security == "SASL_SSL" and not (self.kafka_user and self.kafka_password_file):
            raise ValueError("JOBPLUS_KAFKA_SECURITY=SASL_SSL needs JOBPLUS_KAFKA_USER and JOBPLUS_KAFKA_PASSWORD_FILE")
        if self.kafka_security == "PLAINTEXT" and (self.kafka_ca_file or self.kafka_password_file):
            raise ValueError(
                "JOBPLUS_KAFKA_CA_FILE and JOBPLUS_KAFKA_PASSWORD_FILE need another JOBPLUS_KAFKA_SECURITY"
            )
        return self


class ServiceSettings(KafkaSettings):
    """What a process of a service needs to know of its surroundings."""

    environment: Literal["local", "test", "production"] = Field(
        description="Where this runs; production refuses a simulated clock, Kafka by PLAINTEXT and PostgreSQL without "
        "TLS"
    )
    clock: Literal["system", "simulated"] = Field("system", description="Where domain time comes from")
    opened_on: Annotated[date | None, BeforeValidator(_day_if_any)] = Field(
        None,
        description="The centre's first day, as 2009-01-28: days before it are refused for whatever goes on in the "
        "centre, by hand and in imports; the same for every service. If not given, none is too early",
    )
    centre: str = Field(
        "main",
        pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$",
        max_length=40,
        description="The centre's code, which each event names: lower-case letters and digits, with dashes between "
        "them; the same for every service",
    )
    database_host: str = Field(min_length=1, description="PostgreSQL's host name or address")
    database_port: int = Field(5432, ge=1, le=65535, description="PostgreSQL's port")
    database_name: str = Field(min_length=1, description="The service's own database")
    database_user: str = Field(min_length=1, description="The service's own role")
    database_password_file: Path = Field(description="File that holds the role's password")
    database_tls: bool = Field(False, description="Ask PostgreSQL for TLS and check its certificate")
    database_ca_file: Path | None = Field(
        None, description="Certificate authority of PostgreSQL (PEM); the system's authorities otherwise"
    )
    database_pool: int = Field(
        8, ge=2, le=100, description="Connections a process may hold, three quarters of them for reads"
    )
    jwks: str = Field(description="The keys that sign tokens: path of a JWKS file, or an https address")
    token_issuer: str = Field("jobplus", description="Issuer that a token must name")
    token_audience: str = Field("jobplus", description="Audience that a token must name, alone or among others")
    token_types: str = Field(
        "JWT,at+jwt",
        pattern=r"^[\w.+/-]+(,[\w.+/-]+)*$",
        description="Types of token (typ) that are taken, separated by commas; one that names none is a JWT",
    )
    token_own_claims: str = Field(
        "counsellor=counsellor_id,employer=employer_id",
        pattern=r"^\w+=[\w:./-]+(,\w+=[\w:./-]+)*$",
        description="By role, the claim that names the record which a token's bearer is: the counsellor, the firm",
    )
    token_joining_claim: str = Field(
        "business_number", description="The claim by which a firm that has no record yet may join: its number"
    )
    token_life_minutes: int = Field(60, ge=1, le=1440, description="Longest life of a token, from iat to exp")
    keys_good_minutes: int = Field(
        60, ge=1, le=1440, description="How long known keys serve while their source is away; then 503"
    )
    http_host: str = Field("127.0.0.1", description="Address to listen on")
    http_port: int = Field(8000, ge=1, le=65535, description="Port of the interface, where a process has one")
    health_port: int = Field(
        8001, ge=1, le=65535, description="Port of health and metrics, in every process; never to be published"
    )
    docs: bool | None = Field(
        None, description="Serve /docs and /openapi.json, to anybody; if not given, anywhere but in production"
    )
    trusted_proxies: Annotated[str, _read_by(networks_of)] = Field(
        "",
        description="Networks of the proxies before this, separated by commas: where one of them passes a request on, "
        "it comes from the last address in X-Forwarded-For that is none of theirs",
    )
    replicas: int = Field(
        1, ge=1, le=100, description="How many processes share what an interface is asked: each allows its part"
    )
    request_limits: Annotated[str, _read_by(rates_of)] = Field(
        "any=5/100,manager:bulk=50/500,operator=20/200",
        description="Requests that one subject may make, by role: PER_SECOND/BURST, or none; `any` is every role that "
        "is not named, ROLE:bulk the role's bulk requests. `none` alone limits nobody",
    )
    address_limit: Annotated[str, _read_by(rate_of)] = Field(
        "10/200",
        description="Requests that may come from one address without a token that is valid and known by now: "
        "PER_SECOND/BURST, or none",
    )
    open_limit: Annotated[str, _read_by(rate_of)] = Field(
        "50/1000",
        description="Requests that may come from one address for what everybody may see without a token: "
        "PER_SECOND/BURST, or none. A whole office may have one address",
    )
    costly_reads: int = Field(
        4,
        ge=1,
        le=99,
        description="Figures and rankings that may be asked for at once, in a process: less than its connections",
    )
    costly_reads_each: int = Field(2, ge=1, le=99, description="How many of them one subject may ask for at once")
    bulk_requests: int = Field(4, ge=1, le=99, description="Bulk requests that may go on at once, in a process")
    bulk_requests_each: int = Field(2, ge=1, le=99, description="How many of them one subject may have at once")
    command_wait_seconds: float = Field(
        0.5,
        ge=0.01,
        le=30,
        description="So long may those before it take until a command is decided, by how long commands take at the "
        "moment; one that would wait for longer is refused before it is read",
    )
    outbox_limit: int = Field(
        1_000_000,
        ge=1,
        description="Events that may wait in the outbox, about 1 KB each, as while Kafka is away; then commands are "
        "refused",
    )
    read_seconds: float = Field(5.0, ge=0.1, le=30, description="Longest time of a statement that only looks")
    request_seconds: float = Field(
        30.0, ge=1, le=600, description="Longest time of a request, from its first line until its answer begins"
    )
    bulk_seconds: float = Field(120.0, ge=1, le=3600, description="The same for a bulk request")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level logged")
    idempotency_days: int = Field(7, ge=1, le=90, description="Days that an Idempotency-Key is remembered")
    taken_years: int = Field(
        5,
        ge=1,
        le=100,
        description="Years that a row of an import is known again by its import and `ref`; until then it is taken once",
    )
    inbox_days: int = Field(30, ge=1, le=365, description="Days that a consumed event's id is remembered")
    published_days: int = Field(
        7,
        ge=0,
        le=90,
        description="Days that a published event is kept, to be sent again where Kafka has lost it; 0 keeps none",
    )
    relay_poll_seconds: float = Field(
        1.0,
        ge=0.01,
        le=30,
        description="Seconds after which a relay looks for events that nothing woke it for: so late is an event, at "
        "most, when the notification of its commit was lost",
    )
    due_poll_seconds: float = Field(
        1.0,
        ge=0.01,
        le=30,
        description="Seconds after which due work is looked for when nothing woke its relay: so late, at most, a day "
        "begins",
    )
    due_rest_seconds: float = Field(
        0.2,
        ge=0.01,
        le=30,
        description="Seconds between two looks for due work at the least, however much is committed meanwhile",
    )
    leadership_seconds: float = Field(
        1.0,
        ge=0.05,
        le=4,
        description="Seconds between a standing-by relay's tries to lead, and between a leading one's looks whether "
        "it still does",
    )
    look_seconds: float = Field(
        0.5,
        ge=0.05,
        le=2,
        description="Seconds between a worker's looks at where its partitions end, by which `/status` tells its lag "
        "and whether all has settled",
    )
    kafka_fetch_wait_seconds: float = Field(
        0.5,
        ge=0.01,
        le=5,
        description="Seconds that Kafka keeps a worker's fetch waiting while there is nothing to read; a look at where "
        "partitions end may wait behind it",
    )
    kafka_session_seconds: float = Field(
        12.0,
        ge=0.5,
        le=60,
        description="Seconds without a heartbeat after which Kafka gives a worker's partitions to others; a broker "
        "takes no less than its `group.min.session.timeout.ms`, 6 s by default",
    )
    kafka_heartbeat_seconds: float = Field(
        3.0,
        ge=0.1,
        le=20,
        description="Seconds between a worker's heartbeats, a third of JOBPLUS_KAFKA_SESSION_SECONDS at most",
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.environment == "production" and self.clock == "simulated":
            raise ValueError("JOBPLUS_CLOCK=simulated is refused where JOBPLUS_ENVIRONMENT=production")
        if self.environment == "production" and self.kafka_security == "PLAINTEXT":
            raise ValueError("JOBPLUS_KAFKA_SECURITY=PLAINTEXT is refused where JOBPLUS_ENVIRONMENT=production")
        if self.environment == "production" and not self.database_tls:
            raise ValueError("JOBPLUS_DATABASE_TLS must be true where JOBPLUS_ENVIRONMENT=production")
        if self.database_ca_file and not self.database_tls:
            raise ValueError("JOBPLUS_DATABASE_CA_FILE needs JOBPLUS_DATABASE_TLS=true")
        if 3 * self.kafka_heartbeat_seconds > self.kafka_session_seconds:
            raise ValueError("JOBPLUS_KAFKA_HEARTBEAT_SECONDS may be a third of JOBPLUS_KAFKA_SESSION_SECONDS at most")
        if self.health_port == self.http_port:
            raise ValueError("JOBPLUS_HEALTH_PORT must be another than JOBPLUS_HTTP_PORT")
        if self.costly_reads >= self.database_pool:
            raise ValueError("JOBPLUS_COSTLY_READS must be less than JOBPLUS_DATABASE_POOL")
        return self

    @property
    def has_docs(self) -> bool:
        """Whether the interface tells of itself."""
        return self.environment != "production" if self.docs is None else self.docs

    def database_password(self) -> str:
        """Read the role's password (raises OSError when its file can't be read)."""
        return self.database_password_file.read_text().strip()


Settings = TypeVar("Settings", bound=KafkaSettings)


def read(kind: type[Settings], **given: str) -> Settings:
    """Read the settings, apart from those given, or end the process with one line for each that is wrong or missing."""
    try:
        settings = kind(**given)  # pyright: ignore[reportArgumentType]  (the values come from the environment)
    except ValidationError as error:
        for found in error.errors():
            said = found["msg"].removeprefix("Value error, ")
            print(f"{_variable(*found['loc'])}: {said}" if found["loc"] else said, file=sys.stderr)
        sys.exit(2)
    unreadable = list(_unreadable(settings))
    for line in unreadable:
        print(line, file=sys.stderr)
    if unreadable:
        sys.exit(2)
    return settings


def _variable(*path: int | str) -> str:
    return "JOBPLUS_" + "_".join(str(part) for part in path).upper()


def _unreadable(settings: KafkaSettings) -> Iterator[str]:
    """Say which files that settings name can't be read."""
    for name, value in settings:
        if isinstance(value, Path) or (name == "jwks" and not str(value).startswith("https://")):
            try:
                Path(value).read_bytes()
            except OSError as error:
                yield f"{_variable(name)}: {error}"
