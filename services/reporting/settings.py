"""Reporting's settings."""

from pydantic import Field

from chassis.running.settings import ServiceSettings

_ORIGIN = r"^(https?://[^/?#\s@]+)?$"


class ReportingSettings(ServiceSettings):
    """What reporting needs to know beside."""

    release_limit: int = Field(
        5,
        ge=2,
        le=100,
        description="Counts of persons below it are withheld in the tables of a release, with others by which they "
        "could be told by subtraction",
    )
    release_after_days: int | None = Field(
        None,
        ge=1,
        le=90,
        description="Days after a month's end at which its figures are released by themselves; if not given, a manager "
        "releases them",
    )
    pages_public: bool = Field(
        True, description="Show the pages of the releases to anybody; if not, to whoever has a token, as all else"
    )
    contact: str = Field(
        "",
        max_length=200,
        description="Whom readers of the releases ask, on each page: an e-mail address, an https "
        "address or a text; none if not given",
    )
    licence: str = Field(
        "",
        max_length=200,
        description="The licence that the releases are published under, on each page; none if not given",
    )
    centre_name: str = Field(
        "",
        max_length=60,
        description="The centre's name in Korean, on each page and in each file; if not given, the usual one",
    )
    centre_name_english: str = Field("", max_length=60, description="The centre's name in English, in the same places")
    pages_address: str = Field(
        "",
        pattern=_ORIGIN,
        description="Where browsers find the pages, as https://statistics.centre.example, without a path; for what "
        "leaves them, as files that name where they are from",
    )
