-- depends: intake-0007-startup-clients
-- Whose client group is to be looked into again; courses that were dropped; what a launched business is about.
SET lock_timeout = '5s';

-- Whether a manager chose the counsellor. Of who was assigned before it isn't known.
ALTER TABLE seeker ADD COLUMN counsellor_chosen boolean NOT NULL DEFAULT false;

-- A row is there from the change until the next assignments, and goes with its seeker.
CREATE TABLE group_in_doubt (
    seeker_id uuid PRIMARY KEY REFERENCES seeker ON DELETE CASCADE
);

ALTER TABLE course
    ADD COLUMN dropped_on date CHECK (dropped_on >= enrolled_on),
    ADD COLUMN dropped_as text CHECK (dropped_as IN ('in_work', 'not_wanted', 'illness', 'cancelled', 'other')),
    ADD CHECK ((dropped_on IS NULL) = (dropped_as IS NULL) AND (dropped_on IS NULL OR completed_on IS NULL));

ALTER TABLE launch ADD COLUMN occupation text;
CREATE INDEX launch_client ON launch (client_id, occurred_on, launch_id);
