"""A small identity provider for trying, with a person for each role: `python -m jobplus.stack.provider`.

It speaks OpenID Connect as far as the pages need it: the authorization code flow with PKCE, discovery and keys. It asks
for no password, so it listens on this machine alone, and refuses to run in production. What it hands out are the tokens
of the local stack (`keys.py`).
"""

import base64
import hashlib
import hmac
import html
import json
import os
import secrets
import sys
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock
from typing import NamedTuple, cast, get_args
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from jobplus.stack.keys import Role, jwks_file, sign_claims, sign_token
from jobplus.stack.ports import HOST

CLIENT = "jobplus-pages"
CODE_SECONDS = 60
ID_TOKEN_SECONDS = 300
LONGEST_FORM = 10_000
MOST_CODES = 1_000

PEOPLE: dict[Role, tuple[str, str]] = {
    "counsellor": ("상담사 가온", "Counsellor Gaon"),
    "manager": ("관리자 나래", "Manager Narae"),
    "operator": ("운영 담당자 다솜", "Operator Dasom"),
    "analyst": ("분석 담당자 라온", "Analyst Raon"),
    "evaluator": ("평가 부서 마루", "Evaluator Maru"),
    "partner": ("협력 기관 바다", "Partner Bada"),
    "employer": ("구인기업 사랑", "Employer Sarang"),
}
"""Made up: one of each role."""

_WORDS = {
    "ko": (
        "시험용 로그인",
        "이 컴퓨터에서 시험할 때만 쓰며 비밀번호가 없습니다. 누구로 로그인할까요?",
        "취소",
    ),
    "en": ("Sign in, for trying", "For trying on this machine alone: there are no passwords. Who are you?", "Cancel"),
}


class Settings(NamedTuple):
    """Where it listens, whom it sends people back to, and by which keys and secret."""

    port: int
    keys: Path
    secret: str
    back: str

    @property
    def issuer(self) -> str:
        """What it calls itself."""
        return f"http://{HOST}:{self.port}"


class Granted(NamedTuple):
    """Whom a code stands for, and what it was asked for with."""

    role: Role
    challenge: str
    nonce: str
    until: float


class Codes:
    """The codes that were handed out, each good once and for a minute."""

    def __init__(self) -> None:
        self._granted: dict[str, Granted] = {}
        self._lock = Lock()

    def grant(self, role: Role, challenge: str, nonce: str) -> str:
        """Hand out a code to somebody who asked with a challenge (PKCE, S256) and a nonce."""
        code = secrets.token_urlsafe(32)
        with self._lock:
            while len(self._granted) >= MOST_CODES:
                del self._granted[next(iter(self._granted))]
            self._granted[code] = Granted(role, challenge, nonce, time.monotonic() + CODE_SECONDS)
        return code

    def take(self, code: str, verifier: str) -> Granted | None:
        """Give what a code stands for, once, to whoever has the verifier of its challenge."""
        with self._lock:
            found = self._granted.pop(code, None)
        if found is None or time.monotonic() > found.until:
            return None
        digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        return found if hmac.compare_digest(digest, found.challenge) else None


