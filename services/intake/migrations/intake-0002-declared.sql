-- depends: intake-0001-people-and-firms
-- What seekers declare beside who they are, the care that they are in, and the version of their record.
SET lock_timeout = '5s';

ALTER TABLE seeker
    ADD COLUMN declared   jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN care_stage text,
    ADD COLUMN sos_care   boolean NOT NULL DEFAULT false,
    ADD COLUMN version    int NOT NULL DEFAULT 1;
