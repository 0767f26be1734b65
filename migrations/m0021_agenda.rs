//! The agenda: each item counts its changes, decisions about proposals and removed materials say who and when.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0021_agenda",
    up: r"
ALTER TABLE agenda_items ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE agenda_items ADD COLUMN decided_by TEXT NOT NULL DEFAULT '';
ALTER TABLE agenda_items ADD COLUMN decided_at {time};
ALTER TABLE meeting_materials ADD COLUMN removed_by TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX agenda_items_decision ON agenda_items (meeting_id, decision_id) WHERE decision_id IS NOT NULL
",
    up_sqlite: "",
    up_postgres: "",
    down: "DROP INDEX agenda_items_decision; ALTER TABLE meeting_materials DROP COLUMN removed_by; ALTER TABLE agenda_items DROP COLUMN decided_at; ALTER TABLE agenda_items DROP COLUMN decided_by; ALTER TABLE agenda_items DROP COLUMN version",
};
