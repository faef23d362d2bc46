-- depends: chassis-0001-ground
-- The ledger of all events, the facts made of them, and daily rollups of the facts.
SET lock_timeout = '5s';

CREATE TABLE ledger (
    position       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id       uuid NOT NULL,
    source         text NOT NULL,
    topic          text NOT NULL,
    key            text NOT NULL,
    sequence       bigint NOT NULL,
    type           text NOT NULL,
    partition      int NOT NULL,
    "offset"       bigint NOT NULL,
    occurred_on    date NOT NULL,
    recorded_at    timestamptz NOT NULL,
    received_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    imported       boolean NOT NULL,
    actor_role     text NOT NULL,
    actor_id       text NOT NULL,
    correlation_id text NOT NULL,
    causation_id   text NOT NULL,
    -- the event's JSON, byte for byte as it was sent
    data           bytea NOT NULL,
    CONSTRAINT ledger_event UNIQUE (event_id),
    CONSTRAINT ledger_sequence UNIQUE (key, topic, source, sequence)
);

-- Events that came without the one before them: the missing number, which others may be missing before, too.
CREATE TABLE sequence_gap (
    source   text NOT NULL,
    topic    text NOT NULL,
    key      text NOT NULL,
    sequence bigint NOT NULL,
    found_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (key, topic, source, sequence)
);

CREATE TABLE fact (
    fact_id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    position    bigint NOT NULL,
    measure     text NOT NULL,
    occurred_on date NOT NULL,
    recorded_at timestamptz NOT NULL,
    dimensions  jsonb NOT NULL,
    amount      int NOT NULL CHECK (amount <> 0)
);
CREATE INDEX fact_measure ON fact (measure, fact_id);
-- Facts are made nearly in the order of recording, so blocks tell their times apart.
CREATE INDEX fact_recorded_at ON fact USING brin (recorded_at);

-- Sums of the facts, by those dimensions that published figures are split by.
CREATE TABLE daily (
    measure     text NOT NULL,
    occurred_on date NOT NULL,
    recorded_on date NOT NULL,
    dimensions  jsonb NOT NULL,
    amount      bigint NOT NULL,
    PRIMARY KEY (measure, occurred_on, recorded_on, dimensions)
) WITH (fillfactor = 80);

-- What is known of each person for the measures that count distinct persons.
CREATE TABLE person_event (
    person_id   uuid NOT NULL,
    history     text NOT NULL,
    recorded_at timestamptz NOT NULL,
    event_id    uuid NOT NULL,
    subject     uuid NOT NULL,
    counts      boolean NOT NULL,
    occurred_on date NOT NULL,
    -- canonical JSON, kept as text so that equal ones are equal texts
    dimensions  text NOT NULL,
    PRIMARY KEY (person_id, history, event_id)
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP;
END $$;

CREATE TRIGGER ledger_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
-- Facts follow from the ledger, so a rebuild may empty them as a whole.
CREATE TRIGGER fact_is_append_only BEFORE UPDATE OR DELETE ON fact
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
