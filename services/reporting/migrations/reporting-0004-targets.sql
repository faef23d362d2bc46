-- depends: reporting-0001-ledger-and-figures
-- The city's targets, each with every value that was ever set for it. '' stands for all programmes, all persons.
SET lock_timeout = '5s';

CREATE TABLE target (
    year         int NOT NULL,
    measure      text NOT NULL,
    programme    text NOT NULL DEFAULT '',
    person_group text NOT NULL DEFAULT '',
    PRIMARY KEY (year, measure, programme, person_group)
);

-- The newest version holds. A few for each target: they are kept for ever.
CREATE TABLE target_value (
    year         int NOT NULL,
    measure      text NOT NULL,
    programme    text NOT NULL,
    person_group text NOT NULL,
    version      int NOT NULL,
    value        numeric(14, 1) NOT NULL,
    occurred_on  date NOT NULL,
    recorded_at  timestamptz NOT NULL,
    set_by       text NOT NULL,
    PRIMARY KEY (year, measure, programme, person_group, version),
    FOREIGN KEY (year, measure, programme, person_group) REFERENCES target
);
