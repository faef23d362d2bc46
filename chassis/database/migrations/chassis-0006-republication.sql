-- depends: chassis-0005-sending
SET lock_timeout = '5s';

-- What was asked to be published again: events of a topic's partitions, for services that have lost them. The relay
-- does it, in its order, and goes on where it was interrupted.
CREATE TABLE republication (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic      text NOT NULL,
    partitions int[] NOT NULL,
    services   text[] NOT NULL,
    -- events of ids born since then; NULL: all that are kept
    since      timestamptz,
    asked_at   timestamptz NOT NULL DEFAULT now(),
    -- where each partition ended before the first was sent: {"partition": offset}
    begins     jsonb,
    last_id    bigint,
    sent       bigint NOT NULL DEFAULT 0,
    done_at    timestamptz,
    -- why it ended before its time
    error      text
);
CREATE INDEX republication_open ON republication (id) WHERE done_at IS NULL;
