"""All SQL by which commands keep webhooks, and take dead letters up again or give them up."""

from collections.abc import Mapping, Sequence
from datetime import date

from chassis.batch.aggregates import Aggregate, Look
from chassis.batch.effects import Doer
from chassis.database.db import Connection
from chassis.database.rows import Rows
from services.feed.webhooks.model import BegunAgain, DeadLetters, Discarded, EndedWebhook, Redriven, Webhook

WEBHOOK = Rows[Webhook](
    "webhook",
    "partner",
    {
        "partner": "text",
        "url": "text",
        "seed": "bytea",
        "former_seed": "bytea",
        "former_until": "timestamptz",
        "state": "text",
        "position": "bigint",
        "failures": "int",
        "tries": "int",
        "failing_since": "timestamptz",
        "failure": "text",
        "next_at": "timestamptz",
        "lost": "bigint",
        "delivered_at": "timestamptz",
        "registered_at": "timestamptz",
    },
)
KEEP = WEBHOOK.keep()


def sendable(day: str) -> str:
    """Tell in SQL whether an entry `e` may be passed on as it is looked at; `day` is the parameter with the day."""
    return f"""e.body IS NOT NULL AND (e.grant_id IS NULL OR EXISTS (
        SELECT FROM passing_grant g
        WHERE g.grant_id = e.grant_id AND g.ended_on IS NULL AND (g.until IS NULL OR g.until >= {day}::date)))"""


_IS_HEAD = """NOT EXISTS (SELECT FROM webhook_delivery b
    WHERE b.partner = d.partner AND b.subject = d.subject AND b.number < d.number)"""


async def send_next(conn: Connection, partner: str, subjects: Sequence[str]) -> None:
    """Have what waits first of some clients sent, where nothing stands before it any more."""
    await conn.execute(
        f"""UPDATE webhook_delivery d SET next_at = now()
            WHERE d.partner = $1 AND d.subject = ANY($2) AND d.next_at IS NULL AND d.dead_at IS NULL AND {_IS_HEAD}""",
        partner,
        subjects,
    )


async def tidy(conn: Connection, day: date) -> None:
    """Take out dead letters that may be passed on no more, and have sent what waits behind nothing any more."""
    await conn.execute(
        f"""DELETE FROM webhook_delivery d USING entry e
            WHERE d.dead_at IS NOT NULL AND e.partner = d.partner AND e.number = d.number AND NOT ({sendable("$1")})""",
        day,
    )
    await conn.execute(
        f"""UPDATE webhook_delivery d SET next_at = now()
            WHERE d.next_at IS NULL AND d.dead_at IS NULL AND {_IS_HEAD}"""
    )


class WebhookStore(Aggregate[Webhook]):
    """Keeps webhooks."""

    def key(self, state: Webhook) -> str:
        return state.partner

    async def load(self, conn: Connection, keys: Sequence[str]) -> Mapping[str, Webhook]:
        rows = await conn.fetch(
            f"SELECT {WEBHOOK.names} FROM webhook WHERE partner = ANY($1) ORDER BY partner FOR UPDATE", keys
        )
        return {row["partner"]: Webhook(*row) for row in rows}

    async def save(self, conn: Connection, states: Sequence[Webhook]) -> None:
        await conn.execute(KEEP, *WEBHOOK.arguments(states))


class DeadLettersStore(Look[DeadLetters]):
    """Reads which dead letters partners have, under the locks of their webhooks. Who ends a grant on its last day ends
    it for them as well."""

    def key(self, state: DeadLetters) -> str:
        return state.partner

    async def load(self, conn: Connection, keys: Sequence[str]) -> Mapping[str, DeadLetters]:
        rows = await conn.fetch(
            f"""SELECT d.partner, array_agg(d.number ORDER BY d.number) AS numbers
                FROM webhook_delivery d JOIN entry e USING (partner, number)
                WHERE d.partner = ANY($1) AND d.dead_at IS NOT NULL AND {sendable("g.until")} GROUP BY d.partner""",
            keys,
        )
        return {row["partner"]: DeadLetters(row["partner"], tuple(row["numbers"])) for row in rows}


class EndWebhooks(Doer[EndedWebhook]):
    """Takes webhooks away, with what they had not sent."""

    async def do(self, conn: Connection, effects: Sequence[EndedWebhook]) -> None:
        await conn.execute("DELETE FROM webhook WHERE partner = ANY($1)", [one.partner for one in effects])


class BeginAgain(Doer[BegunAgain]):
    """Forgets what was not taken before a position was set anew."""

    async def do(self, conn: Connection, effects: Sequence[BegunAgain]) -> None:
        await conn.execute("DELETE FROM webhook_delivery WHERE partner = ANY($1)", [one.partner for one in effects])


class RedriveLetters(Doer[Redriven]):
    """Has dead letters sent again."""

    async def do(self, conn: Connection, effects: Sequence[Redriven]) -> None:
        for one in effects:
            await conn.execute(
                """UPDATE webhook_delivery SET dead_at = NULL, next_at = now(), attempts = 0, first_at = NULL
                   WHERE partner = $1 AND number = ANY($2) AND dead_at IS NOT NULL""",
                one.partner,
                one.numbers,
            )


class DiscardLetters(Doer[Discarded]):
    """Gives dead letters up, and has sent what waits behind them."""

    async def do(self, conn: Connection, effects: Sequence[Discarded]) -> None:
        for one in effects:
            rows = await conn.fetch(
                """DELETE FROM webhook_delivery WHERE partner = $1 AND number = ANY($2) AND dead_at IS NOT NULL
                   RETURNING subject""",
                one.partner,
                one.numbers,
            )
            await send_next(conn, one.partner, [row["subject"] for row in rows])
