"""What the examples for partners are tried on: a Kafka with walls, and the package that partners install."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from jobplus.stack.ports import free_base_port
from tests.deploy.partners import topics_job
from tests.deploy.secured_kafka import secured_kafka
from tests.examples.centre import Centre
from tests.kit.packages import built, installed
from tests.stacks import Stacks


@pytest.fixture(scope="session")
def centre(tmp_path_factory: pytest.TempPathFactory, stacks: Stacks) -> Iterator[Centre]:
    with secured_kafka(tmp_path_factory.mktemp("centre"), free_base_port()) as running:
        topics_job(running)
        yield Centre(running)


@pytest.fixture(scope="session")
def partners_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a partner: with our package and a Kafka client, and nothing else of ours."""
    folder = tmp_path_factory.mktemp("partner")
    wheel, _ = built(folder / "dist")
    return installed(folder / "venv", wheel, "aiokafka[lz4]")
