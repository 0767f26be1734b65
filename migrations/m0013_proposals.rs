//! Changes that wait for the office, the photo of a group, and the days on which it meets.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0013_proposals",
    up: r"
CREATE TABLE proposals (
    id {uuid} PRIMARY KEY,
    group_id {uuid} NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    account_id {uuid},
    actor TEXT NOT NULL,
    channel TEXT NOT NULL,
    counter INTEGER NOT NULL,
    base_version INTEGER NOT NULL,
    fields {json} NOT NULL,
    state TEXT NOT NULL,
    note TEXT NOT NULL,
    accepted {json} NOT NULL,
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL,
    decided_at {time},
    decided_by TEXT NOT NULL
);
CREATE UNIQUE INDEX proposals_open ON proposals (group_id) WHERE state = 'open';
CREATE INDEX proposals_state ON proposals (state, created_at, id);
CREATE INDEX proposals_group ON proposals (group_id, updated_at);

CREATE TABLE photos (
    id {uuid} PRIMARY KEY,
    group_id {uuid} NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    name TEXT NOT NULL UNIQUE,
    hash TEXT NOT NULL,
    alt TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    actor TEXT NOT NULL,
    created_at {time} NOT NULL,
    removed_at {time},
    removed_by TEXT NOT NULL,
    reason TEXT NOT NULL
);
CREATE UNIQUE INDEX photos_shown ON photos (group_id) WHERE removed_at IS NULL;
CREATE INDEX photos_group ON photos (group_id, created_at);
CREATE INDEX photos_removed ON photos (removed_at);

ALTER TABLE groups ADD COLUMN meeting_days TEXT NOT NULL DEFAULT ''
",
    up_sqlite: "",
    up_postgres: "",
    down: "ALTER TABLE groups DROP COLUMN meeting_days; DROP TABLE photos; DROP TABLE proposals",
};
