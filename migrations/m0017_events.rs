//! Calendar entries by groups: what waits for the office, the notice of a cancelled entry, and reports of errors.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0017_events",
    up: r"
ALTER TABLE calendar_entries ADD COLUMN notice TEXT NOT NULL DEFAULT '';

CREATE TABLE entry_reviews (
    entry_id {uuid} PRIMARY KEY REFERENCES calendar_entries (id) ON DELETE CASCADE,
    group_id {uuid} NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    account_id {uuid},
    asked_by TEXT NOT NULL,
    asked_at {time} NOT NULL,
    decided_by TEXT NOT NULL,
    decided_at {time},
    note TEXT NOT NULL
);
CREATE INDEX entry_reviews_state ON entry_reviews (state, asked_at, entry_id);
CREATE INDEX entry_reviews_group ON entry_reviews (group_id);

CREATE TABLE reports (
    id {uuid} PRIMARY KEY,
    page TEXT NOT NULL,
    title TEXT NOT NULL,
    group_id {uuid},
    body TEXT NOT NULL,
    mail TEXT NOT NULL,
    network TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at {time} NOT NULL,
    done_by TEXT NOT NULL,
    done_at {time},
    note TEXT NOT NULL,
    answer TEXT NOT NULL
);
CREATE INDEX reports_state ON reports (state, created_at, id)
",
    up_sqlite: "",
    up_postgres: "",
    down: "DROP TABLE reports; DROP TABLE entry_reviews; ALTER TABLE calendar_entries DROP COLUMN notice",
};
