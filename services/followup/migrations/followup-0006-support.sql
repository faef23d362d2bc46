-- depends: followup-0002-surveys
-- The public jobs of seekers in SOS-Care, and the support that they get each month.
SET lock_timeout = '5s';

-- A row a person: the last public job under SOS-Care, none where only the end of the care is known or the person was
-- erased. It stays so that an older event of another topic changes nothing.
CREATE TABLE public_job (
    seeker_id     uuid PRIMARY KEY,
    placement_id  uuid,
    placed_on     date,
    placed_at     timestamptz,
    -- the person's bands as of the placement
    person        jsonb,
    -- the day on which the next month's support falls due; null when none does any more
    next_due_on   date,
    care_ended_at timestamptz,
    erased        boolean NOT NULL DEFAULT false,
    CHECK ((placement_id IS NULL) = (placed_on IS NULL) AND (placement_id IS NULL) = (person IS NULL)),
    CHECK (next_due_on IS NULL OR placement_id IS NOT NULL)
) WITH (fillfactor = 80);
CREATE INDEX public_job_due ON public_job (next_due_on, seeker_id) WHERE next_due_on IS NOT NULL;

CREATE TABLE support (
    support_id   uuid PRIMARY KEY,
    placement_id uuid NOT NULL,
    seeker_id    uuid NOT NULL,
    month        int NOT NULL CHECK (month > 0),
    due_on       date NOT NULL,
    status       text NOT NULL CHECK (status IN ('due', 'given', 'cancelled')),
    kind         text CHECK (kind IN ('counselling', 'education', 'training')),
    CHECK ((status = 'given') = (kind IS NOT NULL)),
    UNIQUE (placement_id, month)
) WITH (fillfactor = 80);
CREATE INDEX support_status ON support (status, due_on, support_id);
CREATE INDEX support_seeker ON support (seeker_id);
