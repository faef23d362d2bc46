-- depends: intake-0003-privacy intake-0005-assignments
-- Whose record was opened by a counsellor who doesn't counsel them, and by which reason; rows live for READS_DAYS.
SET lock_timeout = '5s';

CREATE TABLE record_opening (
    opening_id    uuid PRIMARY KEY,
    seeker_id     uuid NOT NULL,
    counsellor_id uuid NOT NULL,
    reason        text NOT NULL,
    opened_on     date NOT NULL,
    opened_at     timestamptz NOT NULL,
    kept_at       timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX record_opening_seeker ON record_opening (seeker_id, opened_on, counsellor_id);
CREATE INDEX record_opening_day ON record_opening (opened_on, opening_id);
CREATE INDEX record_opening_kept_at ON record_opening USING brin (kept_at);

-- Whether the one who was read was somebody else's than the reader's: such reads have a quota of the day.
ALTER TABLE seeker_read ADD COLUMN of_another boolean NOT NULL DEFAULT false;
CREATE INDEX seeker_read_of_another ON seeker_read (reader_id, reader_role, read_on, seeker_id) WHERE of_another;

-- How many persons somebody only tried out to register, on each day; rows live for READS_DAYS.
CREATE TABLE tried_out (
    reader_role text NOT NULL,
    reader_id   text NOT NULL,
    tried_on    date NOT NULL,
    rows        int NOT NULL,
    kept_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (reader_role, reader_id, tried_on)
);
CREATE INDEX tried_out_kept_at ON tried_out USING brin (kept_at);
