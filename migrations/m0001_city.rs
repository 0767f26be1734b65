//! The city itself: its vocabularies, places and facilities, and the counters that say what changed.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0001_city",
    up: r"
CREATE TABLE revisions (
    scope TEXT PRIMARY KEY,
    number BIGINT NOT NULL,
    changed_at {time} NOT NULL
);
INSERT INTO revisions (scope, number, changed_at) VALUES
    ('city', 1, '2009-04-01T00:00:00+00:00'), ('plan', 1, '2009-04-01T00:00:00+00:00'),
    ('groups', 1, '2009-04-01T00:00:00+00:00'), ('calendar', 1, '2009-04-01T00:00:00+00:00');

CREATE TABLE terms (
    vocabulary TEXT NOT NULL,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    kana TEXT NOT NULL,
    short TEXT NOT NULL,
    aliases TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (vocabulary, key)
);

CREATE TABLE places (
    id {uuid} PRIMARY KEY,
    town_key TEXT NOT NULL,
    name TEXT NOT NULL,
    kana TEXT NOT NULL,
    variants {json} NOT NULL,
    UNIQUE (town_key, name)
);

CREATE TABLE facilities (
    id {uuid} PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    kana TEXT NOT NULL,
    kind TEXT NOT NULL,
    town_key TEXT NOT NULL,
    postal TEXT NOT NULL,
    address TEXT NOT NULL,
    site TEXT NOT NULL,
    lat DOUBLE PRECISION,
    lon DOUBLE PRECISION
);
",
    up_sqlite: "",
    up_postgres: "",
    down: "DROP TABLE facilities; DROP TABLE places; DROP TABLE terms; DROP TABLE revisions",
};
