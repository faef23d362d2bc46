"""The words of the site: English stands at the events themselves, Korean in ko.po beside this file, by the English."""

from pathlib import Path

from chassis.words import Catalogue, Language

CATALOGUE = Path(__file__).with_name("ko.po")

_CATALOGUE = Catalogue(CATALOGUE)


def told(text: str, language: Language) -> str:
    """Give a text in a language, its paragraphs as they are (raises Untranslated)."""
    return _CATALOGUE.told(text, language)
