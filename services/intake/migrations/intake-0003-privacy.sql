-- depends: intake-0002-declared
-- Search, marks of records that are gone, consents, and who has read what of whom.
SET lock_timeout = '5s';

CREATE INDEX seeker_registered ON seeker (registered_on, seeker_id);
-- All three that make somebody the same person are in both, so that finding that person costs the same by any of them,
-- however many share a phone or a birth date.
CREATE INDEX seeker_phone ON seeker (phone, birth_date, name);
CREATE INDEX seeker_born ON seeker (birth_date, name, phone);

-- In place of a record that was erased, or merged into another; nothing personal is in it, and it stays.
CREATE TABLE former_seeker (
    seeker_id   uuid PRIMARY KEY,
    merged_into uuid
);
CREATE INDEX former_seeker_merged ON former_seeker (merged_into) WHERE merged_into IS NOT NULL;

-- What people said about the uses of their data, each time they did. It is kept as long as there may be a dispute, with
-- nothing in it that tells who they are once the record is gone.
CREATE TABLE consent (
    consent_id   uuid PRIMARY KEY,
    seeker_id    uuid NOT NULL,
    purpose      text NOT NULL,
    given        boolean NOT NULL,
    text_version text NOT NULL,
    occurred_on  date NOT NULL,
    recorded_at  timestamptz NOT NULL,
    actor_role   text NOT NULL,
    actor_id     text NOT NULL
);
CREATE INDEX consent_seeker ON consent (seeker_id, purpose);

-- Every read of personal data; rows live for READS_DAYS. What was looked for is not kept: it may be a name.
CREATE TABLE seeker_read (
    read_id     uuid PRIMARY KEY,
    seeker_id   uuid NOT NULL,
    what        text NOT NULL,
    reader_role text NOT NULL,
    reader_id   text NOT NULL,
    read_on     date NOT NULL,
    read_at     timestamptz NOT NULL,
    kept_at     timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX seeker_read_seeker ON seeker_read (seeker_id, read_on, read_id);
CREATE INDEX seeker_read_kept_at ON seeker_read USING brin (kept_at);
