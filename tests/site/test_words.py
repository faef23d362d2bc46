"""The site says everything in both languages."""

import json
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from chassis.words import Language, Untranslated, paragraphs
from contracts.notices import NOTICES
from jobplus.site import notices
from jobplus.site.build import GUIDE, HERE
from jobplus.site.events import PUBLISHED, index, page
from jobplus.site.words import CATALOGUE, told

LISTENING = json.loads((HERE / "listening.json").read_text())


def test_each_page_of_an_event_or_a_notice_is_there_in_korean_and_nothing_is_translated_that_nobody_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = set[str]()

    def noted(text: str, language: Language) -> str:
        said.update(paragraphs(text))
        return told(text, language)

    monkeypatch.setattr("jobplus.site.events.told", noted)
    monkeypatch.setattr("jobplus.site.notices.told", noted)
    for event in PUBLISHED:
        written = page(event, LISTENING[event.__name__], "ko")
        assert event.korean in written
    for notice in NOTICES.values():
        assert notice.korean in notices.page(notice, "ko")
    index("ko")
    noted("Events of the employment centre", "ko")
    with CATALOGUE.open("rb") as file:
        translated = {str(message.id) for message in read_po(file) if message.id}
    assert said == translated


def test_a_text_without_korean_is_named() -> None:
    with pytest.raises(Untranslated, match=r"ko\.po has no Korean for: Nobody has said so yet"):
        told("Nobody has said so yet", "ko")


def test_the_guide_has_the_same_pages_and_headings_in_both_languages() -> None:
    def shape(language: str) -> dict[str, list[int]]:
        """Give each page's headings by their depth."""
        return {
            path.name: [line.index(" ") for line in path.read_text().splitlines() if line.startswith("#")]
            for path in Path(GUIDE, language).glob("*.md")
        }

    assert shape("ko") == shape("en")
    assert len(shape("ko")) >= 5
