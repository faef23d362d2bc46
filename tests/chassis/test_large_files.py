"""A file that unpacks to much, or has more than a table has, is refused at once and in little memory."""

import asyncio
import io
import itertools
import time
import zipfile

import pytest

from chassis.tables import sheets
from chassis.tables.faults import TableRefused
from chassis.tables.sheets import Sheets
from chassis.tables.tables import MOST_COLUMNS, Table, read_table
from tests.importing.centre import write_xlsx

CONTENT = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)


def names(count: int) -> bytes:
    """A header of so many different names."""
    letters = itertools.product("abcdefghijklmnopqrstuvwxyz", repeat=4)
    return ",".join("".join(name) for name in itertools.islice(letters, count)).encode()


def with_part(sheet: bytes, name: str, begin: bytes, repeated: bytes, times: int, end: bytes) -> bytes:
    """An .xlsx file one of whose parts is another: something repeated so many times."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sheet)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for part in given.namelist():
            if part != name:
                made.writestr(part, given.read(part))
        with made.open(name, "w") as large:
            large.write(begin)
            for _ in range(times // 1000):
                large.write(repeated * 1000)
            large.write(end)
    return out.getvalue()


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("sheet") / "seekers.xlsx"
    write_xlsx(path, [{"name": "one"}, {"name": "two"}])
    return path.read_bytes()


@pytest.mark.parametrize("count", [5_000, 20_000, 200_000])
def test_a_header_of_many_names_is_refused_by_its_length(count: int) -> None:
    began = time.process_time()
    with pytest.raises(TableRefused, match=f"there are {count} columns; a table has at most {MOST_COLUMNS}"):
        read_table(names(count) + b"\n", "csv", 5_000)
    assert time.process_time() - began < 2


def test_rows_are_counted_as_they_are_read() -> None:
    with pytest.raises(TableRefused, match="send 1 to 10 rows"):
        read_table(b"a\n" + b"1\n" * 400_000, "csv", 10)
    assert len(read_table(b"a\n" + b"1\n" * 10, "csv", 10).rows) == 10


@pytest.mark.parametrize(
    ("part", "begin", "repeated", "times", "end"),
    [
        ("xl/sharedStrings.xml", b"<sst>", b"<si/>", 8_000_000, b"</sst>"),
        ("xl/sharedStrings.xml", b"<sst>", b"<si/>", 3_000_000, b"</sst>"),
        (
            "xl/worksheets/sheet1.xml",
            b"<worksheet><sheetData><row>",
            b"<c/>",
            4_000_000,
            b"</row></sheetData></worksheet>",
        ),
    ],
    ids=["larger than any sheet", "unpacked to many times its size", "a row of empty cells"],
)
async def test_a_bomb_is_refused_before_it_is_unpacked(
    sheet: bytes, part: str, begin: bytes, repeated: bytes, times: int, end: bytes
) -> None:
    bomb = with_part(sheet, part, begin, repeated, times, end)
    assert len(bomb) < 1_000_000
    with pytest.raises(TableRefused, match="unpack"):
        await Sheets().read(bomb, 5_000, "counsellor/c-1")


@pytest.mark.parametrize(("memory", "seconds"), [(40_000_000, 5), (320_000_000, 0)])
async def test_a_process_that_reads_has_so_much_and_no_more(sheet: bytes, memory: int, seconds: int) -> None:
    with pytest.raises(TableRefused, match="more memory or time"):
        await Sheets(memory, seconds).read(sheet, 5_000, "counsellor/c-1")


async def test_one_caller_has_one_file_read_at_a_time(sheet: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    reading: list[str] = []
    most: list[int] = []

    async def read(body: bytes, *_: int) -> Table:
        reading.append(body.decode())
        most.append(len(reading))
        assert len(set(reading)) == len(reading), "a caller has two files read at once"
        await asyncio.sleep(0.01)
        reading.remove(body.decode())
        return Table((), [], {})

    monkeypatch.setattr(sheets, "_read_apart", read)
    lent = Sheets()
    await asyncio.gather(*(lent.read(caller.encode(), 1, caller) for caller in "aaabbbccc"))
    assert max(most) == sheets.AT_ONCE
    assert not lent._callers


async def test_a_sheet_is_read_as_it_is_in_the_same_process(sheet: bytes) -> None:
    assert await Sheets().read(sheet, 5_000, "counsellor/c-1") == read_table(sheet, "xlsx", 5_000)


async def test_an_entity_that_grows_is_refused(sheet: bytes) -> None:
    begin = (
        b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData>'
    )
    with pytest.raises(TableRefused):
        await Sheets().read(
            with_part(sheet, "xl/worksheets/sheet1.xml", begin, b"", 0, b"</worksheet>"), 5_000, "manager/m-1"
        )
