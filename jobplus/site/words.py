"""The words of the site: English stands at the events themselves, Korean in ko.po beside this file, by the English."""

from functools import cache
from inspect import cleandoc
from pathlib import Path
from typing import Literal

from babel.messages.pofile import read_po

Language = Literal["ko", "en"]
LANGUAGES: tuple[Language, ...] = ("ko", "en")

CATALOGUE = Path(__file__).with_name("ko.po")


class Untranslated(Exception):
    """A text of the site that has no Korean: `ko.po` is to have it."""


def paragraphs(text: str) -> list[str]:
    """Give a docstring's paragraphs, each as one line: what the catalogue has a line for."""
    return [" ".join(part.split()) for part in cleandoc(text).split("\n\n")]


def told(text: str, language: Language) -> str:
    """Give a text in a language, its paragraphs as they are (raises Untranslated)."""
    return "\n\n".join(_told(part, language) for part in paragraphs(text))


def _told(text: str, language: Language) -> str:
    if language == "en":
        return text
    if not (korean := _korean().get(text)):
        raise Untranslated(f"{CATALOGUE.name} has no Korean for: {text}")
    return korean


@cache
def _korean() -> dict[str, str]:
    with CATALOGUE.open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}
