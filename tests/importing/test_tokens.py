"""Tokens from files: what is refused, and that a replaced file renews its token."""

from pathlib import Path

import pytest

from jobplus.remote import Remote
from jobplus.stack.errors import OptionRefused
from jobplus.stack.keys import Bearer, Role, make_keys, sign_token
from jobplus.tokens import TokenFiles


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    keys = tmp_path_factory.mktemp("keys")
    make_keys(keys)
    return keys


def refused(given: list[str], *needed: Role) -> str:
    with pytest.raises(OptionRefused) as refusal:
        TokenFiles(given, needed)
    return str(refusal.value)


@pytest.mark.parametrize(
    ("holds", "reason"),
    [
        (b"", "the file is empty"),
        (b" \n", "the file is empty"),
        (b"secret", "the file holds no token"),
        (b"se.cr.et", "the file holds no token"),
        ("비밀.비밀.비밀".encode(), "the file holds no token"),
        (b"Bearer TOKEN", "the file holds no token"),
        (b"TOKEN\r\nX-More: 1", "the file holds no token"),
        (b"COUNSELLOR", "the token in the file has another role"),
        (b"ENDED", "the token in the file ended"),
    ],
)
def test_a_file_without_a_usable_token_is_told_with_its_option_and_the_reason(
    keys: Path, tmp_path: Path, holds: bytes, reason: str
) -> None:
    tokens = {
        b"TOKEN": sign_token(keys, "manager"),
        b"COUNSELLOR": sign_token(keys, "counsellor"),
        b"ENDED": sign_token(keys, "manager", ttl_seconds=-60),
    }
    for word, token in tokens.items():
        holds = holds.replace(word, token.encode())
    file = tmp_path / "manager.jwt"
    file.write_bytes(holds)
    told = refused([f"manager={file}"])
    assert told.startswith(f"--token manager={file}: {reason}")
    assert "\n" not in told
    assert not any(token in told for token in tokens.values())


def test_a_file_that_can_not_be_read_is_told(tmp_path: Path) -> None:
    none = tmp_path / "none"
    assert refused([f"manager={none}"]) == f"--token manager={none}: the file can't be read: No such file or directory"
    assert refused([f"manager={tmp_path}"]).endswith("the file can't be read: Is a directory")


def test_a_token_is_not_taken_on_the_command_line_and_never_told(keys: Path) -> None:
    token = sign_token(keys, "manager")
    for given in (f"manager={token}", token, f"manager=Bearer {token}", f"{token}=x"):
        told = refused([given])
        assert "with a file that holds the token" in told
        assert token[:20] not in told


@pytest.mark.parametrize("given", ["manager", "manager=", "mayor=file", "=file", "s3cr3t"])
def test_what_is_no_role_with_a_file_is_refused(given: str) -> None:
    told = refused([given])
    assert told.startswith("--token: give ROLE=FILE with one of the roles counsellor, manager,")
    assert "s3cr3t" not in told


def test_missing_roles_are_named_together_and_one_that_is_given_twice_is_refused(keys: Path, tmp_path: Path) -> None:
    file = tmp_path / "manager.jwt"
    file.write_text(sign_token(keys, "manager"))
    told = refused([f"manager={file}"], "operator", "manager", "evaluator")
    assert told == "give also: --token operator=FILE --token evaluator=FILE"
    assert "two files" in refused([f"manager={file}", f"manager={file}"])


def test_a_replaced_file_renews_its_token_and_one_that_is_just_being_written_does_not_end_it(
    keys: Path, tmp_path: Path
) -> None:
    first, second = (sign_token(keys, "manager", ttl_seconds=seconds) for seconds in (60, 120))
    file = tmp_path / "manager.jwt"
    file.write_text(f"{first}\n")
    tokens = TokenFiles([f"manager={file}"], ["manager"])
    assert tokens.token(Bearer("manager")) == first
    file.write_text(second[:-50].rpartition(".")[0])
    assert tokens.token(Bearer("manager")) == first
    file.unlink()
    assert tokens.token(Bearer("manager")) == first
    file.write_text(second)
    assert tokens.token(Bearer("manager")) == second
    file.write_text(sign_token(keys, "manager", subject="somebody-else"))
    for _ in range(2):
        with pytest.raises(OptionRefused, match="now has another subject"):
            tokens.token(Bearer("manager"))


@pytest.mark.parametrize(
    ("at", "authority", "words"),
    [
        ("127.0.0.1:8080", None, "--at 127.0.0.1:8080: an address is https://HOST"),
        ("ftp://centre", None, "--at ftp://centre: an address is"),
        ("https://centre:0x50", None, "an address is"),
        ("http://centre", "ca.pem", "--ca goes with an --at that begins with https://"),
        ("https://centre", "none.pem", "none.pem: the file can't be read: No such file"),
        ("https://centre", "ca.pem", "ca.pem: the file holds no certificates"),
    ],
)
def test_an_address_or_an_authority_that_is_none_is_refused(
    tmp_path: Path, at: str, authority: str | None, words: str
) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    with pytest.raises(OptionRefused, match=words):
        Remote(at, lambda _: "token", tmp_path / authority if authority else None)
