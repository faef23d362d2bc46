-- depends: chassis-0003-revocations
SET lock_timeout = '5s';

-- Why a partition isn't read any more: Kafka doesn't hold what comes next. A worker goes on where it is NULL again.
ALTER TABLE consumer_offset ADD COLUMN lost text, ADD COLUMN lost_at timestamptz;

-- An event id from the future had moved it: what it says is known with the next event.
UPDATE consumer_offset SET read_through = NULL WHERE read_through > clock_timestamp();
