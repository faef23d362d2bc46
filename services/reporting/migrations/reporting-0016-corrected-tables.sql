-- depends: reporting-0015-tables
SET lock_timeout = '5s';

-- What a correction tells of a table is decided as what a release tells: its points are kept beside the release's own,
-- which have the number 0.

ALTER TABLE release_point ADD COLUMN correction int NOT NULL DEFAULT 0;
ALTER TABLE release_point DROP CONSTRAINT release_point_pkey;
ALTER TABLE release_point ADD PRIMARY KEY (release, correction, measure, dimension, day);
