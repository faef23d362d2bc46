-- depends: intake-0013-profiles
-- What people and firms are the same by: their names without case and width, composed, with one plain space for any.
SET lock_timeout = '5s';

-- The same as `compared` of chassis/texts.py: full case folding of what NFKC makes of a text. Its own collation does
-- not depend on the database's; what it gives is compared and indexed by that.
CREATE FUNCTION compared(given text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN casefold(normalize(given, NFKC) COLLATE pg_unicode_fast) COLLATE "default";

CREATE FUNCTION kept_line(given text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN btrim(regexp_replace(normalize(given, NFC),
                                '[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+', ' ', 'g'));

ALTER TABLE seeker DROP CONSTRAINT seeker_name_birth_date_phone_key;
UPDATE seeker SET name = kept_line(name), phone = normalize(phone, NFKC)
WHERE name <> kept_line(name) OR phone <> normalize(phone, NFKC);
UPDATE counsellor SET name = kept_line(name) WHERE name <> kept_line(name);
UPDATE employer SET name = kept_line(name) WHERE name <> kept_line(name);
DROP FUNCTION kept_line;

-- Of rows at rest that are the same by now, `same_before` tells how many were there before each: they stay as they are
-- until somebody merges them, and a new one can't be the same as any.
ALTER TABLE seeker
    ADD COLUMN compared_name text GENERATED ALWAYS AS (compared(name)) STORED,
    ADD COLUMN same_before   int NOT NULL DEFAULT 0;
UPDATE seeker s SET same_before = earlier.number
FROM (SELECT seeker_id,
             row_number() OVER (PARTITION BY compared_name, birth_date, phone ORDER BY registered_on, seeker_id) - 1
                 AS number
      FROM seeker) earlier
WHERE s.seeker_id = earlier.seeker_id AND earlier.number > 0;
ALTER TABLE seeker ADD CONSTRAINT seeker_same UNIQUE (compared_name, birth_date, phone, same_before);
DROP INDEX seeker_phone, seeker_born;
CREATE INDEX seeker_phone ON seeker (phone, birth_date, compared_name);
CREATE INDEX seeker_born ON seeker (birth_date, compared_name, phone);

-- A firm whose number another has in plain digits keeps its own as it was typed: it is found by either.
UPDATE employer e SET business_number = normalize(business_number, NFKC)
WHERE business_number <> normalize(business_number, NFKC) AND NOT EXISTS (
    SELECT FROM employer o
    WHERE normalize(o.business_number, NFKC) = normalize(e.business_number, NFKC) AND o.employer_id <> e.employer_id
      AND (o.business_number = normalize(o.business_number, NFKC) OR o.employer_id < e.employer_id));
ALTER TABLE employer ADD COLUMN compared_name text GENERATED ALWAYS AS (compared(name)) STORED;
