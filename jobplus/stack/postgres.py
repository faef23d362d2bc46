"""PostgreSQL 18, bound to 127.0.0.1: its command, and its data folder.

PostgreSQL refuses to run as root. Started by root it runs as `nobody`, who then owns the data folder.
"""

import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

from jobplus.stack.errors import StackFailed
from jobplus.stack.home import Home
from jobplus.stack.ports import HOST, postgres_port
from jobplus.stack.wheels import postgres_programs

SUPERUSER = "postgres"

_INITDB_SECONDS = 120
_NO_PID = str(2**31 - 1)
_UNPRIVILEGED_USER = "nobody"

# For a small machine that also runs Kafka and the services: checkpoints rarely, and never a lost commit.
_SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "wal_compression": "on",
    "fsync": "on",
    "synchronous_commit": "on",
    "jit": "off",
    "log_error_verbosity": "terse",
    "log_timezone": "UTC",
    "timezone": "UTC",
}


_NOT_DURABLE = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


def postgres_command(home: Home, base_port: int, *, durable: bool = True) -> tuple[str, ...]:
    """The command that runs PostgreSQL on the data in the home; not `durable`, it doesn't wait for the disk."""
    settings = {**_SETTINGS, **({} if durable else _NOT_DURABLE), "port": str(postgres_port(base_port))}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return _unprivileged(str(postgres_programs() / "postgres"), "-D", str(_folder(home)), *options)


def prepare_postgres(home: Home, *, durable: bool = True) -> None:
    """Make the data folder before the first start, and clear what a crash may have left."""
    folder = _folder(home)
    if not (folder / "PG_VERSION").exists() or not (folder / "jobplus-complete").exists():
        _initialise(home, folder, durable)
    _release_stale_lock(folder)


def _initialise(home: Home, folder: Path, durable: bool) -> None:
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700)
    if os.geteuid() == 0:
        account = _unprivileged_account()
        os.chown(folder, account.pw_uid, account.pw_gid)
    home.password(SUPERUSER)
    command = _unprivileged(
        str(postgres_programs() / "initdb"),
        *("-D", str(folder), "-U", SUPERUSER, "-E", "UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"),
        *("--auth=scram-sha-256", f"--pwfile={home.password_file(SUPERUSER)}", "--no-instructions"),
        *(() if durable else ("--no-sync",)),
    )
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=_INITDB_SECONDS)
    if done.returncode != 0:
        raise StackFailed(f"PostgreSQL's data folder couldn't be made: {(done.stderr or done.stdout).strip()[-600:]}")
    (folder / "jobplus-complete").touch()


def _release_stale_lock(folder: Path) -> None:
    """After a crash the lock file's pid may be a zombie's or another program's, and PostgreSQL wouldn't start.

    The file stays, with a pid that no process can have: by what else it says PostgreSQL still sees whether
    children of the killed server are at work on the data.
    """
    import psutil

    lock = folder / "postmaster.pid"
    try:
        pid, *rest = lock.read_text().split("\n")
        process = psutil.Process(int(pid))
        if process.name() == "postgres" and process.status() != psutil.STATUS_ZOMBIE:
            return
    except (FileNotFoundError, ValueError, psutil.Error):
        return
    lock.write_text("\n".join([_NO_PID, *rest]))


def _folder(home: Home) -> Path:
    return home.data / "postgres"


def _unprivileged(*command: str) -> tuple[str, ...]:
    if os.geteuid() != 0:
        return command
    launcher = Path(__file__).with_name("unprivileged.py")
    return (sys.executable, "-I", "-S", str(launcher), _UNPRIVILEGED_USER, *command)


def _unprivileged_account() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(_UNPRIVILEGED_USER)
    except KeyError:
        raise StackFailed(
            f"PostgreSQL can't run as root, and no user {_UNPRIVILEGED_USER} is here: use an ordinary account"
        ) from None
