"""`jobplus import`: reads a folder's files, brings them in or tries them out, and writes back what was refused."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import uvloop
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from jobplus.importing.files import read_files
from jobplus.importing.folder import Asked, FilesRefused
from jobplus.importing.run import LOOKS, Importing
from jobplus.importing.taken import FOLDER, TakenRows
from jobplus.importing.telling import Came, FileCame, explained
from jobplus.importing.words import Language, say
from jobplus.importing.written_back import refuse_place, write_back
from jobplus.settling import Addresses
from jobplus.stack.keys import Role


@dataclass(frozen=True, slots=True)
class Meant:
    """What an import is meant to be: its name, the folder `of` whose import it is, where refused rows go (None: what is
    meant by default), whether it is only tried out, and the language of what is told."""

    name: str | None = None
    of: Path | None = None
    refused: Path | None = None
    dry_run: bool = False
    language: Language = "en"


def bring(at: Path, asked: Asked, meant: Meant, addresses: Callable[[Sequence[Role]], Addresses]) -> Came:
    """Bring in a folder or a file (raises FilesRefused, StackFailed, OptionRefused). `addresses` is told the roles that
    the files need."""
    folder = home_of(at, meant.of)
    if meant.refused is not None:
        refuse_place(meant.refused)
    files, left = read_files(at, asked)
    where = addresses(list(dict.fromkeys((LOOKS, *(file.kind.role for file in files)))))
    with _progress() as progress:
        tasks = {file.key: progress.add_task(":".join(filter(None, file.key)), total=len(file.rows)) for file in files}
        importing = Importing(
            meant.name or folder.resolve().name,
            files,
            TakenRows(folder),
            where,
            meant.dry_run,
            lambda file, rows: progress.advance(tasks[file.key], rows),
        )
        came = uvloop.run(importing.run())
    came.left = left
    try:
        came.back = write_back(files, came.refused, folder, meant.refused, meant.language)
    except OSError as error:
        came.not_back = str(error)
    return came


def progress_of(at: Path, asked: Asked, of: Path | None) -> Came:
    """Tell how far each file is, from what was kept (raises FilesRefused)."""
    taken = TakenRows(home_of(at, of))
    files, left = read_files(at, asked)
    came = Came(dry_run=False, left=left)
    for file in files:
        before = sum(taken.get(file.kind.name, row.name) is not None for row in file.rows)
        came.files.append(FileCame.of(file, before, 0, 0, len({told.row for told in file.broken})))
        came.refused += dict.fromkeys(explained(file, file.broken))
    return came


def home_of(at: Path, of: Path | None) -> Path:
    """Give the folder beside whose files it is kept what was taken (raises FilesRefused): of rows that were written
    back it has to be said."""
    if of is not None and not of.is_dir():
        raise FilesRefused(say("no_place", at=of))
    if of is None and FOLDER in at.resolve().parts:
        raise FilesRefused(say("of_what", at=at))
    return of or (at.parent if at.is_file() else at)


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )
