"""Texts that are tables: their encoding, what parts their columns, and their lines.

A cell between quotation marks may run over several lines. A mark that stands alone costs its own row, and no other: it
does where its line and one that it runs into both have as many separators as the first, where its cell would run over
more than MOST_CELL_LINES, or never end.
"""

import codecs
import csv
import re
from collections.abc import Iterator, Sequence

from chassis.tables.faults import Fault, TableRefused, Torn

SEPARATORS = {"comma": ",", "tab": "\t", "semicolon": ";", "pipe": "|"}
ENCODINGS = ("utf-8", "utf-16", "cp949")
MOST_CELL_LINES = 20
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_ARCHIVE = b"PK\x03\x04"
_TOLD = re.compile(f"sep=([{''.join(SEPARATORS.values())}])(?:\r\n|\r|\n)", re.IGNORECASE)
_LINE_END = re.compile(r"\r\n|\n|\r")
_QUOTED = re.compile(r'"[^"]*"')
_FIRST_OF_THREE_BYTES = "\u0800"
"""From here on UTF-8 takes three bytes for a letter, as for all of Hangul; CP949 takes two."""

Line = dict[int, str]
"""The texts of the cells that aren't empty, by their places from 0."""


def decoded(body: bytes, encoding: str | None = None, *, surely: bool = False) -> tuple[str, str]:
    """Read a text; gives it with its encoding (raises TableRefused). Where it may be UTF-8 or CP949 it is taken for
    UTF-8, or refused if it has to be read `surely`."""
    if body.startswith(_ARCHIVE):
        raise TableRefused("is_sheet")
    for way in [encoding] if encoding else _ways(body):
        try:
            text = body.decode(way)
        except UnicodeError:
            continue
        if surely and way == "utf-8" and not encoding and not text.isascii() and max(text) < _FIRST_OF_THREE_BYTES:
            _refuse_cp949(body)
        return text.removeprefix("\ufeff"), way.removesuffix("-sig").removesuffix("-le").removesuffix("-be")
    raise TableRefused("no_text")


def _ways(body: bytes) -> Sequence[str]:
    for mark, encoding in _MARKS.items():
        if body.startswith(mark):
            return (encoding,)
    if b"\0" in body[:2]:
        return ("utf-16-be" if body[0] == 0 else "utf-16-le",)
    return ("utf-8", "cp949")


def _refuse_cp949(body: bytes) -> None:
    try:
        body.decode("cp949")
    except UnicodeDecodeError:
        return
    raise TableRefused("ambiguous_encoding")


def told_separator(text: str) -> tuple[str | None, str]:
    """Take off a first line such as `sep=;`, by which sheet programs are told what parts the columns; gives that, and
    the text below."""
    told = _TOLD.match(text)
    return (told[1], text[told.end() :]) if told else (None, text)


def separator_of(text: str) -> str:
    """Tell what parts the columns, by the first line; a comma where there is one column (raises TableRefused)."""
    first = _QUOTED.sub("", _LINE_END.split(text, maxsplit=1)[0])
    found = [name for name, separator in SEPARATORS.items() if separator in first]
    if len(found) > 1:
        raise TableRefused("ambiguous_separator", separators=", ".join(found))
    return SEPARATORS[found[0]] if found else ","


def lines_of(text: str, separator: str) -> Iterator[tuple[int, Line | Torn]]:
    """Give the lines, numbered from 0: the cells, or why a line is none."""
    if '"' not in text:
        yield from enumerate(_cells(line.split(separator)) for line in _LINE_END.split(text))
        return
    lines = _LINE_END.split(text)
    most = lines[0].count(separator)
    at = number = 0
    while at < len(lines):
        taken = _lines_taken(lines, at, separator, most)
        yield number, _parsed("\n".join(lines[at : at + taken]), separator)
        at += taken
        number += 1


def _lines_taken(lines: Sequence[str], at: int, separator: str, most: int) -> int:
    """Tell over how many lines a row runs: one where a quotation mark in it stands alone."""
    quotes = lines[at].count('"')
    whole = at > 0 and lines[at].count(separator) >= most
    for taken, line in enumerate(lines[at + 1 : at + MOST_CELL_LINES], 1):
        if quotes % 2 == 0:
            return taken
        if whole and line.count(separator) >= most:
            return 1
        quotes += line.count('"')
        if quotes % 2 == 0:
            return taken + 1
    return 1


def _parsed(row: str, separator: str) -> Line | Torn:
    if '"' not in row:
        return _cells(row.split(separator))
    torn = Torn(Fault("quote"), _cells(one_line(row).split(separator)))
    if row.count('"') % 2:
        return torn
    try:
        read = list(csv.reader([row], delimiter=separator, strict=True))
    except csv.Error:
        return torn
    return _cells([one_line(cell) for cell in read[0]]) if len(read) == 1 else torn


def _cells(texts: Sequence[str]) -> Line:
    return {place: text for place, cell in enumerate(texts) if (text := cell.strip())}


def one_line(text: str) -> str:
    """Give a cell's text without what surrounds it, and with a space in place of each line end."""
    text = text.strip()
    return _LINE_END.sub(" ", text) if "\n" in text or "\r" in text else text
