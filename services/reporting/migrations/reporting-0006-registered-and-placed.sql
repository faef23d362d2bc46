-- depends: reporting-0005-unplaced-published
-- Who has registered and who is placed, beside each other and with all that is asked of them: whom a day left unplaced is
-- counted from these rows alone, not from all that is known of everyone.
SET lock_timeout = '5s';

CREATE INDEX person_event_registered_or_placed ON person_event (history, person_id)
    INCLUDE (subject, counts, occurred_on, recorded_at, event_id, dimensions)
    WHERE history IN ('registered', 'placed');
