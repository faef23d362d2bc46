"""Writes the site: the guide's pages and a page an event, made into HTML by Sphinx for each language, and the AsyncAPI
document beside them with the program that shows it."""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from chassis.words import LANGUAGES, Language
from contracts.notices import NOTICES
from contracts.version import VERSION
from jobplus.site import notices, viewer
from jobplus.site.events import CONTRACTS, PUBLISHED, index, page
from jobplus.site.words import told
from jobplus.stack.errors import StackFailed

HERE = Path(__file__).parent
GUIDE = HERE / "guide"
EXAMPLES = CONTRACTS.parent / "examples"
WHEEL = f"jobplus_contracts-{VERSION}-py3-none-any.whl"

_SETTINGS = (
    "extensions=myst_parser",
    "html_theme=furo",
    "html_show_sphinx=0",
    "html_copy_source=0",
    "html_show_sourcelink=0",
    "myst_heading_anchors=2",
    "copyright=jobplus",
)


def build(folder: Path) -> None:
    """Write the site into a folder, which is made; what an earlier site left there is replaced.

    Raises StackFailed where a page can't be made, a link between pages leads nowhere, or what shows AsyncAPI can't be
    had.
    """
    listening: dict[str, list[str]] = json.loads((HERE / "listening.json").read_text())
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="jobplus-site-") as temporary:
        for language in LANGUAGES:
            source = Path(temporary, language)
            _write(source, language, listening)
            _make(source, folder / language, Path(temporary, f"{language}-work"), language)
    viewer.write(folder)
    for name in ("schemas", "samples"):
        for of in (CONTRACTS, CONTRACTS / "notices"):
            shutil.copytree(of / name, folder / name, dirs_exist_ok=True)
    _hand_out(folder)
    shutil.copy(GUIDE / "index.html", folder / "index.html")


def _hand_out(folder: Path) -> None:
    """Put beside the pages what a partner copies or installs: an archive an example, and the Python package (raises
    StackFailed)."""
    (folder / "examples").mkdir(exist_ok=True)
    for example in sorted(path for path in EXAMPLES.iterdir() if path.is_dir()):
        with ZipFile(folder / "examples" / f"{example.name}.zip", "w", ZIP_DEFLATED) as archive:
            for path in sorted(path for path in example.iterdir() if path.is_file()):
                archive.write(path, f"{example.name}/{path.name}")
    package = folder.absolute() / "package"
    for older in package.glob("*.whl"):
        older.unlink()
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "--directory", str(package)]
    done = subprocess.run(command, cwd=CONTRACTS, check=False, capture_output=True, text=True)
    if done.returncode:
        raise StackFailed(f"the Python package can't be made: {(done.stderr or done.stdout).strip()[-1500:]}")


def _write(source: Path, language: Language, listening: dict[str, list[str]]) -> None:
    """Write the sources of a language's pages."""
    shutil.copytree(GUIDE / language, source)
    events = source / "events"
    events.mkdir()
    (events / "index.md").write_text(index(language))
    for event in PUBLISHED:
        (events / f"{event.__name__}.md").write_text(page(event, listening[event.__name__], language))
    told_by_partners = source / "notices"
    told_by_partners.mkdir()
    for notice in NOTICES.values():
        (told_by_partners / f"{notice.__name__}.md").write_text(notices.page(notice, language))
    with (source / "notices.md").open("a") as guide:
        guide.write(notices.listed())
    examples = source / "examples.md"
    examples.write_text(examples.read_text().replace("WHEEL", WHEEL))
    for path in source.rglob("*.md"):
        title, _, rest = path.read_text().partition("\n")
        path.write_text(f"{title}\n\n{_other_language(path.relative_to(source), language)}\n{rest}")


def _other_language(path: Path, language: Language) -> str:
    """Give the link to the same page in the other language."""
    other, name = ("en", "English") if language == "ko" else ("ko", "한국어")
    up = "../" * len(path.parts)
    return f'<a href="{up}{other}/{path.with_suffix(".html")}" lang="{other}">{name}</a>'


def _make(source: Path, folder: Path, work: Path, language: Language) -> None:
    """Have Sphinx make a language's pages (raises StackFailed): it can do so once in a process."""
    title = told("Events of the employment centre", language)
    settings = [*_SETTINGS, f"language={language}", f"project={title}", f"html_title={title}"]
    command = [sys.executable, "-m", "sphinx", "-b", "html", "--fail-on-warning", "--quiet", "--isolated"]
    command += [part for setting in settings for part in ("--define", setting)]
    command += ["--doctree-dir", str(work), str(source), str(folder)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise StackFailed(f"the site's pages can't be made: {(done.stderr or done.stdout).strip()[-1500:]}")
