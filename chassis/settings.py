"""The settings that every service has, read from the environment (prefix JOBPLUS_) and from nowhere else."""

import sys
from pathlib import Path
from typing import Literal, Self, TypeVar

from pydantic import Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class ServiceSettings(BaseSettings):
    """What a process of a service needs to know of its surroundings."""

    model_config = SettingsConfigDict(env_prefix="JOBPLUS_", frozen=True, extra="ignore")

    environment: Literal["local", "test", "production"] = Field(
        description="Where this runs; production refuses a simulated clock"
    )
    clock: Literal["system", "simulated"] = Field("system", description="Where domain time comes from")
    database_host: str = Field(description="PostgreSQL's host name or address")
    database_port: int = Field(5432, ge=1, le=65535, description="PostgreSQL's port")
    database_name: str = Field(description="The service's own database")
    database_user: str = Field(description="The service's own role")
    database_password_file: Path = Field(description="File that holds the role's password")
    database_tls: bool = Field(False, description="Ask PostgreSQL for TLS and check its certificate")
    database_pool: int = Field(8, ge=2, le=100, description="Connections a process may hold")
    kafka_servers: str = Field(description="Kafka's brokers, host:port, separated by commas")
    kafka_security: Literal["PLAINTEXT", "SSL", "SASL_SSL"] = Field(
        "PLAINTEXT", description="How to talk to Kafka; SASL_SSL uses SCRAM-SHA-512"
    )
    kafka_ca_file: Path | None = Field(None, description="Certificate authority of Kafka's brokers (PEM)")
    kafka_user: str | None = Field(None, description="User for SASL")
    kafka_password_file: Path | None = Field(None, description="File that holds the SASL password")
    jwks: str = Field(description="The keys that sign tokens: path of a JWKS file, or an https address")
    token_issuer: str = Field("jobplus-local", description="Issuer that a token must name")
    token_audience: str = Field("jobplus", description="Audience that a token must name")
    http_host: str = Field("127.0.0.1", description="Address to listen on")
    http_port: int = Field(8000, ge=1, le=65535, description="Port of the interface, or of health and metrics")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level logged")
    idempotency_days: int = Field(7, ge=1, le=90, description="Days that an Idempotency-Key is remembered")
    inbox_days: int = Field(30, ge=1, le=365, description="Days that a consumed event's id is remembered")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.environment == "production" and self.clock == "simulated":
            raise ValueError("CLOCK=simulated is refused where ENVIRONMENT=production")
        if self.kafka_security == "SASL_SSL" and not (self.kafka_user and self.kafka_password_file):
            raise ValueError("KAFKA_SECURITY=SASL_SSL needs KAFKA_USER and KAFKA_PASSWORD_FILE")
        return self

    def database_password(self) -> str:
        """Read the role's password (raises OSError when its file can't be read)."""
        return self.database_password_file.read_text().strip()


Settings = TypeVar("Settings", bound=ServiceSettings)


def read(kind: type[Settings]) -> Settings:
    """Read the settings, or end the process with one line for each that is wrong or missing."""
    try:
        settings = kind()  # pyright: ignore[reportCallIssue]  (the values come from the environment)
        settings.database_password()
    except ValidationError as error:
        for found in error.errors():
            name = "JOBPLUS_" + "_".join(str(part) for part in found["loc"]).upper() if found["loc"] else "settings"
            print(f"{name}: {found['msg']}", file=sys.stderr)
        sys.exit(2)
    except OSError as error:
        print(f"JOBPLUS_DATABASE_PASSWORD_FILE: {error}", file=sys.stderr)
        sys.exit(2)
    return settings
