//! Reports of explanation sessions (出前説明会): tasks in their order, answers that were keyed in, hidden or taken back.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0026_outreach_answers",
    up: r"
ALTER TABLE outreach_tasks ADD COLUMN position INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outreach_tasks ADD COLUMN removed_at {time};
ALTER TABLE outreach_answers ADD COLUMN number INTEGER;
ALTER TABLE outreach_answers ADD COLUMN hidden_at {time};
ALTER TABLE outreach_answers ADD COLUMN hidden_by TEXT NOT NULL DEFAULT '';
ALTER TABLE outreach_answers ADD COLUMN removed_at {time};
ALTER TABLE outreach_answers ADD COLUMN removed_by TEXT NOT NULL DEFAULT ''
",
    up_sqlite: "",
    up_postgres: "",
    down: "ALTER TABLE outreach_answers DROP COLUMN removed_by; ALTER TABLE outreach_answers DROP COLUMN removed_at; ALTER TABLE outreach_answers DROP COLUMN hidden_by; ALTER TABLE outreach_answers DROP COLUMN hidden_at; ALTER TABLE outreach_answers DROP COLUMN number; ALTER TABLE outreach_tasks DROP COLUMN removed_at; ALTER TABLE outreach_tasks DROP COLUMN position",
};
