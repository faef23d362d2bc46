"""Who publishes the releases: what pages and files say of the centre, as settings tell it."""

from typing import NamedTuple

from chassis.words import Language
from services.reporting.pages.words import words
from services.reporting.settings import ReportingSettings


class Publisher(NamedTuple):
    """A centre: its name in Korean and English ("" for the usual one), whom readers ask, the licence, and the address
    of its pages without a slash at the end; each "" where it isn't given."""

    korean: str = ""
    english: str = ""
    contact: str = ""
    licence: str = ""
    address: str = ""

    def centre(self, language: Language) -> str:
        """Name the centre."""
        return (self.korean if language == "ko" else self.english) or words.told("Job Plus Center", language)

    def source(self, language: Language, rest: str) -> str:
        """Give the address of a page, `rest` being its path below its language; without the host where none is set."""
        return f"{self.address}/{language}/{rest}"


def publisher(settings: ReportingSettings) -> Publisher:
    """Give whom the settings tell of."""
    return Publisher(
        settings.centre_name,
        settings.centre_name_english,
        settings.contact,
        settings.licence,
        settings.pages_address,
    )
