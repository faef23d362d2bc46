"""A Kafka that speaks to nobody without TLS and a password, as a city's own cluster does."""

import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from jobplus.stack.jars import kafka_jars
from jobplus.stack.wheels import java
from tests.certificates import write_certificates

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
    write_certificates(folder)
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
