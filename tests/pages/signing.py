"""A browser as far as sign-in needs one: it keeps cookies and goes where it is led, for tests of this folder."""

import re
from typing import Any

import httpx2

from jobplus.stack.keys import Role
from jobplus.stack.local import Stack
from jobplus.stack.ports import HOST, provider_port

SESSION, BEGUN = "jobplus-session", "jobplus-sign-in"
START = "/ko/staff/"


def provider_url(stack: Stack) -> str:
    """Where the identity provider for trying listens."""
    return f"http://{HOST}:{provider_port(stack.base_port)}"


def text_of(body: str) -> str:
    """Give what a page says, without its tags."""
    found = re.sub(r"(?s)<head>.*?</head>|<[^>]+>", " ", body)
    return " ".join(found.replace("&#39;", "'").split())


class Browser(httpx2.Client):
    """Asks reporting's pages; `go` is led on, all else is asked once."""

    def __init__(self, stack: Stack, **options: Any) -> None:
        super().__init__(base_url=stack.url("reporting"), trust_env=False, timeout=30, **options)
        self.stack = stack

    def go(self, path: str, **headers: str) -> httpx2.Response:
        """Ask for a page and go where it leads."""
        return self.get(path, headers=headers, follow_redirects=True)

    def begin(self, ahead: str = START) -> str:
        """Begin to sign in; gives the provider's address that one is sent to."""
        sent = self.get("/ko/sign-in", params={"next": ahead})
        assert sent.status_code == 303, sent.text
        return sent.headers["Location"]

    def chosen(self, address: str, person: str) -> str:
        """Choose a person at the provider; gives the address that one is sent back to."""
        back = self.get(f"{address}&person={person}")
        assert back.status_code == 303, back.text
        return back.headers["Location"]

    def sign_in(self, role: Role, ahead: str = START) -> httpx2.Response:
        """Sign in as the person of a role; gives the page that one is led to."""
        return self.go(self.chosen(self.begin(ahead), role))

    def is_told(self, role: Role, path: str, status: int, said: str, kept: str) -> None:
        """Hold a page that a role asks for to its status, to what it says in words, and to what was typed, if anything
        was."""
        self.sign_in(role)
        page = self.get(path)
        assert page.status_code == status
        assert said in text_of(page.text)
        assert not kept or f'value="{kept}"' in page.text
