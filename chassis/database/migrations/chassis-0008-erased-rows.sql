-- depends: chassis-0007-taken-rows
SET lock_timeout = '5s';

-- Of whom a row tells, so that nothing of it is kept once they are erased.
ALTER TABLE taken_row ADD COLUMN person uuid;
CREATE INDEX taken_row_person ON taken_row (person) WHERE person IS NOT NULL;

-- What stays of such a row, for TAKEN_YEARS: a keyed hash of its import, address and ref, where it had a ref.
CREATE TABLE erased_row (
    mark    bytea PRIMARY KEY,
    kept_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX erased_row_kept_at ON erased_row USING brin (kept_at);
