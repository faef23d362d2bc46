-- depends: reporting-0012-envelope
SET lock_timeout = '5s';

-- What was published, as its bytes were; a row a month.
CREATE TABLE release (
    day          date PRIMARY KEY,
    published_on date NOT NULL,
    published_by text NOT NULL,
    position     bigint NOT NULL,
    hash         text NOT NULL,
    previous     text,
    document     bytea NOT NULL
);

-- The counts up to a day that a release's tables are made of, and which of them it doesn't tell. Never published.
CREATE TABLE release_point (
    release   date NOT NULL REFERENCES release,
    measure   text NOT NULL,
    dimension text NOT NULL,
    day       date NOT NULL,
    counts    jsonb NOT NULL,
    withheld  text[] NOT NULL,
    PRIMARY KEY (release, measure, dimension, day)
);

CREATE TRIGGER release_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON release
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER release_point_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON release_point
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