class Handler(BaseHTTPRequestHandler):
    """Answers the provider's addresses."""

    settings: Settings
    codes: Codes
    protocol_version = "HTTP/1.1"
    timeout = 10

    def do_GET(self) -> None:
        if self.headers.get("Host") != f"{HOST}:{self.settings.port}":  # a name of another's that leads here
            self._text(421, "ask by the address")
            return
        address = urlsplit(self.path)
        match address.path:
            case "/.well-known/openid-configuration":
                self._json(200, self._metadata())
            case "/jwks":
                self._answer(200, "application/json", jwks_file(self.settings.keys).read_bytes())
            case "/authorize":
                self._authorize(address.query)
            case "/signed-out":
                self._text(200, "Signed out: it keeps no session of its own. 로그아웃했습니다.")
            case "/health/ready":
                self._text(200, "ready")
            case _:
                self._text(404, "nothing here")

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > LONGEST_FORM:
            self.close_connection = True
            self._text(413, "too long")
            return
        form = parse_qs(self.rfile.read(int(length)).decode(errors="replace"))
        if urlsplit(self.path).path != "/token":
            self._text(404, "nothing here")
            return
        self._token({name: values[0] for name, values in form.items() if len(values) == 1})

    def _metadata(self) -> dict[str, object]:
        issuer = self.settings.issuer
        return {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/jwks",
            "end_session_endpoint": f"{issuer}/signed-out",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["EdDSA"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
        }

    def _authorize(self, query: str) -> None:
        """Ask who somebody is; whom nobody knows is sent nowhere."""
        asked = {name: values[0] for name, values in parse_qs(query).items() if len(values) == 1}
        if asked.get("client_id") != CLIENT or asked.get("redirect_uri") != self.settings.back:
            self._text(400, "neither this client nor this address to go back to is known here")
            return
        if asked.get("response_type") != "code" or "openid" not in asked.get("scope", "").split():
            self._back(asked, error="invalid_request")
        elif asked.get("code_challenge_method") != "S256" or not asked.get("code_challenge"):
            self._back(asked, error="invalid_request", error_description="PKCE with S256 is needed")
        elif asked.get("person") == "nobody":
            self._back(asked, error="access_denied")
        elif asked.get("person") in PEOPLE:
            role = cast(Role, asked["person"])
            self._back(asked, code=self.codes.grant(role, asked["code_challenge"], asked.get("nonce", "")))
        else:
            self._answer(200, "text/html; charset=utf-8", self._people(query).encode())

    def _people(self, query: str) -> str:
        language = "en" if self.headers.get("Accept-Language", "").lower().startswith("en") else "ko"
        title, lead, cancel = _WORDS[language]

        def link(person: str, name: str) -> str:
            return (
                f'<li><a href="/authorize?{html.escape(query)}&amp;person={quote(person)}">{html.escape(name)}</a></li>'
            )

        names = [link(role, f"{PEOPLE[role][language == 'en']} ({role})") for role in get_args(Role)]
        return (
            f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width"><title>{title}</title>'
            f"<main><h1>{title}</h1><p>{lead}</p><ul>{''.join(names)}{link('nobody', cancel)}</ul></main></html>"
        )

    def _back(self, asked: dict[str, str], **told: str) -> None:
        state = {"state": asked["state"]} if "state" in asked else {}
        query = urlencode({**told, **state, "iss": self.settings.issuer})
        self._answer(303, "text/plain", b"", {"Location": f"{self.settings.back}?{query}"})

    def _token(self, form: dict[str, str]) -> None:
        expected = base64.b64encode(f"{CLIENT}:{self.settings.secret}".encode()).decode()
        shown = self.headers.get("Authorization", "")
        if not hmac.compare_digest(shown.encode(), f"Basic {expected}".encode()):
            self._json(401, {"error": "invalid_client"}, {"WWW-Authenticate": "Basic"})
            return
        if form.get("grant_type") != "authorization_code":
            self._json(400, {"error": "unsupported_grant_type"})
            return
        granted = self.codes.take(form.get("code", ""), form.get("code_verifier", ""))
        if granted is None or form.get("redirect_uri") != self.settings.back:
            self._json(400, {"error": "invalid_grant"})
            return
        token = sign_token(self.settings.keys, granted.role)
        told = {"access_token": token, "token_type": "Bearer", "id_token": self.id_token(granted)}
        self._json(200, told)

    def id_token(self, granted: Granted) -> str:
        """Say who somebody is, for the pages alone."""
        now = int(time.time())
        claims = {
            "iss": self.settings.issuer,
            "aud": CLIENT,
            "sub": f"local-{granted.role}",
            "name": PEOPLE[granted.role][0],
            "iat": now,
            "exp": now + ID_TOKEN_SECONDS,
            **({"nonce": granted.nonce} if granted.nonce else {}),
        }
        return sign_claims(self.settings.keys, claims)

    def _json(self, status: int, content: Mapping[str, object], headers: dict[str, str] | None = None) -> None:
        self._answer(status, "application/json", json.dumps(content).encode(), headers)

    def _text(self, status: int, text: str) -> None:
        self._answer(status, "text/plain; charset=utf-8", text.encode())

    def _answer(self, status: int, media_type: str, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        own = {
            "Content-Type": media_type,
            "Content-Length": str(len(body)),
            "Cache-Control": "no-store",
            "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
            "Referrer-Policy": "no-referrer",
        }
        for name, value in {**own, **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing of a request: its address may hold a code."""


def main() -> None:
    """Serve until the process is ended; its settings come from the environment."""
    if os.environ.get("JOBPLUS_ENVIRONMENT") not in ("local", "test"):
        print("the provider for trying asks for no password: it runs where JOBPLUS_ENVIRONMENT is local or test alone")
        sys.exit(2)
    Handler.settings = Settings(
        int(os.environ["JOBPLUS_PROVIDER_PORT"]),
        Path(os.environ["JOBPLUS_PROVIDER_KEYS"]),
        Path(os.environ["JOBPLUS_PROVIDER_SECRET_FILE"]).read_text().strip(),
        os.environ["JOBPLUS_PROVIDER_BACK"],
    )
    Handler.codes = Codes()
    with ThreadingHTTPServer((HOST, Handler.settings.port), Handler) as server:
        server.daemon_threads = True
        server.serve_forever()


if __name__ == "__main__":
    main()
