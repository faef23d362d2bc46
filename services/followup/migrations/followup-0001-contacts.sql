-- depends: chassis-0001-ground
-- Employments that began with a placement, and the contacts planned for each.
SET lock_timeout = '5s';

CREATE TABLE employment (
    placement_id uuid PRIMARY KEY,
    seeker_id    uuid NOT NULL,
    placed_on    date NOT NULL,
    person       jsonb NOT NULL,
    -- set when the employment has ended, or the placement never was: nothing falls due any more
    ended_on     date
);

CREATE TABLE contact (
    contact_id   uuid PRIMARY KEY,
    placement_id uuid NOT NULL,
    seeker_id    uuid NOT NULL,
    step         text NOT NULL,
    due_on       date NOT NULL,
    status       text NOT NULL CHECK (status IN ('planned', 'due', 'made')),
    attempts     int NOT NULL DEFAULT 0
) WITH (fillfactor = 80);
CREATE INDEX contact_planned ON contact (due_on, contact_id) WHERE status = 'planned';
CREATE INDEX contact_due ON contact (due_on, contact_id) WHERE status = 'due';
CREATE INDEX contact_placement ON contact (placement_id);
