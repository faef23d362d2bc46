-- depends: reporting-0001-ledger-and-figures
-- The years whose unplaced were published, each once; a row a year.
SET lock_timeout = '5s';

CREATE TABLE unplaced_published (
    year         int PRIMARY KEY,
    published_on date NOT NULL
);
