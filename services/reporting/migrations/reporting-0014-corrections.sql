-- depends: reporting-0013-releases
SET lock_timeout = '5s';

-- What became known of a release's figures, as it was told; the release itself stays.
CREATE TABLE release_correction (
    release      date NOT NULL REFERENCES release,
    number       int NOT NULL,
    corrected_on date NOT NULL,
    corrected_by text NOT NULL,
    position     bigint NOT NULL,
    reason       text,
    figures      jsonb NOT NULL,
    PRIMARY KEY (release, number)
);

-- The newest release when one was last compared with what is known.
CREATE TABLE release_compared (
    release date PRIMARY KEY REFERENCES release,
    newest  date NOT NULL
);

CREATE TRIGGER release_correction_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON release_correction
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
