-- depends: feed-0004-passed-on
-- A webhook keeps no secret any more: its secret is made of a seed by a key that isn't in the database. What was a secret
-- before is a seed now, and signs nothing: each partner asks for a new one once, by POST /webhook/secret.
SET lock_timeout = '5s';

ALTER TABLE webhook RENAME COLUMN secret TO seed;
ALTER TABLE webhook RENAME COLUMN former_secret TO former_seed;
UPDATE webhook SET former_seed = NULL, former_until = NULL;
