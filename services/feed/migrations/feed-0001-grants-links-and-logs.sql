-- depends: chassis-0001-ground
-- What partners were granted, whom their client numbers stand for, and their logs.
SET lock_timeout = '5s';

-- A row a seeker: what they said last of care_partners, and when they were in SOS-Care. Of who was erased a mark stays.
CREATE TABLE person (
    seeker_id uuid PRIMARY KEY,
    consents  bool,
    said_at   timestamptz,
    -- the record that stays of the person, where this one was given up
    stays     uuid,
    erased    bool NOT NULL,
    cares     datemultirange NOT NULL
) WITH (fillfactor = 90);
CREATE INDEX person_stays ON person (stays) WHERE stays IS NOT NULL;

-- A partner by the subject of its tokens; number and mark are those of the last entry of its log.
CREATE TABLE partner (
    partner text PRIMARY KEY,
    secret  bytea NOT NULL,
    number  bigint NOT NULL,
    mark    bytea NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE passing_grant (
    number     bigint GENERATED ALWAYS AS IDENTITY,
    grant_id   uuid PRIMARY KEY,
    partner    text NOT NULL,
    ground     text NOT NULL CHECK (ground IN ('consent', 'law')),
    law        text,
    -- by type the names of the fields
    types      jsonb NOT NULL,
    until      date,
    granted_at timestamptz NOT NULL,
    granted_by text NOT NULL,
    ended_on   date,
    CHECK ((ground = 'law') = (law IS NOT NULL))
);
CREATE INDEX passing_grant_partner ON passing_grant (partner, number);
CREATE INDEX passing_grant_number ON passing_grant (number);
CREATE INDEX passing_grant_until ON passing_grant (until, grant_id) WHERE ended_on IS NULL AND until IS NOT NULL;

CREATE TABLE link (
    link_id       uuid PRIMARY KEY,
    partner       text NOT NULL,
    client_number text NOT NULL,
    -- null: they were erased
    seeker_id     uuid,
    linked_at     timestamptz NOT NULL,
    linked_by     text NOT NULL,
    ended_at      timestamptz,
    CHECK (seeker_id IS NOT NULL OR ended_at IS NOT NULL)
);
CREATE UNIQUE INDEX link_number ON link (partner, client_number) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX link_person ON link (seeker_id, partner) WHERE ended_at IS NULL;
CREATE INDEX link_seeker ON link (seeker_id);

-- Hashes of one-time codes.
CREATE TABLE code (
    digest    bytea PRIMARY KEY,
    partner   text NOT NULL,
    seeker_id uuid NOT NULL,
    until     timestamptz NOT NULL,
    used      bool NOT NULL,
    kept_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX code_seeker ON code (seeker_id);
CREATE INDEX code_kept_at ON code USING brin (kept_at);

-- Partners' logs; rows live for FEED_DAYS. Without a grant it is the event that says that passing on has ended.
CREATE TABLE entry (
    partner     text NOT NULL,
    number      bigint NOT NULL,
    -- the mark of the entry before it
    before      bytea NOT NULL,
    type        text NOT NULL,
    occurred_on date NOT NULL,
    -- the CloudEvent as the partner reads it; null: it is passed on no more
    body        bytea,
    link_id     uuid,
    grant_id    uuid,
    topic       text,
    partition   int,
    "offset"    bigint,
    kept_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (partner, number)
);
CREATE INDEX entry_link ON entry (link_id);
CREATE INDEX entry_kept_at ON entry USING brin (kept_at);

-- What was passed on of whom, once of each entry, until the person is erased. A snapshot has no number but its day.
CREATE TABLE passed_on (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    partner     text NOT NULL,
    number      bigint,
    snapshot_on date,
    link_id     uuid NOT NULL,
    grant_id    uuid,
    type        text NOT NULL,
    occurred_on date NOT NULL,
    passed_at   timestamptz NOT NULL DEFAULT now(),
    UNIQUE (partner, number),
    CHECK ((number IS NULL) = (snapshot_on IS NOT NULL))
);
CREATE INDEX passed_on_link ON passed_on (link_id, id);
