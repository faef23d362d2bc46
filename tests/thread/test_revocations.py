"""A subject that is revoked is refused by every service, also with a token that was taken a moment ago."""

import subprocess
import sys

from jobplus.stack.health import get
from jobplus.stack.local import Stack
from jobplus.stack.ports import SERVICES, health_port
from tests.kit.client import Reply, StackClient
from tests.kit.waiting import until

WITHIN_SECONDS = 15
REVOKED = (401, "not-authenticated", ["Authorization"])


def asked(calling: StackClient, token: dict[str, str]) -> dict[str, int]:
    """Ask every service something; gives the status of each answer."""
    return {service: calling.send(service, "GET", "/status", None, token).status for service in SERVICES}


def lifted_here(stack: Stack, subject: str) -> subprocess.CompletedProcess[str]:
    """Lift a revocation as an operator on the machine does."""
    command = [sys.executable, "-m", "services.intake.lifting", subject]
    return subprocess.run(command, env=stack.environment("intake"), capture_output=True, text=True, check=False)


def every(status: int) -> dict[str, int]:
    return dict.fromkeys(SERVICES, status)


def test_a_stolen_token_is_refused_everywhere_and_taken_again_after_the_command(
    calling: StackClient, stack: Stack
) -> None:
    stolen = calling.bearing("operator", subject="o-stolen")
    assert asked(calling, stolen) == every(200)

    revoked = calling.post("intake", "/revocations", {"subject": "o-stolen", "reason": "stolen"})
    assert (revoked.status, revoked.json) == (201, {"subject": "o-stolen"})
    reply = calling.send("intake", "GET", "/status", None, stolen)
    assert reply.problem == REVOKED
    assert reply.json["detail"] == "the token is not valid"
    until(
        lambda: asked(calling, stolen),
        "every service refuses the token that it remembers",
        lambda found: found == every(401),
        seconds=WITHIN_SECONDS,
    )
    assert asked(calling, calling.bearing("operator", subject="o-stolen", ttl_seconds=60)) == every(401)
    assert asked(calling, calling.bearing("operator")) == every(200)
    _, metrics = get(health_port(stack.base_port, "matching", "api"), "/metrics")
    assert b'jobplus_tokens_refused_total{reason="revoked"}' in metrics

    (one,) = [row for row in _listed(calling) if row["subject"] == "o-stolen"]
    assert (one["reason"], one["actor_role"], one["actor_id"]) == ("stolen", "manager", "local-manager")
    assert calling.refused("intake", "/revocations", {"subject": "o-stolen", "reason": "left"})[1] == "already-revoked"

    done = lifted_here(stack, "o-stolen")
    assert (done.returncode, done.stdout, done.stderr) == (0, "lifted\n", "")
    until(
        lambda: asked(calling, stolen),
        "every service takes the token again",
        lambda found: found == every(200),
        seconds=WITHIN_SECONDS,
    )
    assert "o-stolen" not in [row["subject"] for row in _listed(calling)]
    again = lifted_here(stack, "o-stolen")
    assert (again.returncode, again.stderr) == (1, "there is no revocation of this subject\n")
    assert lifted_here(stack, "").returncode == 2
    calling.settle()
    rows = calling.query(
        "reporting", "SELECT type, actor_role, actor_id FROM ledger WHERE key = $1 ORDER BY position", "o-stolen"
    )
    assert [tuple(row.values()) for row in rows] == [
        ("jobplus.SubjectRevoked", "manager", "local-manager"),
        ("jobplus.RevocationLifted", "operator", "command-line"),
    ]


def test_a_manager_lists_page_by_page_and_lifts_but_nobody_shuts_themselves_out(calling: StackClient) -> None:
    form = {"subject": "local-manager", "reason": "other"}
    assert calling.refused("intake", "/revocations", form) == (409, "own-subject", ["subject"])
    for subject in ("x-1", "x-2"):
        calling.made("intake", "/revocations", {"subject": subject, "reason": "dismissed"})
    page = calling.get("intake", "/revocations?limit=1&after=x-").json
    assert [row["subject"] for row in page["revocations"]] == ["x-1"]
    assert _subjects(calling.get("intake", f"/revocations?limit=1&after={page['next']}")) == ["x-2"]
    for subject in ("x-1", "x-2"):
        calling.made("intake", "/revocations/lifting", {"subject": subject})
    assert calling.refused("intake", "/revocations/lifting", {"subject": "x-1"}) == (409, "not-revoked", ["subject"])
    assert _subjects(calling.get("intake", "/revocations?after=x-")) == []
    assert calling.post("intake", "/revocations", form, role="counsellor").refusal == (403, "not-allowed")


def _listed(calling: StackClient) -> list[dict[str, str]]:
    return calling.get("intake", "/revocations?limit=500").json["revocations"]


def _subjects(reply: Reply) -> list[str]:
    return [row["subject"] for row in reply.json["revocations"]]
