"""All faults there are."""

from tests.faults import on_network, on_processes, on_servers
from tests.faults.fault import Fault

FAULTS: tuple[Fault, ...] = (*on_processes.FAULTS, *on_network.FAULTS, *on_servers.FAULTS)
