-- What the chassis keeps in the database of every service.
SET lock_timeout = '5s';

-- Events of committed changes that are not on Kafka yet; the relay empties it in the order of id.
CREATE TABLE outbox (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id       uuid NOT NULL,
    topic          text NOT NULL,
    key            text NOT NULL,
    type           text NOT NULL,
    sequence       bigint NOT NULL,
    time           timestamptz NOT NULL,
    correlation_id text NOT NULL,
    causation_id   text NOT NULL,
    value          bytea
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_cost_delay = 0);

-- The last sequence number given to an event of a key; its row lock makes outbox order lock order.
CREATE TABLE outbox_sequence (
    topic text NOT NULL,
    key   text NOT NULL,
    last  bigint NOT NULL,
    PRIMARY KEY (topic, key)
) WITH (fillfactor = 80);

-- Answers already given to a named request; rows live for IDEMPOTENCY_DAYS.
CREATE TABLE idempotency (
    caller       text NOT NULL,
    key          text NOT NULL,
    request_hash bytea NOT NULL,
    answer       bytea NOT NULL,
    kept_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (caller, key)
);
CREATE INDEX idempotency_kept_at ON idempotency USING brin (kept_at);

-- Where this service stands in each partition: moved in the transaction that applies the records.
CREATE TABLE consumer_offset (
    topic         text NOT NULL,
    partition     int NOT NULL,
    next_offset   bigint NOT NULL,
    last_offset   bigint,
    last_event_id uuid,
    -- the newest birth time among the ids of the events read: what was born well before it has been heard of
    read_through  timestamptz,
    -- where the partition ended when it was last looked at
    end_offset    bigint,
    checked_at    timestamptz,
    PRIMARY KEY (topic, partition)
) WITH (fillfactor = 50);

-- Ids of the events already applied; rows live for INBOX_DAYS.
CREATE TABLE inbox (
    event_id uuid PRIMARY KEY,
    kept_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX inbox_kept_at ON inbox USING brin (kept_at);

-- Records that can't be applied (dead), and later ones of the same key that wait behind them (parked).
CREATE TABLE dead_letter (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    state     text NOT NULL CHECK (state IN ('dead', 'parked')),
    topic     text NOT NULL,
    partition int NOT NULL,
    "offset"  bigint NOT NULL,
    key       bytea,
    headers   jsonb NOT NULL,
    value     bytea,
    type      text,
    error     text NOT NULL,
    attempts  int NOT NULL DEFAULT 1,
    kept_at   timestamptz NOT NULL DEFAULT now(),
    UNIQUE (topic, partition, "offset")
);
CREATE INDEX dead_letter_key ON dead_letter (topic, key);

-- The day of the simulated clock: one row, or none until it is first set.
CREATE TABLE simulated_clock (
    one    boolean PRIMARY KEY DEFAULT true CHECK (one),
    day    date NOT NULL,
    set_at timestamptz NOT NULL
);

-- The last day whose due work is done, a row for each kind of due work.
CREATE TABLE due_through (
    work text PRIMARY KEY,
    day  date NOT NULL
);
