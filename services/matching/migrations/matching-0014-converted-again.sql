-- depends: matching-0013-corrected
-- Of a referral comes one placement that stands: an internship is converted again where the first time never was.
SET lock_timeout = '5s';

CREATE UNIQUE INDEX placement_stands_once ON placement (referral_id) WHERE corrected_on IS NULL;
ALTER TABLE placement DROP CONSTRAINT placement_referral_id_key;
