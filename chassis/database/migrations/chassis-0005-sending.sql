-- depends: chassis-0003-revocations
SET lock_timeout = '5s';

-- Events that Kafka has acknowledged, for PUBLISHED_DAYS: a partition a day, made and dropped by the relay. Its rows are
-- entered in the order of id.
CREATE TABLE published_event (
    LIKE outbox,
    published_at timestamptz NOT NULL DEFAULT now()
) PARTITION BY RANGE (published_at);
CREATE INDEX published_event_id ON published_event (id);

-- Events that Kafka refuses (dead), and later ones of the same key that wait behind them (parked), with the ids that
-- they had in the outbox.
CREATE TABLE unsent_event (
    LIKE outbox,
    state   text NOT NULL CHECK (state IN ('dead', 'parked')),
    error   text NOT NULL,
    kept_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (id)
);
CREATE INDEX unsent_event_key ON unsent_event (topic, key);

-- Who leads, by terms: who still works in an earlier one is told so by each of its statements.
CREATE TABLE leadership (
    one   boolean PRIMARY KEY DEFAULT true CHECK (one),
    term  bigint NOT NULL DEFAULT 0,
    since timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);
INSERT INTO leadership DEFAULT VALUES;

-- What a process that is frozen, or gone without a word, holds: PostgreSQL lets go of it by itself. The role's default
-- in this database, as in chassis-0002-by-index.
DO $$
DECLARE
    setting text[];
BEGIN
    FOREACH setting SLICE 1 IN ARRAY ARRAY[
        ['idle_in_transaction_session_timeout', '15s'], ['transaction_timeout', '60s'],
        ['client_connection_check_interval', '5s'],
        ['tcp_keepalives_idle', '5'], ['tcp_keepalives_interval', '3'], ['tcp_keepalives_count', '3'],
        ['tcp_user_timeout', '15s']] LOOP
        EXECUTE format('ALTER ROLE %I IN DATABASE %I SET %s = %L', current_user, current_database(),
                       setting[1], setting[2]);
    END LOOP;
END
$$;
