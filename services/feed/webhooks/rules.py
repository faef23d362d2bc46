"""Where a log may be sent to, and what its partner may ask of that."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from chassis.batch.command_batch import Deciders
from chassis.batch.decisions import Accepted, Decision, Now, Refused
from chassis.problems import ProblemType
from services.feed.entries import Partner
from services.feed.grants.rules import NOTHING_GRANTED
from services.feed.webhooks.addresses import wrong_url
from services.feed.webhooks.commands import (
    AskHandshake,
    Discard,
    EndWebhook,
    Redrive,
    RegisterWebhook,
    RotateSecret,
)
from services.feed.webhooks.model import BegunAgain, DeadLetters, Discarded, EndedWebhook, Redriven, Webhook

WRONG_URL = ProblemType("webhook-url", 422, "Nothing can be sent to this address")
INSIDE_URL = ProblemType("webhook-url-inside", 422, "This address leads inside, where nothing is sent to")
NO_WEBHOOK = ProblemType("no-webhook", 404, "This partner has no webhook")
WEBHOOK_ACTIVE = ProblemType("webhook-active", 409, "This webhook is active: its receiver has proven itself")
SECRET_ROTATING = ProblemType("webhook-secret-rotating", 409, "The secret before this one still signs")
NO_DEAD_LETTER = ProblemType("no-webhook-dead-letter", 404, "There is no such dead letter")

_NO_WEBHOOK = Refused(NO_WEBHOOK, "register one first: PUT /webhook")


def register(partner: Partner | None, webhook: Webhook | None, command: RegisterWebhook, now: Now) -> Decision:
    """Have a partner's log sent to an address, once its receiver has proven that it wants it."""
    if partner is None:
        return Refused(NOTHING_GRANTED, f"have the centre grant something to {command.partner} first")
    if wrong := wrong_url(command.url, http=command.http):
        return Refused(WRONG_URL, wrong, "url")
    if webhook is None:
        after = partner.end.number if command.after is None else command.after
        made = Webhook(
            partner=command.partner,
            url=command.url,
            seed=command.made.seed,
            former_seed=None,
            former_until=None,
            state="unverified",
            position=after,
            failures=0,
            tries=0,
            failing_since=None,
            failure=None,
            next_at=command.at,
            lost=0,
            delivered_at=None,
            registered_at=command.at,
        )
        return Accepted((made,), answer={"state": made.state, "secret": None}, once={"secret": command.made.secret})
    effects = ()
    if command.url != webhook.url:
        webhook = replace(webhook, url=command.url, state="unverified").unproven(command.at)
    if command.after is not None:
        webhook, effects = replace(webhook, position=command.after), (BegunAgain(command.partner),)
    return Accepted((webhook,), answer={"state": webhook.state, "secret": None}, effects=effects)


def rotate(webhook: Webhook | None, command: RotateSecret, now: Now) -> Decision:
    """Give a webhook a new secret, beside which the one before it signs for some hours."""
    if webhook is None:
        return _NO_WEBHOOK
    hours = command.form.overlap_hours
    if hours and webhook.former_until is not None and command.at < webhook.former_until:
        return Refused(
            SECRET_ROTATING,
            f"until {webhook.former_until:%Y-%m-%dT%H:%M:%SZ}: rotate again after that, or with overlap_hours 0, by "
            "which all but the new one end at once",
            "overlap_hours",
        )
    until = command.at + timedelta(hours=hours) if hours else None
    rotated = replace(webhook, seed=command.made.seed, former_seed=webhook.seed if hours else None, former_until=until)
    answer = {"secret": None, "former_until": until}
    return Accepted((rotated,), answer=answer, once={"secret": command.made.secret})


def ask_handshake(webhook: Webhook | None, command: AskHandshake, now: Now) -> Decision:
    """Have the handshake tried at once, and again for three days."""
    if webhook is None:
        return _NO_WEBHOOK
    if webhook.state == "active":
        return Refused(WEBHOOK_ACTIVE, "there is nothing to do: GET /webhook tells what it waits for")
    waiting = webhook.unproven(command.at)
    return Accepted((waiting,), answer={"state": waiting.state})


def end(webhook: Webhook | None, command: EndWebhook, now: Now) -> Decision:
    """Send nothing more; what is entered stays to be read from the feed."""
    if webhook is None:
        return _NO_WEBHOOK
    return Accepted(answer={"sent_through": webhook.position}, effects=(EndedWebhook(command.partner),))


def redrive(webhook: Webhook | None, letters: DeadLetters | None, command: Redrive, now: Now) -> Decision:
    """Send dead letters again, for three days anew."""
    if webhook is None:
        return _NO_WEBHOOK
    dead = letters.numbers if letters else ()
    if refused := _unknown(command.form.numbers or (), dead):
        return refused
    numbers = tuple(command.form.numbers or dead)
    return Accepted(answer={"redriven": len(set(numbers))}, effects=(Redriven(command.partner, numbers),))


def discard(webhook: Webhook | None, letters: DeadLetters | None, command: Discard, now: Now) -> Decision:
    """Give dead letters up: what waits behind them is sent."""
    if webhook is None:
        return _NO_WEBHOOK
    if refused := _unknown(command.form.numbers, letters.numbers if letters else ()):
        return refused
    numbers = tuple(command.form.numbers)
    return Accepted(answer={"discarded": len(set(numbers))}, effects=(Discarded(command.partner, numbers),))


def _unknown(asked: Sequence[int], dead: Sequence[int]) -> Refused | None:
    if unknown := sorted({*asked} - {*dead}):
        listed = ", ".join(map(str, unknown[:10]))
        return Refused(NO_DEAD_LETTER, f"{listed}: look at GET /webhook/dead-letters", "numbers")
    return None


DECIDERS: Deciders = {
    RegisterWebhook: register,
    RotateSecret: rotate,
    AskHandshake: ask_handshake,
    EndWebhook: end,
    Redrive: redrive,
    Discard: discard,
}
