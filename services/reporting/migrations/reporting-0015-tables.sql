-- depends: reporting-0014-corrections
SET lock_timeout = '5s';

-- Tables of staff as they were kept: what was asked, the counts as they were, and by which event of the ledger. They tell
-- of nobody but who kept them, and are kept for good.
CREATE TABLE kept_table (
    table_id  uuid PRIMARY KEY,
    kept_at   timestamptz NOT NULL,
    kept_role text NOT NULL,
    kept_by   text NOT NULL,
    position  bigint NOT NULL,
    question  jsonb NOT NULL,
    counts    jsonb NOT NULL
);

CREATE INDEX kept_table_of ON kept_table (kept_by, table_id DESC);

CREATE TRIGGER kept_table_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON kept_table
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
