-- depends: intake-0006-care
-- Who has no record any more is no start-up client either. From now on that row goes with the record.
SET lock_timeout = '5s';

DELETE FROM startup_client c USING former_seeker f WHERE c.client_id = f.seeker_id;
