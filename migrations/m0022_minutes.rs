//! Minutes of meetings: what was published, version by version, and the counter of the facts beside the text.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0022_minutes",
    up: r"
ALTER TABLE meeting_minutes ADD COLUMN facts_version INTEGER NOT NULL DEFAULT 0;

CREATE TABLE minutes_versions (
    id {uuid} PRIMARY KEY,
    meeting_id {uuid} NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    content {json} NOT NULL,
    published_at {time} NOT NULL,
    published_by TEXT NOT NULL,
    withdrawn_at {time},
    withdrawn_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    UNIQUE (meeting_id, number)
)
",
    up_sqlite: "",
    up_postgres: "",
    down: "DROP TABLE minutes_versions; ALTER TABLE meeting_minutes DROP COLUMN facts_version",
};
