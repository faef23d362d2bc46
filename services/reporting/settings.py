"""Reporting's settings."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from chassis.running.settings import ServiceSettings
from services.reporting.sealed import secrets_in

_ORIGIN = r"^(https?://[^/?#\s@]+)?$"


def _file_if_any(text: str | Path | None) -> str | Path | None:
    """Read an empty text as none, as docker-compose.yml hands on what isn't set."""
    return text or None


def _long_enough(file: Path | None) -> Path | None:
    """Refuse a file with a short secret (raises ValueError); one that can't be read is told with all that can't."""
    if file and file.is_file():
        secrets_in(file)
    return file


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
        description="Where browsers find the pages, as https://statistics.centre.example, without a path; for "
        "sign-in, and for files that name where they are from",
    )
    oidc_issuer: str = Field(
        "",
        pattern=r"^(https?://[^?#\s@]+)?$",
        description="The identity provider by which staff sign in to their pages (OpenID Connect): its issuer, below "
        "which its discovery document is found; if not given, there is no sign-in",
    )
    oidc_client_id: str = Field("", max_length=200, description="What the provider calls the pages")
    oidc_client_secret_file: Annotated[Path | None, BeforeValidator(_file_if_any)] = Field(
        None, description="File that holds the secret by which the provider knows the pages; none for a public client"
    )
    oidc_scope: str = Field(
        "openid profile",
        pattern=r"^openid( [\w:./-]+)*$",
        description="What the provider is asked for, so that its access token is one that services take",
    )
    session_key_file: Annotated[Path | None, BeforeValidator(_file_if_any), AfterValidator(_long_enough)] = Field(
        None,
        description="File that holds the secrets, one a line, of 32 characters or more, by which sessions are sealed: "
        "by the first; those sealed by others are taken still",
    )

    live_readers: int = Field(
        1_000, ge=0, le=100_000, description="Staff who may be sent live totals at once, by each api process"
    )
    state_of: str = Field(
        "",
        pattern=r"^([a-z]+=https?://[^,/?#\s@]+(,[a-z]+=https?://[^,/?#\s@]+)*)?$",
        description="The other services whose state operators are shown, each by its name and the address of its "
        "interface, as intake=http://intake-api:8000, separated by commas; they are asked with the reader's own token",
    )

    @property
    def has_sign_in(self) -> bool:
        """Whether staff can sign in to their pages."""
        return bool(self.oidc_issuer)

    @model_validator(mode="after")
    def _whole_sign_in(self) -> Self:
        needed = {
            "JOBPLUS_OIDC_ISSUER": self.oidc_issuer,
            "JOBPLUS_OIDC_CLIENT_ID": self.oidc_client_id,
            "JOBPLUS_PAGES_ADDRESS": self.pages_address,
            "JOBPLUS_SESSION_KEY_FILE": self.session_key_file,
        }
        missing = [name for name, given in needed.items() if not given]
        if self.oidc_issuer and missing:
            raise ValueError(f"JOBPLUS_OIDC_ISSUER needs {' and '.join(missing)}")
        if self.oidc_client_id and not self.oidc_issuer:
            raise ValueError("JOBPLUS_OIDC_CLIENT_ID needs JOBPLUS_OIDC_ISSUER")
        if self.environment == "production":
            for name in ("JOBPLUS_OIDC_ISSUER", "JOBPLUS_PAGES_ADDRESS"):
                if str(needed[name]).startswith("http://"):
                    raise ValueError(f"{name} must be an https address where JOBPLUS_ENVIRONMENT=production")
        return self
