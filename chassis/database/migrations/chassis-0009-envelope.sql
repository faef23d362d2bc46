-- depends: chassis-0008-erased-rows
SET lock_timeout = '5s';

-- By which schema an event was written, and in which trace. Processes from before don't name them: NULL, as in what they
-- have left here.
ALTER TABLE outbox ADD COLUMN dataschema text, ADD COLUMN traceparent text;
ALTER TABLE published_event ADD COLUMN dataschema text, ADD COLUMN traceparent text;
ALTER TABLE unsent_event ADD COLUMN dataschema text, ADD COLUMN traceparent text;
