"""Makes partners known to Kafka, and unknown again; and writes what is handed over to them.

Each of it goes by the records: the record is written first, then Kafka is made to be as all records and the topics' own
table say. Where that fails, the same command, or the topics job, does it again.
"""

import json
import os
import secrets
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from contracts.topics import LISTENS, TOPICS
from jobplus.partners.records import Partner, Records, rights_now
from jobplus.stack.errors import OptionRefused, StackFailed
from jobplus.stack.rights import rights_of
from jobplus.stack.topics import make_topics
from jobplus.stack.users import Given, give_rights, remove_users

PASSWORD_BYTES = 32


def grant(records: Records, partner: Partner, security: Mapping[str, Any], today: date) -> str:
    """Keep a partner's record, make its user, and give it its rights; gives its password, which nobody keeps."""
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    records.keep(partner)
    apply(records, security, today, {partner.user: password})
    return password


def end(records: Records, partner: Partner, security: Mapping[str, Any], today: date) -> None:
    """Keep that a partner's right has ended, and take it and its user away: what it reads is cut off at once."""
    records.keep(partner)
    apply(records, security, today, {})


def make_own_topics(partners: Iterable[Partner], security: Mapping[str, Any], replication: int) -> list[str]:
    """Make the topics that partners write, where they aren't there yet; gives their names (raises StackFailed)."""
    topics = [topic for partner in partners for topic in partner.own_topics]
    others = {name: given for name, given in security.items() if name != "bootstrap_servers"}
    servers = ",".join(security["bootstrap_servers"])
    return make_topics(servers, topics, replication=replication, security=others) if topics else []


def apply(
    records: Records | None,
    security: Mapping[str, Any],
    today: date,
    passwords: Mapping[str, str],
    replication: int = 1,
) -> Given:
    """Make Kafka be as the topics' table and all records say today; without records nobody outside may anything (raises
    StackFailed)."""
    partners = records.all() if records else []
    make_own_topics(partners, security, replication)
    given = give_rights(security, rights_of(TOPICS, LISTENS) | rights_now(partners, today), passwords)
    remove_users(security, [partner.user for partner in partners if not partner.holds(today)])
    return given


def hand_over(file: Path, partner: Partner, password: str, servers: str, authority: Path | None) -> None:
    """Write what a partner needs to connect into a new file that nobody else may read (raises StackFailed)."""
    told = {
        "bootstrap_servers": servers,
        "security_protocol": "SASL_SSL",
        "sasl_mechanism": "SCRAM-SHA-512",
        "username": partner.user,
        "password": password,
        "group_id_prefix": partner.group_prefix,
        "topics": list(partner.topics),
        "writes": [topic.name for topic in partner.own_topics],
        "until": str(partner.until),
        "ca_pem": authority.read_text() if authority else None,
    }
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    except OSError as error:
        raise StackFailed(f"the credentials can't be written: {error}; rotate them into another --out") from error


def refuse_existing(file: Path) -> None:
    """Raises OptionRefused where a file is there already: credentials are never written over."""
    if file.exists():
        raise OptionRefused(f"--out: {file} is there already")
