-- depends: intake-0003-privacy
-- Whose present profile is to be published anew, since Kafka has lost what was published of it.
SET lock_timeout = '5s';

CREATE TABLE profile_to_tell (
    seeker_id uuid PRIMARY KEY
);
