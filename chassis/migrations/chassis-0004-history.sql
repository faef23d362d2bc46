-- depends: chassis-0003-revocations
SET lock_timeout = '5s';

-- Why a partition isn't read any more: Kafka doesn't hold what comes next. A worker goes on where it is NULL again.
ALTER TABLE consumer_offset ADD COLUMN lost text, ADD COLUMN lost_at timestamptz;
