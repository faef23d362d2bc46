-- depends: chassis-0002-by-index
SET lock_timeout = '5s';

-- Whose tokens are taken no more, as this service knows it.
CREATE TABLE revocation (
    subject    text PRIMARY KEY,
    reason     text NOT NULL,
    revoked_at timestamptz NOT NULL,
    actor_role text NOT NULL,
    actor_id   text NOT NULL
);
