"""deploy/make-secrets.sh makes what is missing, keeps what is there, and lets nobody in who isn't meant to be."""

import shutil
import ssl
import stat
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from tests.kit.waiting import PATIENCE

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl here, which it needs")


@pytest.fixture
def deploy(tmp_path: Path) -> Path:
    folder = tmp_path / "deploy"
    shutil.copytree(ROOT / "deploy", folder, ignore=shutil.ignore_patterns("secrets", "keys"))
    _make(folder)
    return folder


def _make(deploy: Path) -> str:
    done = subprocess.run([deploy / "make-secrets.sh"], check=True, capture_output=True, text=True, timeout=PATIENCE)
    assert done.stderr == ""
    return done.stdout


def _files(deploy: Path) -> dict[str, bytes]:
    return {str(path.relative_to(deploy)): path.read_bytes() for path in deploy.rglob("*") if path.is_file()}


def _certificate(deploy: Path, name: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate((deploy / f"secrets/{name}-tls/server.pem").read_bytes())


def test_run_again_it_keeps_all_that_is_there(deploy: Path) -> None:
    before = _files(deploy)
    assert _make(deploy) == ""
    assert _files(deploy) == before


def test_a_certificate_that_was_removed_is_made_anew_by_the_same_authority(deploy: Path) -> None:
    before = _files(deploy)
    (deploy / "secrets/kafka-tls/server.pem").unlink()
    assert _make(deploy) == f"made {deploy}/secrets/kafka-tls/server.pem\n"
    after = _files(deploy)
    changed = {name.rpartition("/")[0] for name in before if after[name] != before[name]}
    assert changed == {"secrets/kafka-tls", "secrets/authority"}
    assert after["secrets/trust/ca.pem"] == before["secrets/trust/ca.pem"]


@pytest.mark.parametrize("name", ["kafka", "postgres"])
def test_a_servers_certificate_names_its_host_and_is_good_by_what_clients_trust(deploy: Path, name: str) -> None:
    made = _certificate(deploy, name)
    authority = x509.load_pem_x509_certificate((deploy / "secrets/trust/ca.pem").read_bytes())
    made.verify_directly_issued_by(authority)
    assert made.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == name
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == [name, "localhost"]
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    place = deploy / f"secrets/{name}-tls"
    server.load_cert_chain(place / "server.pem", place / "server.key")


def test_the_host_lets_nobody_into_the_secrets_and_the_authoritys_key_is_in_no_mounted_folder(deploy: Path) -> None:
    def mode(name: str) -> int:
        return stat.S_IMODE((deploy / name).stat().st_mode)

    assert (mode("secrets"), mode("secrets/authority"), mode("secrets/authority/authority.key")) == (
        0o700,
        0o700,
        0o400,
    )
    for folder in ("trust", "kafka-tls", "postgres-tls"):
        assert mode(f"secrets/{folder}") == 0o755
        assert {mode(str(path.relative_to(deploy))) for path in (deploy / "secrets" / folder).iterdir()} == {0o444}
    assert [path.name for path in (deploy / "secrets/trust").iterdir()] == ["ca.pem"]
    assert "authority" not in (ROOT / "docker-compose.yml").read_text()
