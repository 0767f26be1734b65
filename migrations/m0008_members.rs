//! Who keeps a group's page, and every version of it: what was approved when, by whom and why.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0008_members",
    up: r"
ALTER TABLE groups ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE groups ADD COLUMN trusted BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX groups_state ON groups (state, updated_at, id);

CREATE TABLE memberships (
    id {uuid} PRIMARY KEY,
    group_id {uuid} NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    account_id {uuid} NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    duty TEXT NOT NULL,
    since {time} NOT NULL,
    joined_by TEXT NOT NULL,
    UNIQUE (group_id, account_id)
);
CREATE INDEX memberships_account ON memberships (account_id);

CREATE TABLE group_versions (
    id {uuid} PRIMARY KEY,
    group_id {uuid} NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    record {json} NOT NULL,
    at {time} NOT NULL,
    actor TEXT NOT NULL,
    channel TEXT NOT NULL,
    reason TEXT NOT NULL,
    UNIQUE (group_id, number)
)
",
    up_sqlite: "",
    up_postgres: "",
    down: "DROP TABLE group_versions; DROP TABLE memberships; DROP INDEX groups_state; ALTER TABLE groups DROP COLUMN trusted; ALTER TABLE groups DROP COLUMN version",
};
