"""The containers are given the folder of the keys, so that a file that takes the place of another in it is seen."""

from pathlib import Path

import yaml

from tests.compose.project import SERVICES

ROOT = Path(__file__).parents[2]


def test_every_process_of_a_service_has_the_folder_of_the_keys_and_reads_the_file_in_it() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    processes = {name: one for name, one in services.items() if name.partition("-")[0] in SERVICES}
    assert len(processes) == 20
    for name, one in processes.items():
        assert one["volumes"] == ["./deploy/keys:/run/keys:ro", "./deploy/secrets/trust:/run/trust:ro"], name
        assert one["environment"]["JOBPLUS_JWKS"] == "${JOBPLUS_JWKS:-/run/keys/jwks.json}", name
        assert "jwks" not in str(one["secrets"]), name
