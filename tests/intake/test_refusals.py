"""Bad input: each a problem document that names the field and the reason, and nothing is written."""

import time
import uuid
from typing import Any

import jwt
import orjson
import pytest

from tests.kit import forms
from tests.kit.client import StackClient
from tests.kit.waiting import until

_TABLES = ("seeker", "session", "idempotency", "outbox_sequence", "launch")


def _written(calling: StackClient) -> list[int]:
    """Count what stands in the tables, once nobody waits for a counsellor any more: that comes by itself."""
    waiting = """SELECT count(*) AS n FROM seeker WHERE status = 'active' AND counsellor_id IS NULL
                 AND EXISTS (SELECT FROM counsellor WHERE left_on IS NULL)"""
    until(lambda: calling.query("intake", waiting)[0]["n"], "nobody waits for a counsellor", lambda n: n == 0)
    return [calling.query("intake", f"SELECT count(*) AS n FROM {table}")[0]["n"] for table in _TABLES]


FORMS: dict[str, tuple[dict[str, Any], str]] = {
    "an unknown field": (forms.seeker(nickname="보람이"), "nickname"),
    "a wrong gender": (forms.seeker(gender="unknown"), "gender"),
    "an unknown occupation": (forms.seeker(wanted_occupations=["99"]), "wanted_occupations.0"),
    "an occupation named twice": (forms.seeker(wanted_occupations=["02", "02"]), "wanted_occupations"),
    "no wanted occupation": (forms.seeker(wanted_occupations=[]), "wanted_occupations"),
    "four wanted occupations": (forms.seeker(wanted_occupations=["01", "02", "03", "04"]), "wanted_occupations"),
    "an unknown district": (forms.seeker(district="26110"), "district"),
    "a day that hasn't come": (forms.seeker(occurred_on="2999-01-01"), "occurred_on"),
    "a child": (forms.seeker(birth_date="2026-01-01"), "birth_date"),
    "someone older than anyone": (forms.seeker(birth_date="1850-01-01"), "birth_date"),
    "someone not born yet": (forms.seeker(birth_date="2999-01-01"), "birth_date"),
    "a day that doesn't exist": (forms.seeker(birth_date="1979-02-30"), "birth_date"),
    "an over-long name": (forms.seeker(name="김" * 101), "name"),
    "a name with a character that no text has": (forms.seeker(name="김\u0000보람"), "name"),
    "an empty name": (forms.seeker(name="  "), "name"),
    "a phone that is none": (forms.seeker(phone="call me"), "phone"),
    "a negative wage": (forms.seeker(desired_wage=-1), "desired_wage"),
    "a last job without its day": (forms.seeker(last_job_end_reason="retired"), "last_job_ended_on"),
    "a last job without its reason": (forms.seeker(last_job_ended_on="2009-01-31"), "last_job_end_reason"),
    "a last job that hasn't ended": (
        forms.seeker(last_job_ended_on="2999-01-01", last_job_end_reason="retired"),
        "last_job_ended_on",
    ),
    "a missing field": ({k: v for k, v in forms.seeker().items() if k != "phone"}, "phone"),
}


@pytest.mark.parametrize(("form", "field"), FORMS.values(), ids=FORMS.keys())
def test_a_registration_is_refused_for(calling: StackClient, form: dict[str, Any], field: str) -> None:
    before = _written(calling)
    reply = calling.post("intake", "/seekers", form)
    assert reply.status == 422
    assert reply.headers["content-type"] == "application/problem+json"
    assert field in reply.fields
    assert reply.json["type"].startswith("urn:jobplus:problem:")
    assert _written(calling) == before


def _headers(calling: StackClient, **changes: str | None) -> dict[str, str]:
    headers = {
        **calling.bearing("counsellor"),
        "Content-Type": "application/json",
        "Idempotency-Key": str(uuid.uuid4()),
    }
    return {name: value for name, value in {**headers, **changes}.items() if value is not None}


REQUESTS: dict[str, tuple[dict[str, str | None], bytes, int, str]] = {
    "no token": ({"Authorization": None}, b"{}", 401, "Authorization"),
    "a token that is none": ({"Authorization": "Bearer nonsense"}, b"{}", 401, "Authorization"),
    "another scheme": ({"Authorization": "Basic abc"}, b"{}", 401, "Authorization"),
    "no Idempotency-Key": ({"Idempotency-Key": None}, orjson.dumps(forms.seeker()), 400, "Idempotency-Key"),
    "an over-long Idempotency-Key": (
        {"Idempotency-Key": "k" * 201},
        orjson.dumps(forms.seeker()),
        400,
        "Idempotency-Key",
    ),
    "a wrong content type": ({"Content-Type": "text/plain"}, orjson.dumps(forms.seeker()), 415, "Content-Type"),
    "a body over 1 MB": ({}, b" " * 1_000_001, 413, "body"),
    "a body that is no JSON": ({}, b'{"name": ', 422, "body"),
    "a body that is a list": ({}, b"[]", 422, "body"),
}


@pytest.mark.parametrize(("changes", "body", "status", "field"), REQUESTS.values(), ids=REQUESTS.keys())
def test_a_request_is_refused_for(
    calling: StackClient, changes: dict[str, str | None], body: bytes, status: int, field: str
) -> None:
    before = _written(calling)
    reply = calling.send("intake", "POST", "/seekers", body, _headers(calling, **changes))
    assert reply.status == status
    assert reply.headers["content-type"] == "application/problem+json"
    assert field in reply.fields
    assert _written(calling) == before


def test_a_role_that_may_not_register_is_refused(calling: StackClient) -> None:
    reply = calling.post("intake", "/seekers", forms.seeker(), role="partner")
    assert reply.status == 403
    assert "counsellor" in reply.json["detail"]


def test_a_token_that_has_ended_is_refused(calling: StackClient) -> None:
    ended = calling.bearing("manager", ttl_seconds=-3600)
    reply = calling.send("intake", "POST", "/seekers", b"{}", _headers(calling, **ended))
    assert reply.status == 401
    assert "expired" in reply.json["detail"]


def test_a_token_signed_by_another_key_is_refused(calling: StackClient) -> None:
    claims: dict[str, Any] = {"iss": "jobplus", "aud": "jobplus", "sub": "x", "role": "manager", "iat": 0}
    claims["exp"] = time.time() + 60
    forged = jwt.encode(claims, "a secret of thirty-two characters", algorithm="HS256", headers={"kid": "local"})
    reply = calling.send("intake", "POST", "/seekers", b"{}", _headers(calling, Authorization=f"Bearer {forged}"))
    assert reply.status == 401


def test_an_address_that_leads_nowhere_is_a_problem_document_too(calling: StackClient) -> None:
    reply = calling.get("intake", "/nothing")
    assert (reply.status, reply.headers["content-type"]) == (404, "application/problem+json")


def test_an_id_that_is_none_and_one_that_nobody_has(calling: StackClient) -> None:
    assert calling.get("intake", "/seekers/12").fields == ["seeker_id"]
    reply = calling.get("intake", f"/seekers/{uuid.uuid4()}")
    assert (reply.status, reply.fields) == (404, ["seeker_id"])
