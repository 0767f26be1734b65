//! Combined feeds under short addresses, and the start that an entry had before it was moved.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0028_feeds",
    up: r"
CREATE TABLE feed_combinations (
    short TEXT PRIMARY KEY,
    filter TEXT NOT NULL,
    created_at {time} NOT NULL
);

ALTER TABLE calendar_entries ADD COLUMN previous_start TEXT NOT NULL DEFAULT ''
",
    up_sqlite: "",
    up_postgres: "",
    down: "ALTER TABLE calendar_entries DROP COLUMN previous_start; DROP TABLE feed_combinations",
};
