"""Tokens that an identity provider issued, each role's in a file."""

import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

import jwt

from jobplus.stack.errors import OptionRefused
from jobplus.stack.keys import Bearer, Role

ROLES: tuple[Role, ...] = get_args(Role)
_TOKEN = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)
_LIKE_A_TOKEN = re.compile(r"eyJ[\w-]{8,}|[\w-]{16,}\.[\w-]{16,}\.[\w-]{16,}", re.ASCII)
"""What begins as a token does ({" in base64), or is in three long parts."""


class TokenFiles:
    """The tokens in the files that `--token ROLE=FILE` names; what is refused tells no token.

    A file is read anew each time that its token is needed, so whoever replaces it renews the token. While it holds
    none that can be used, as in the middle of being written, the one before is given. One of another subject is
    refused: the services know a repeated request by its subject.
    """

    def __init__(self, given: Sequence[str], needed: Sequence[Role]) -> None:
        """Read them all (raises OptionRefused); `needed` are the roles that there has to be a file of."""
        self._files: dict[Role, Path] = {}
        for option in given:
            role, file = _parted(option)
            if role in self._files:
                raise OptionRefused(f"--token {role}: there are two files of this role")
            self._files[role] = file
        missing = [role for role in needed if role not in self._files]
        if missing:
            raise OptionRefused(f"give also: {' '.join(f'--token {role}=FILE' for role in missing)}")
        self._bearers = {Bearer(role) for role in self._files}
        self._last = {role: _read(role, file) for role, file in self._files.items()}

    def token(self, bearer: Bearer) -> str:
        """Give the token of one of the needed roles (raises OptionRefused, also for a bearer beside them)."""
        if bearer not in self._bearers:
            raise OptionRefused(f"there is no token of {bearer.role} {bearer.own or ''}".rstrip())
        role = bearer.role
        before = self._last[role]
        try:
            token = _read(role, self._files[role])
        except OptionRefused:
            return before
        if token != before and subject_of(token) != subject_of(before):
            raise OptionRefused(
                f"--token {role}={self._files[role]}: the token in the file now has another subject (sub) than before"
            )
        self._last[role] = token
        return token


def subject_of(token: str) -> str:
    """Tell whom a token is of, as the services know whoever sends it."""
    return jwt.decode(token, options={"verify_signature": False})["sub"]


def _parted(option: str) -> tuple[Role, Path]:
    if _LIKE_A_TOKEN.search(option):
        raise OptionRefused("--token: give ROLE=FILE with a file that holds the token: here everyone could read it")
    role, _, file = option.partition("=")
    for known in ROLES:
        if role == known and file:
            return known, Path(file)
    raise OptionRefused(f"--token: give ROLE=FILE with one of the roles {', '.join(ROLES)}")


def _read(role: Role, file: Path) -> str:
    where = f"--token {role}={file}"
    try:
        token = file.read_bytes().decode("ascii", "replace").strip()
    except OSError as error:
        raise OptionRefused(f"{where}: the file can't be read: {error.strerror}") from error
    if not token:
        raise OptionRefused(f"{where}: the file is empty")
    claims = _claims(token)
    if claims is None:
        raise OptionRefused(f"{where}: the file holds no token, or more than one: a token is XXX.YYY.ZZZ, a signed JWT")
    if not isinstance(claims.get("sub"), str):
        raise OptionRefused(f"{where}: the token in the file names no subject (sub)")
    if claims.get("role") != role:
        raise OptionRefused(f"{where}: the token in the file has another role, or none")
    ends = claims.get("exp")
    if isinstance(ends, int | float) and ends <= time.time():
        raise OptionRefused(f"{where}: the token in the file ended {time.time() - ends:.0f} s ago")
    return token


def _claims(token: str) -> dict[str, Any] | None:
    """Give what a token says, whoever signed it: the services verify it. None if it is none."""
    if not _TOKEN.fullmatch(token):
        return None
    try:
        return jwt.decode(token, options={"verify_signature": False})
    except jwt.PyJWTError:
        return None
