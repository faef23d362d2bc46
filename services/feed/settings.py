"""The feed's settings."""

import ssl
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, field_validator, model_validator

from chassis.batch.marks import LEAST_CHARACTERS, long_enough
from chassis.http.addresses import networks_of
from chassis.running.settings import ServiceSettings
from contracts.notices import NoticeTopic, topic_named


def _networks(text: str) -> str:
    networks_of(text)
    return text


def _authority(path: Path | None) -> Path | None:
    """Refuse a file that can be read and holds no certificate authority."""
    try:
        ssl.create_default_context(cafile=path)
    except ssl.SSLError:
        raise ValueError("holds no certificate authority (PEM)") from None
    except OSError:
        pass  # that it can't be read is said of every file
    return path


class FeedSettings(ServiceSettings):
    """What the feed can be told beside what every service can."""

    feed_days: int = Field(
        30,
        ge=1,
        le=365,
        description="Days that an event stays in a partner's log: who reads nothing for longer begins again",
    )
    feed_look_seconds: float = Field(
        0.25,
        ge=0.01,
        le=5,
        description="Seconds between two looks into a partner's log while the partner waits for events",
    )
    feed_stream_seconds: float = Field(
        15.0,
        ge=0.5,
        le=20,
        description="Seconds after which a stream of events ends, and its reader comes again with the last id: less "
        "than a request may take, so that nothing stands in the way of a process that is to end",
    )
    feed_notice_topics: str = Field(
        "",
        description="The topics of partners' own that the feed takes in, separated by commas: "
        "partners.school.trainings,partners.registry.deaths",
    )
    code_minutes: int = Field(
        60, ge=1, le=1440, description="Minutes that a one-time code holds by which a resident is linked"
    )
    webhook_key_file: Annotated[Path, AfterValidator(long_enough)] = Field(
        description=f"File that holds the key, of {LEAST_CHARACTERS} characters or more, by which the secrets of "
        "webhooks are made; with another one each partner needs a new secret"
    )
    webhook_networks: Annotated[str, AfterValidator(_networks)] = Field(
        "",
        description="Networks inside that webhooks may lead to nonetheless, separated by commas, as a city's own: "
        "10.20.0.0/16. Nothing else is sent to that isn't reached from everywhere",
    )
    webhook_ca_file: Annotated[Path | None, AfterValidator(_authority)] = Field(
        None, description="Certificate authority of webhooks' receivers beside the system's (PEM), as a city's own"
    )
    webhook_http: bool = Field(
        False, description="Take webhooks without TLS, to try a receiver out; refused in production"
    )
    webhook_failures: int = Field(
        10, ge=1, le=1000, description="Failures in a row after which a webhook is paused until a handshake succeeds"
    )

    @model_validator(mode="after")
    def _webhooks_by_tls(self) -> Self:
        if self.environment == "production" and self.webhook_http:
            raise ValueError("JOBPLUS_WEBHOOK_HTTP=true is refused where JOBPLUS_ENVIRONMENT=production")
        return self

    @field_validator("feed_notice_topics")
    @classmethod
    def _are_partners(cls, given: str) -> str:
        for name in _split(given):
            topic_named(name)
        return given

    def webhook_key(self) -> bytes:
        """Read the key of webhooks' secrets (raises OSError when its file can't be read)."""
        return self.webhook_key_file.read_bytes().strip()

    @property
    def notice_topics(self) -> tuple[NoticeTopic, ...]:
        """The topics of partners' own."""
        return tuple(topic_named(name) for name in _split(self.feed_notice_topics))


def _split(given: str) -> list[str]:
    return [name.strip() for name in given.split(",") if name.strip()]
