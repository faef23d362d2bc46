"""`jobplus-contracts`, which a partner installs alone, reads whatever was published, and needs nothing of ours."""

import json
import os
import subprocess
import tarfile
import zipfile
from pathlib import Path
from typing import Any

from contracts.version import VERSION
from tests.contracts.samples import HOME, SAMPLES
from tests.kit.packages import built, installed

READS = """
import json, sys
from importlib.metadata import distributions, version
from importlib.resources import files
import jobplus_contracts
from jobplus_contracts import EVENTS, Undecodable, UnknownType, decode

def read(sample, **changed):
    fields = sample.get("data") and json.dumps({**sample["data"], **changed}).encode()
    return decode(sample["type"], EVENTS[sample["type"]].topic.name, sample["subject"], fields)

package = files("jobplus_contracts")
samples = {path.name: json.loads(path.read_text("utf-8")) for path in (package / "samples").iterdir()}
placed, refused = samples["jobplus.Placed.json"], {}
for name, doing in {
    "field": lambda: read(placed, wage="much"),
    "key": lambda: read({**placed, "subject": "another"}),
    "type": lambda: decode("jobplus.Hired", "jobplus.cases", placed["subject"], b"{}"),
}.items():
    try:
        doing()
    except Undecodable as error:
        refused[name] = [type(error).__name__, str(error)]
print(json.dumps({
    "version": version("jobplus-contracts"),
    "others": sorted(one.name.lower().replace("-", "_") for one in distributions()),
    "ours": sorted(name for name in sys.modules if name.partition(".")[0] in {"contracts", "chassis", "services"}),
    "read": {name: type(read(sample)).__name__ for name, sample in samples.items()},
    "schemas": len([*(package / "schemas").iterdir()]),
    "typed": (package / "py.typed").is_file(),
    "asyncapi": (package / "asyncapi.yaml").read_text("utf-8").count("version: " + version("jobplus-contracts")),
    "refused": refused,
}))
"""


def test_it_is_installed_alone_and_reads_every_sample(tmp_path: Path, new_environment: Path) -> None:
    wheel, _ = built(tmp_path / "dist")
    python = installed(new_environment, wheel)
    elsewhere = {"PATH": os.environ["PATH"]}
    done = subprocess.run([python, "-I", "-c", READS], cwd=tmp_path, env=elsewhere, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    refused = told.pop("refused")
    assert told == {
        "version": VERSION,
        "others": ["annotated_types", "jobplus_contracts", "pydantic", "pydantic_core", "typing_extensions",
                   "typing_inspection"],
        "ours": [],
        "read": {path.name: json.loads(path.read_text("utf-8"))["type"].split(".")[1] for path in SAMPLES},
        "schemas": len([*(HOME / "schemas").iterdir()]),
        "typed": True,
        "asyncapi": 1,
    }  # fmt: skip
    assert refused["field"][0] == "Undecodable"
    assert refused["field"][1].startswith("jobplus.Placed: wage: Input should be a valid integer")
    assert refused["key"][1].endswith("differs from the record's key 'another'")
    assert refused["type"] == ["UnknownType", "no event has the type 'jobplus.Hired'"]


def test_its_sources_make_the_same_wheel_and_hold_nothing_of_the_centre_alone(tmp_path: Path) -> None:
    wheel, sources = built(tmp_path / "dist")
    with tarfile.open(sources) as archive:
        archive.extractall(tmp_path, filter="data")
    again, _ = built(tmp_path / "again", tmp_path / f"jobplus_contracts-{VERSION}")
    assert again.read_bytes() == wheel.read_bytes()
    with zipfile.ZipFile(wheel) as whole:
        top = {name.split("/")[0] for name in whole.namelist()}
        held = {name.split("/")[1] for name in whole.namelist() if name.startswith("jobplus_contracts/")}
    assert top == {"jobplus_contracts", f"jobplus_contracts-{VERSION}.dist-info"}
    modules = {path.name for path in HOME.glob("*.py")} - {"owners.py", "refusals.py"}
    assert held == modules | {"notices", "py.typed", "samples", "schemas", "asyncapi.yaml", "CHANGELOG.md"}


def test_its_modules_name_each_other_relatively() -> None:
    """By another name they would find nothing under `contracts`."""
    shipped = [path for path in HOME.glob("*.py") if path.name not in {"owners.py", "refusals.py"}]
    absolute = [path.name for path in shipped for line in path.read_text("utf-8").splitlines()
                if line.startswith(("from contracts", "import contracts"))]  # fmt: skip
    assert absolute == []
