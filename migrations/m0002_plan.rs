//! The plan: policies, themes and action items, with several plans side by side.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0002_plan",
    up: r"
CREATE TABLE plans (
    id {uuid} PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    fiscal_year INTEGER NOT NULL,
    title TEXT NOT NULL,
    subtitle TEXT NOT NULL,
    published TEXT NOT NULL,
    publisher TEXT NOT NULL,
    recorded_groups INTEGER,
    preface {json} NOT NULL
);

CREATE TABLE policies (
    id {uuid} PRIMARY KEY,
    plan_id {uuid} NOT NULL REFERENCES plans (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    title TEXT NOT NULL,
    UNIQUE (plan_id, number)
);

CREATE TABLE themes (
    id {uuid} PRIMARY KEY,
    policy_id {uuid} NOT NULL REFERENCES policies (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    heading TEXT NOT NULL,
    flag TEXT NOT NULL,
    flag_as_written TEXT NOT NULL,
    UNIQUE (policy_id, position)
);

CREATE TABLE items (
    id {uuid} PRIMARY KEY,
    plan_id {uuid} NOT NULL REFERENCES plans (id) ON DELETE CASCADE,
    theme_id {uuid} NOT NULL REFERENCES themes (id) ON DELETE CASCADE,
    code {bytewise} NOT NULL,
    mark TEXT NOT NULL,
    title TEXT NOT NULL,
    content TEXT NOT NULL,
    notes {json} NOT NULL,
    cadence TEXT NOT NULL,
    continued BOOLEAN NOT NULL,
    departments {json} NOT NULL,
    section TEXT NOT NULL,
    activity_id {uuid} NOT NULL,
    lineage_id {uuid} NOT NULL,
    UNIQUE (plan_id, code)
);
CREATE INDEX items_activity ON items (activity_id)
",
    up_sqlite: "",
    up_postgres: "",
    down: "DROP TABLE items; DROP TABLE themes; DROP TABLE policies; DROP TABLE plans",
};
