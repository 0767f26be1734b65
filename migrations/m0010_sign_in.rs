//! Whose a kept form is, and the order in which what is over is swept.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0010_sign_in",
    up: r"
ALTER TABLE kept_forms ADD COLUMN account_id {uuid};
ALTER TABLE kept_forms ADD COLUMN has_files BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX kept_forms_created ON kept_forms (created_at);
CREATE INDEX sessions_seen ON sessions (seen_at)
",
    up_sqlite: "",
    up_postgres: "",
    down: "DROP INDEX sessions_seen; DROP INDEX kept_forms_created; ALTER TABLE kept_forms DROP COLUMN has_files; ALTER TABLE kept_forms DROP COLUMN account_id",
};
