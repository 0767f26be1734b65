//! What the courier notes on a letter: who carries it now and when it was first tried; and an index to search letters by.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0011_courier",
    up: r"
ALTER TABLE letters ADD COLUMN claimed_by TEXT NOT NULL DEFAULT '';
ALTER TABLE letters ADD COLUMN first_try_at {time};
CREATE INDEX letters_search ON letters (created_at, id, state, to_mail, to_name, subject, group_id)
",
    up_sqlite: "",
    up_postgres: "",
    down: "DROP INDEX letters_search; ALTER TABLE letters DROP COLUMN first_try_at; ALTER TABLE letters DROP COLUMN claimed_by",
};
