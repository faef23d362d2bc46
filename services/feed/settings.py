"""The feed's settings."""

from pydantic import Field

from chassis.running.settings import ServiceSettings


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
    code_minutes: int = Field(
        60, ge=1, le=1440, description="Minutes that a one-time code holds by which a resident is linked"
    )
