-- depends: matching-0011-firms-that-left
-- Records that were merged, and whose they are now.
SET lock_timeout = '5s';

-- On a mark that a merge left: the record that stayed.
ALTER TABLE seeker ADD COLUMN merged_into uuid;
CREATE INDEX seeker_merged ON seeker (merged_into) WHERE merged_into IS NOT NULL;

-- Of a record that was merged, running while one of the record that stayed runs, too.
ALTER TABLE internship ADD COLUMN beside boolean NOT NULL DEFAULT false;
DROP INDEX internship_runs_once;
CREATE UNIQUE INDEX internship_runs_once ON internship (seeker_id) WHERE status = 'running' AND NOT beside;
CREATE INDEX internship_seeker ON internship (seeker_id);
