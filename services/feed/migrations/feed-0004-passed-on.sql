-- depends: feed-0003-webhooks
-- One index fewer to fill as entries are read, which was most of what reading cost: what was passed on is only ever
-- looked at by the link.
SET lock_timeout = '5s';

ALTER TABLE passed_on DROP CONSTRAINT passed_on_pkey;
DROP INDEX passed_on_link;
ALTER TABLE passed_on ADD PRIMARY KEY (link_id, id);
