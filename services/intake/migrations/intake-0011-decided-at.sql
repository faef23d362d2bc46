-- depends: intake-0010-invitations
-- When a triage was recorded, which tells of a job of the same day whether it came after the grant.
SET lock_timeout = '5s';

-- Null where it was recorded before this was kept.
ALTER TABLE sos_care_triage ADD COLUMN decided_at timestamptz;
