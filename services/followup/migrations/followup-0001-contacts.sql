-- depends: chassis-0001-ground
-- Employments that began with a placement, and the contacts planned for each.
SET lock_timeout = '5s';

CREATE TABLE employment (
    placement_id uuid PRIMARY KEY,
    seeker_id    uuid NOT NULL,
    placed_on    date NOT NULL,
    -- the person's bands as of the placement
    person       jsonb NOT NULL,
    ended_on     date CHECK (ended_on >= placed_on),
    -- the placement never was
    corrected    boolean NOT NULL DEFAULT false
) WITH (fillfactor = 90);

CREATE TABLE contact (
    contact_id   uuid PRIMARY KEY,
    placement_id uuid NOT NULL REFERENCES employment,
    seeker_id    uuid NOT NULL,
    step         text NOT NULL,
    due_on       date NOT NULL,
    status       text NOT NULL CHECK (status IN ('planned', 'due', 'made', 'cancelled')),
    attempts     int NOT NULL DEFAULT 0,
    UNIQUE (placement_id, step)
) WITH (fillfactor = 80);
CREATE INDEX contact_status ON contact (status, due_on, contact_id);
