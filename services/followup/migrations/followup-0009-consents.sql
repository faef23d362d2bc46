-- depends: followup-0008-told
-- Who agrees to be asked by surveys.
SET lock_timeout = '5s';

-- What was said last under each record of a person. Who never said anything has no row, and may be asked.
CREATE TABLE survey_consent (
    person_id   uuid PRIMARY KEY,
    given       boolean NOT NULL,
    occurred_on date NOT NULL,
    recorded_at timestamptz NOT NULL
) WITH (fillfactor = 90);
