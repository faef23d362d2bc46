"""Texts for people, in Korean and English: English stands where a text is said, Korean in a catalogue (.po), by the
English."""

from functools import cached_property
from inspect import cleandoc
from pathlib import Path
from typing import Any, Literal

from babel.messages.pofile import read_po

Language = Literal["ko", "en"]
LANGUAGES: tuple[Language, ...] = ("ko", "en")
"""The first is whose pages come first."""


class Untranslated(Exception):
    """A text that has no Korean: its catalogue is to have it."""


def paragraphs(text: str) -> list[str]:
    """Give a docstring's paragraphs, each as one line: what a catalogue has a line for."""
    return [" ".join(part.split()) for part in cleandoc(text).split("\n\n")]


class Catalogue:
    """A part's texts in Korean."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def told(self, text: str, language: Language, **values: Any) -> str:
        """Give a text in a language, its paragraphs as they are, with values for what it names as `%(name)s` (raises
        Untranslated)."""
        said = "\n\n".join(self._told(part, language) for part in paragraphs(text))
        return said % values if values else said

    @cached_property
    def korean(self) -> dict[str, str]:
        """All that is there, by the English."""
        with self.path.open("rb") as file:
            return {str(message.id): str(message.string) for message in read_po(file) if message.id}

    def _told(self, text: str, language: Language) -> str:
        if language == "en":
            return text
        if not (korean := self.korean.get(text)):
            raise Untranslated(f"{self.path.name} has no Korean for: {text}")
        return korean
