-- depends: feed-0002-whose-a-seeker-is
-- Webhooks: where a partner's log is sent to, and what of it was not taken yet.
SET lock_timeout = '5s';

CREATE TABLE webhook (
    partner       text PRIMARY KEY,
    url           text NOT NULL,
    secret        bytea NOT NULL,
    -- signs beside `secret` until then
    former_secret bytea,
    former_until  timestamptz,
    state         text NOT NULL CHECK (state IN ('unverified', 'active', 'paused')),
    -- what is entered up to here was taken, or has its row in webhook_delivery
    position      bigint NOT NULL,
    -- in a row, without anything taken between them
    failures      int NOT NULL,
    -- pauses and handshakes in vain, without anything taken between them
    tries         int NOT NULL,
    failing_since timestamptz,
    failure       text,
    -- the next handshake; null: somebody has to ask for it
    next_at       timestamptz,
    -- entries that outlived their days before they could be sent
    lost          bigint NOT NULL,
    delivered_at  timestamptz,
    registered_at timestamptz NOT NULL,
    CHECK ((former_secret IS NULL) = (former_until IS NULL))
) WITH (fillfactor = 50);

-- What was not taken when it was sent first, and what waits behind it, of the same client.
CREATE TABLE webhook_delivery (
    partner  text NOT NULL REFERENCES webhook ON DELETE CASCADE,
    number   bigint NOT NULL,
    -- the client number; empty: it is of nobody alone
    subject  text NOT NULL,
    attempts int NOT NULL,
    first_at timestamptz,
    -- null: it waits behind another, or is dead
    next_at  timestamptz,
    failure  text,
    dead_at  timestamptz,
    PRIMARY KEY (partner, number),
    FOREIGN KEY (partner, number) REFERENCES entry ON DELETE CASCADE,
    CHECK (dead_at IS NULL OR next_at IS NULL)
) WITH (fillfactor = 80);
CREATE INDEX webhook_delivery_subject ON webhook_delivery (partner, subject, number);
CREATE INDEX webhook_delivery_next_at ON webhook_delivery (partner, next_at) WHERE next_at IS NOT NULL;
CREATE INDEX webhook_delivery_waiting ON webhook_delivery (partner, subject, number)
    WHERE next_at IS NULL AND dead_at IS NULL;
CREATE INDEX webhook_delivery_dead ON webhook_delivery (partner, number) WHERE dead_at IS NOT NULL;
