"""Makes Kafka's users and their rights: who is in the table has just what it gives, and nobody else anything.

aiokafka's admin knows neither users' passwords nor all of the rights; kafka-python's does. Only the job that makes the
topics in a deployment needs it.
"""
# pyright: reportAttributeAccessIssue=false, reportCallIssue=false, reportArgumentType=false
# The types that are known here are those of a much older kafka-python.

import logging
import time
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from kafka.admin import (
    ACL,
    ACLFilter,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    KafkaAdminClient,
    ResourcePattern,
    ResourcePatternFilter,
    ResourceType,
    ScramMechanism,
    UserScramCredentialDeletion,
    UserScramCredentialUpsertion,
)
from kafka.errors import KafkaError

from jobplus.stack.errors import StackFailed
from jobplus.stack.rights import Right, users_of

# One that is starting refuses or lets wait: that is no line in a log.
logging.getLogger("kafka").addHandler(logging.NullHandler())
logging.getLogger("kafka").propagate = False

_REQUEST_MILLISECONDS = 10_000
EVERY_RIGHT = ACLFilter(
    None,
    None,
    ACLOperation.ANY,
    ACLPermissionType.ANY,
    ResourcePatternFilter(ResourceType.ANY, None, ACLResourcePatternType.ANY),
)

T = TypeVar("T")


class Given(NamedTuple):
    """What was changed: who has a password by now, and which rights came and went."""

    users: list[str]
    added: list[str]
    removed: list[str]


def passwords_in(folder: Path, rights: Collection[Right]) -> dict[str, str]:
    """Read each user's password, from a file USER_kafka in a folder (raises StackFailed where one is missing or empty:
    nobody is made then)."""
    found: dict[str, str] = {}
    for user in users_of(rights):
        file = folder / f"{user}_kafka"
        try:
            found[user] = file.read_text().strip()
        except OSError as error:
            raise StackFailed(f"Kafka's user {user} has no password: {error}") from error
        if not found[user]:
            raise StackFailed(f"Kafka's user {user} has no password: {file} is empty")
    return found


def give_rights(
    security: Mapping[str, Any], rights: Collection[Right], passwords: Mapping[str, str], *, seconds: float = 60
) -> Given:
    """Make the users with these passwords, give them the rights, and take every other right away, whoever has it.

    `security` is all that a client must be given to connect, as one who may do everything. Waits for Kafka for at most
    `seconds`, and until each user is let in. Raises StackFailed when Kafka isn't there in time or refuses.
    """
    deadline = time.monotonic() + seconds
    given = _until(deadline, lambda: _give(security, rights, passwords))
    for user, word in passwords.items():
        as_user = {**security, "sasl_plain_username": user, "sasl_plain_password": word}
        _until(deadline, lambda as_user=as_user: _client(as_user).close())
    return given


def make_users(security: Mapping[str, Any], passwords: Mapping[str, str]) -> None:
    """Make users with these passwords and no rights (raises StackFailed, and what Kafka raises if it is away)."""
    admin = _client(security)
    try:
        _make_users(admin, passwords)
    finally:
        admin.close()


def remove_users(security: Mapping[str, Any], users: Collection[str], *, seconds: float = 60) -> None:
    """Take users away, where they are: they can't connect any more (raises StackFailed)."""
    if users:
        _until(time.monotonic() + seconds, lambda: _remove_users(security, users))


def _until(deadline: float, do: Callable[[], T]) -> T:
    """Do it again for as long as Kafka refuses: one that is starting does, and one that was told of a user a moment
    ago."""
    while True:
        try:
            return do()
        except (KafkaError, OSError) as error:
            if time.monotonic() > deadline:
                raise StackFailed(f"Kafka gave no rights: {type(error).__name__}: {error}") from error
        time.sleep(0.2)


def _client(security: Mapping[str, Any]) -> KafkaAdminClient:
    return KafkaAdminClient(
        **security, request_timeout_ms=_REQUEST_MILLISECONDS, bootstrap_timeout_ms=_REQUEST_MILLISECONDS
    )


def _give(security: Mapping[str, Any], rights: Collection[Right], passwords: Mapping[str, str]) -> Given:
    admin = _client(security)
    try:
        _make_users(admin, passwords)
        wanted = {_acl(right) for right in rights}
        found, _ = admin.describe_acls(EVERY_RIGHT)
        added, removed = wanted - {*found}, {*found} - wanted
        if added and (failed := admin.create_acls([*added])["failed"]):
            raise StackFailed(f"Kafka refused rights: {failed[0].__name__}")
        for right, gone, error in admin.delete_acls([*removed]) if removed else ():
            if not gone:
                raise StackFailed(f"Kafka didn't take away {_told(right)}: {error.__name__}")
    finally:
        admin.close()
    return Given(sorted(passwords), sorted(map(_told, added)), sorted(map(_told, removed)))


def _make_users(admin: KafkaAdminClient, passwords: Mapping[str, str]) -> None:
    """Set every password, for nobody can ask Kafka which it has."""
    made = admin.alter_user_scram_credentials(
        [UserScramCredentialUpsertion(user, ScramMechanism.SCRAM_SHA_512, word) for user, word in passwords.items()]
    )
    for user, refused in made.items():
        if refused:
            raise StackFailed(f"Kafka refused the user {user}: {refused}")


def _remove_users(security: Mapping[str, Any], users: Collection[str]) -> None:
    admin = _client(security)
    try:
        known = {user for user, told in admin.describe_user_scram_credentials().items() if not told.get("error")}
        gone = [UserScramCredentialDeletion(user, ScramMechanism.SCRAM_SHA_512) for user in users if user in known]
        refused = {user: why for user, why in admin.alter_user_scram_credentials(gone).items() if why} if gone else {}
    finally:
        admin.close()
    for user, why in refused.items():
        raise StackFailed(f"Kafka kept the user {user}: {why}")


def _acl(right: Right) -> ACL:
    kind = ACLResourcePatternType.PREFIXED if right.begins else ACLResourcePatternType.LITERAL
    pattern = ResourcePattern(ResourceType[right.kind], right.name, kind)
    return ACL(f"User:{right.user}", "*", ACLOperation[right.operation], ACLPermissionType.ALLOW, pattern)


def _told(acl: ACL) -> str:
    named = acl.resource_pattern
    on = f"{named.pattern_type.name} {named.resource_type.name} {named.resource_name}"
    return f"{acl.permission_type.name} {acl.principal} {acl.operation.name} {on}"
