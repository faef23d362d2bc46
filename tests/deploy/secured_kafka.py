"""A Kafka that speaks to nobody without TLS and a password, as a city's own cluster does."""

import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from jobplus.stack.jars import kafka_jars
from jobplus.stack.wheels import java

USER = "jobplus"
PASSWORD = "only-for-this-test"
LOGIN = f'org.apache.kafka.common.security.scram.ScramLoginModule required username="{USER}" password="{PASSWORD}";'
PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=SASL_SSL://127.0.0.1:{broker},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=SASL_SSL://127.0.0.1:{broker}
controller.listener.names=CONTROLLER
listener.security.protocol.map=SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT
inter.broker.listener.name=SASL_SSL
sasl.enabled.mechanisms=SCRAM-SHA-512
sasl.mechanism.inter.broker.protocol=SCRAM-SHA-512
listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config={login}
ssl.keystore.type=PEM
ssl.keystore.location={folder}/server.pem
ssl.truststore.type=PEM
ssl.truststore.location={folder}/ca.pem
log.dirs={folder}/data
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
group.initial.rebalance.delay.ms=0
"""


@dataclass(frozen=True)
class Secured:
    """Where it is, who is its authority, and the file with the password."""

    servers: str
    authority: Path
    password_file: Path

    def settings(self) -> dict[str, str]:
        """What a service must be told."""
        return {
            "JOBPLUS_KAFKA_SERVERS": self.servers,
            "JOBPLUS_KAFKA_SECURITY": "SASL_SSL",
            "JOBPLUS_KAFKA_CA_FILE": str(self.authority),
            "JOBPLUS_KAFKA_USER": USER,
            "JOBPLUS_KAFKA_PASSWORD_FILE": str(self.password_file),
        }


@contextmanager
def secured_kafka(folder: Path, port: int) -> Iterator[Secured]:
    """Run it on 127.0.0.1, on two ports from `port`."""
    _certificates(folder)
    (folder / "password").write_text(PASSWORD)
    (folder / "server.properties").write_text(
        PROPERTIES.format(broker=port, controller=port + 1, folder=folder, login=LOGIN)
    )
    base = [str(java()), "-Xmx256m", "-XX:+UseSerialGC", "-cp", f"{kafka_jars()}/*"]
    scram = f"SCRAM-SHA-512=[name={USER},password={PASSWORD}]"
    named = ("-t", str(uuid.uuid4()), "-c", str(folder / "server.properties"), "--add-scram", scram)
    subprocess.run([*base, "kafka.tools.StorageTool", "format", *named], check=True, capture_output=True, timeout=60)
    with (folder / "kafka.log").open("wb") as log:
        process = subprocess.Popen(
            [*base, "kafka.Kafka", str(folder / "server.properties")], stdout=log, stderr=log, cwd=folder
        )
        try:
            yield Secured(f"127.0.0.1:{port}", folder / "ca.pem", folder / "password")
        finally:
            process.terminate()
            process.wait(60)


def _certificates(folder: Path) -> None:
    """Write ca.pem, and server.pem with a key and a certificate for 127.0.0.1."""
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = _signed("test authority", authority_key, "test authority", authority_key, authority=True)
    server = _signed("127.0.0.1", key, "test authority", authority_key, authority=False)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "ca.pem").write_bytes(authority)
    (folder / "server.pem").write_bytes(private + server)


def _signed(
    subject: str, key: ec.EllipticCurvePrivateKey, issuer: str, by: ec.EllipticCurvePrivateKey, *, authority: bool
) -> bytes:
    def name(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False)
    )
    if not authority:
        address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
        builder = builder.add_extension(address, critical=False)
    else:
        usage = x509.KeyUsage(
            digital_signature=True,
            key_cert_sign=True,
            crl_sign=True,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            encipher_only=False,
            decipher_only=False,
        )
        builder = builder.add_extension(usage, critical=True)
    return builder.sign(by, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
