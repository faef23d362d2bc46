"""The feed's settings."""

from pydantic import Field, field_validator

from chassis.running.settings import ServiceSettings
from contracts.notices import NoticeTopic, topic_named


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

    @field_validator("feed_notice_topics")
    @classmethod
    def _are_partners(cls, given: str) -> str:
        for name in _split(given):
            topic_named(name)
        return given

    @property
    def notice_topics(self) -> tuple[NoticeTopic, ...]:
        """The topics of partners' own."""
        return tuple(topic_named(name) for name in _split(self.feed_notice_topics))


def _split(given: str) -> list[str]:
    return [name.strip() for name in given.split(",") if name.strip()]
