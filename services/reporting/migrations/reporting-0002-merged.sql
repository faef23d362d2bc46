-- depends: reporting-0001-ledger-and-figures
-- Records that were merged are in person_event, too, as history 'merged': a row of each of the two, about the other.
SET lock_timeout = '5s';

CREATE INDEX person_event_merged ON person_event (person_id) WHERE history = 'merged';
