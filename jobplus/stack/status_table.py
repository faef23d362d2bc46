"""The status of a stack as tables for a terminal."""

from rich.console import Group
from rich.table import Table
from rich.text import Text

from jobplus.stack.status import ServiceStatus, StackStatus

_STALE_SECONDS = 10
_COLOURS = {"running": "green", "unhealthy": "yellow", "stopped": "red"}


def status_tables(status: StackStatus) -> Group:
    """One table of the processes and one of the services, and a line for each partition that isn't read any more."""
    lost = [Text(f"{one.name}: history lost: {why}", "red") for one in status.services for why in one.lost]
    return Group(_processes(status), _services(status.services), *lost)


def _processes(status: StackStatus) -> Table:
    table = Table(title=f"{status.home}, base port {status.base_port}", title_justify="left")
    for heading in ("process", "state", "pid", "address", "health"):
        table.add_column(heading)
    for process in status.processes:
        state = f"[{_COLOURS[process.state]}]{process.state}[/]"
        table.add_row(process.name, state, str(process.pid or ""), process.address, process.health)
    return table


def _services(services: list[ServiceStatus]) -> Table:
    table = Table(title="services", title_justify="left")
    for heading in ("service", "outbox", "lag", "dead letters", "parked", "unsent"):
        table.add_column(heading)
    for service in services:
        if service.error is not None:
            table.add_row(service.name, "-", service.error, "-", "-", "-")
            continue
        behind = {topic: lag for topic, lag in (service.lag or {}).items() if lag}
        lag = ", ".join(f"{topic} {count}" for topic, count in behind.items()) or "0"
        if service.not_looked_seconds > _STALE_SECONDS:
            lag = f"{lag}, as of {service.not_looked_seconds:.0f} s ago: its worker is stuck or away"
        counts = (str(service.dead), str(service.parked), str(service.unsent))
        table.add_row(service.name, str(service.outbox), lag, *counts)
    return table
