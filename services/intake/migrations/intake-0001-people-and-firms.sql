-- depends: chassis-0001-ground
-- Seekers, employers, counsellors, sessions and launches.
SET lock_timeout = '5s';

CREATE TABLE seeker (
    seeker_id          uuid PRIMARY KEY,
    name               text NOT NULL,
    birth_date         date NOT NULL,
    phone              text NOT NULL,
    gender             text NOT NULL,
    district           text NOT NULL,
    wanted_occupations text[] NOT NULL,
    education          text,
    career_years       int,
    desired_wage       int,
    status             text NOT NULL CHECK (status IN ('active', 'withdrawn')),
    registered_on      date NOT NULL,
    UNIQUE (name, birth_date, phone)
);

CREATE TABLE employer (
    employer_id     uuid PRIMARY KEY,
    business_number text NOT NULL UNIQUE,
    name            text NOT NULL,
    size            text NOT NULL,
    district        text NOT NULL,
    joined_on       date NOT NULL
);

CREATE TABLE counsellor (
    counsellor_id uuid PRIMARY KEY,
    name          text NOT NULL,
    groups        text[] NOT NULL,
    joined_on     date NOT NULL,
    left_on       date
);

CREATE TABLE session (
    session_id    uuid PRIMARY KEY,
    client_id     uuid NOT NULL,
    counsellor_id uuid NOT NULL,
    kind          text NOT NULL,
    channel       text NOT NULL,
    minutes       int NOT NULL,
    occurred_on   date NOT NULL
);
CREATE INDEX session_client ON session (client_id, occurred_on);

CREATE TABLE startup_client (
    client_id        uuid PRIMARY KEY,
    first_session_on date NOT NULL
);

CREATE TABLE launch (
    launch_id   uuid PRIMARY KEY,
    client_id   uuid NOT NULL,
    occurred_on date NOT NULL
);
