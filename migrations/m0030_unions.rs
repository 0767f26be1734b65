//! One event from several sources: the entries that are shown as one, and the pairs that look alike.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0030_unions",
    up: r"
CREATE TABLE entry_unions (
    id {uuid} PRIMARY KEY,
    lead_id {uuid} NOT NULL UNIQUE,
    uid TEXT NOT NULL UNIQUE,
    by_itself BOOLEAN NOT NULL,
    made_by TEXT NOT NULL,
    made_at {time} NOT NULL
);
CREATE INDEX entry_unions_made ON entry_unions (made_at, id);

CREATE TABLE entry_union_members (
    entry_id {uuid} PRIMARY KEY REFERENCES calendar_entries (id) ON DELETE CASCADE,
    union_id {uuid} NOT NULL REFERENCES entry_unions (id) ON DELETE CASCADE,
    own_uid TEXT NOT NULL,
    shown BOOLEAN NOT NULL,
    accepted TEXT NOT NULL,
    joined_at {time} NOT NULL
);
CREATE INDEX entry_union_members_union ON entry_union_members (union_id);

CREATE TABLE entry_likenesses (
    first_id {uuid} NOT NULL REFERENCES calendar_entries (id) ON DELETE CASCADE,
    second_id {uuid} NOT NULL REFERENCES calendar_entries (id) ON DELETE CASCADE,
    score INTEGER NOT NULL,
    reasons {json} NOT NULL,
    state TEXT NOT NULL,
    prints TEXT NOT NULL,
    found_at {time} NOT NULL,
    decided_by TEXT NOT NULL,
    decided_at {time},
    PRIMARY KEY (first_id, second_id)
);
CREATE INDEX entry_likenesses_state ON entry_likenesses (state, score, first_id, second_id);
CREATE INDEX entry_likenesses_second ON entry_likenesses (second_id);

CREATE TABLE likeness_search (
    id INTEGER PRIMARY KEY,
    since {time},
    least INTEGER,
    held_until {time}
);
INSERT INTO likeness_search (id) VALUES (1);
CREATE INDEX calendar_entries_updated ON calendar_entries (updated_at)
",
    up_sqlite: "",
    up_postgres: "",
    down: "DROP INDEX calendar_entries_updated; DROP TABLE likeness_search; DROP TABLE entry_likenesses; DROP TABLE entry_union_members; DROP TABLE entry_unions",
};
