-- depends: chassis-0006-republication
SET lock_timeout = '5s';

-- Rows of imports that were taken, for TAKEN_YEARS: by the name of the import, the address that took it, and the row's
-- own. What a row said is kept as a hash.
CREATE TABLE taken_row (
    import_name  text NOT NULL,
    address      text NOT NULL,
    name         text NOT NULL,
    request_hash bytea NOT NULL,
    answer       bytea NOT NULL,
    kept_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (import_name, address, name)
);
CREATE INDEX taken_row_kept_at ON taken_row USING brin (kept_at);
