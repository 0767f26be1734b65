//! 「この回からあと」: which series goes on with which, so that whoever was told of the first knows of the second;
//! and what is seen in place of an entry that led others and left.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0031_successions",
    up: r"
CREATE TABLE entry_successions (
    entry_id {uuid} PRIMARY KEY REFERENCES calendar_entries (id) ON DELETE CASCADE,
    before_id {uuid} NOT NULL REFERENCES calendar_entries (id) ON DELETE CASCADE,
    ended_at TEXT NOT NULL,
    begins_at TEXT NOT NULL
);
CREATE INDEX entry_successions_before ON entry_successions (before_id);

CREATE TABLE entry_heirs (
    entry_id {uuid} PRIMARY KEY REFERENCES calendar_entries (id) ON DELETE CASCADE,
    heir_id {uuid} NOT NULL REFERENCES calendar_entries (id) ON DELETE CASCADE
)
",
    up_sqlite: "",
    up_postgres: "",
    down: "DROP TABLE entry_heirs; DROP TABLE entry_successions",
};
