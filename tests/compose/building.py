"""Part 1: one image a service from the real Dockerfile, and what must hold for each."""

import json
import re
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from tests.compose.project import IMAGES, ROOT, Project, expect, say

COMPILERS = ("cc", "gcc", "g++", "clang", "ld", "make", "rustc", "uv")
LABEL = "org.opencontainers.image."


def build_all(project: Project) -> dict[str, int]:
    """Build every image and check it; gives their sizes in bytes."""
    sizes: dict[str, int] = {}
    names = {image: build(project, image, project.version) for image in IMAGES}
    for image, name in names.items():
        sizes[image] = int(project.engine.run("image", "inspect", "--format", "{{.Size}}", name))
        say(f"{name}: {sizes[image] / 1e6:.0f} MB")
        _check_image(project, image, name)
    _check_layers(project, [*names.values()])
    _check_that_code_rebuilds_no_dependencies(project)
    return sizes


def build(project: Project, image: str, version: str, revision: str = "test") -> str:
    """Build one image as docker-compose.yml says it; gives its name."""
    name = f"jobplus-{image}:{version}"
    # Names without a registry are Docker's own to it; podman must be told so.
    full = name if project.engine.name == "Docker" else f"docker.io/library/{name}"
    project.engine.run(
        *("build", *project.engine.build_options, "-f", "deploy/Dockerfile", "-t", full),
        *(["--target", "topics"] if image == "topics" else []),
        *("--build-arg", f"SERVICE={image}", "--build-arg", f"VERSION={version}"),
        *("--build-arg", f"REVISION={revision}", "."),
        cwd=project.folder,
    )
    return full


def _check_image(project: Project, image: str, name: str) -> None:
    (found,) = json.loads(project.engine.run("image", "inspect", name))
    config: dict[str, Any] = found["Config"]
    labels = config["Labels"]
    expect(labels[LABEL + "version"] == project.version, f"{name} has the version label {labels}")
    expect(labels[LABEL + "revision"] == "test", f"{name} has the revision label {labels}")
    expect(config["User"] == "10001:10001", f"{name} runs as {config['User']!r}")
    _check_dependencies(project, image, name)


def _check_dependencies(project: Project, image: str, name: str) -> None:
    """What is installed is what the lock file names for this platform, and there is nothing to compile with."""
    script = (
        "import importlib.metadata as m, json, os, pathlib, shutil, sys;"
        "venv = [str(p) for p in sys.path if p.startswith('/opt/venv')];"
        "print(json.dumps({'packages': [d.metadata['Name'] for d in m.distributions(path=venv)],"
        f"'tools': [t for t in {COMPILERS!r} if shutil.which(t)],"
        "'code': sorted(str(p) for p in pathlib.Path('/app').glob('services/*/')), 'uid': os.getuid()}))"
    )
    told = json.loads(
        project.engine.run("run", "--rm", "--read-only", "--network=none", name, "python", "-c", script).splitlines()[
            -1
        ]
    )
    installed = {_normal(package) for package in told["packages"]}
    locked = {_normal(m) for m in re.findall(r"^([A-Za-z0-9._-]+)==", (ROOT / f"locks/{image}.txt").read_text(), re.M)}
    only_elsewhere = {
        *("colorama", "tzdata", "win32-setctime", "exceptiongroup", "typing-extensions", "winloop", "httpx2-jsfetch")
    }
    expect(installed <= locked, f"{name} has more than its lock file: {sorted(installed - locked)}")
    expect(locked - installed <= only_elsewhere, f"{name} lacks {sorted(locked - installed)}")
    expect(not told["tools"], f"{name} can build: {told['tools']}")
    expect(told["uid"] == 10001, f"{name} runs as {told['uid']}")
    own = [] if image == "topics" else [f"/app/services/{image}"]
    there = [path for path in told["code"] if not path.endswith("__pycache__")]
    expect(there == own, f"{name} holds {there}")


def _normal(package: str) -> str:
    return re.sub(r"[-_.]+", "-", package).lower()


def _check_layers(project: Project, names: Sequence[str]) -> None:
    """Look into every layer, once where several images have it: no secret, no cache, nothing of the checkout that isn't
    meant to be there."""
    folder = project.folder / "deploy/secrets"
    files = [
        path
        for kind in ("*.password", "*.kafka", "*.marks", "*.webhooks", "*.session", "*.oidc", "*/*.key")
        for path in folder.glob(kind)
    ]
    secrets = [path.read_bytes().strip() for path in files]
    secrets.append((project.keys / "signing-key.pem").read_bytes().strip().splitlines()[1])
    layers = 0
    with tempfile.TemporaryDirectory(dir=project.folder.parent) as folder:
        saved = Path(folder, "image.tar")
        project.engine.run("save", *project.engine.save_options, "-o", str(saved), *names)
        with tarfile.open(saved) as images:
            # A link leads to a layer that is in the archive by itself.
            for entry in images:
                content = images.extractfile(entry) if entry.isfile() else None
                if content is not None and (layer := _opened(content)) is not None:
                    layers += 1
                    _check_layer(layer, secrets)
    wanted = {layer for name in names for layer in _layers(project, name)}
    expect(layers >= len(wanted), f"only {layers} of the {len(wanted)} layers of the images could be read")


def _opened(content: IO[bytes]) -> tarfile.TarFile | None:
    try:
        return tarfile.open(fileobj=content)
    except tarfile.ReadError:
        return None


def _check_layer(layer: tarfile.TarFile, secrets: list[bytes]) -> None:
    for member in layer:
        path = member.name
        expect(not re.search(r"(^|/)(\.cache|\.git|tests|deploy)/|\.pem$", _app(path)), f"an image holds {path}")
        content = layer.extractfile(member) if member.isfile() else None
        told = content.read() if content is not None else b""
        expect(not any(secret in told for secret in secrets), f"{path} in an image holds a secret")


def _app(member: str) -> str:
    """What a layer has below the application or a home folder; the base image is not ours."""
    return member if re.match(r"\.?/?(app|root|home|tmp)/", member) else ""


def _check_that_code_rebuilds_no_dependencies(project: Project) -> None:
    """A change of code or of version leaves the layer of dependencies as it is."""
    before = _layers(project, build(project, "intake", project.version))
    changed = project.folder / "services/intake/bootstrap.py"
    kept = changed.read_text()
    changed.write_text(f"{kept}\n# changed\n")
    after = _layers(project, build(project, "intake", f"{project.version}-changed", revision="changed"))
    changed.write_text(kept)
    same = next((i for i, (a, b) in enumerate(zip(before, after, strict=True)) if a != b), len(before))
    history = len(before) - same
    expect(before != after, "a change of code made no other image")
    expect(history <= 2, f"a change of code made {history} layers anew: {before} {after}")
    say(f"a change of code and of version makes {history} layer anew, and none of dependencies")


def _layers(project: Project, name: str) -> list[str]:
    return json.loads(project.engine.run("image", "inspect", "--format", "{{json .RootFS.Layers}}", name))
