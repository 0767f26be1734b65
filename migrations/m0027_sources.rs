//! Sources (情報源): calendars that others keep and Kyodo reads, what came of each reading, and what was changed here of what came in.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0027_sources",
    up: r"
CREATE TABLE sources (
    id {uuid} PRIMARY KEY,
    name TEXT NOT NULL,
    way TEXT NOT NULL,
    url TEXT NOT NULL,
    host TEXT NOT NULL,
    home_url TEXT NOT NULL,
    group_id {uuid} REFERENCES groups (id),
    institution TEXT NOT NULL,
    contact_mail TEXT NOT NULL,
    town_key TEXT NOT NULL,
    categories {json} NOT NULL,
    items {json} NOT NULL,
    shows TEXT NOT NULL,
    takes TEXT NOT NULL,
    leaves TEXT NOT NULL,
    trust INTEGER NOT NULL,
    vanished TEXT NOT NULL,
    every_minutes INTEGER NOT NULL,
    state TEXT NOT NULL,
    version INTEGER NOT NULL,
    asked_by TEXT NOT NULL,
    asked_account {uuid},
    asked_at {time} NOT NULL,
    decided_by TEXT NOT NULL,
    decided_at {time},
    note TEXT NOT NULL,
    next_check_at {time} NOT NULL,
    claimed_until {time},
    checked_at {time},
    good_at {time},
    changed_at {time},
    failures INTEGER NOT NULL,
    failing_since {time},
    fault TEXT NOT NULL,
    etag TEXT NOT NULL,
    last_modified TEXT NOT NULL,
    digest TEXT NOT NULL,
    read_on {date},
    held_at {time},
    held TEXT NOT NULL,
    form TEXT NOT NULL,
    found INTEGER NOT NULL,
    coming INTEGER NOT NULL,
    left_out INTEGER NOT NULL,
    months {json} NOT NULL
);
CREATE INDEX sources_due ON sources (state, next_check_at);
CREATE INDEX sources_host ON sources (host, claimed_until);
CREATE INDEX sources_group ON sources (group_id);

CREATE TABLE source_contents (
    source_id {uuid} NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    slot TEXT NOT NULL,
    packed {bytes} NOT NULL,
    content_type TEXT NOT NULL,
    file_name TEXT NOT NULL,
    came_at {time} NOT NULL,
    report {json} NOT NULL,
    PRIMARY KEY (source_id, slot)
);

CREATE TABLE source_turns (
    id {uuid} PRIMARY KEY,
    source_id {uuid} NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    at {time} NOT NULL,
    outcome TEXT NOT NULL,
    found INTEGER NOT NULL,
    coming INTEGER NOT NULL,
    added INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    gone INTEGER NOT NULL,
    left_out INTEGER NOT NULL,
    note TEXT NOT NULL
);
CREATE INDEX source_turns_source ON source_turns (source_id, at);

CREATE TABLE entry_edits (
    entry_id {uuid} NOT NULL REFERENCES calendar_entries (id) ON DELETE CASCADE,
    part TEXT NOT NULL,
    own {json} NOT NULL,
    theirs {json} NOT NULL,
    edited_by TEXT NOT NULL,
    edited_at {time} NOT NULL,
    PRIMARY KEY (entry_id, part)
);

CREATE TABLE entry_absences (
    entry_id {uuid} PRIMARY KEY REFERENCES calendar_entries (id) ON DELETE CASCADE,
    source_id {uuid} NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    gone_at {time} NOT NULL
);

CREATE TABLE entry_reviews_wide (
    entry_id {uuid} PRIMARY KEY REFERENCES calendar_entries (id) ON DELETE CASCADE,
    group_id {uuid} REFERENCES groups (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    account_id {uuid},
    asked_by TEXT NOT NULL,
    asked_at {time} NOT NULL,
    decided_by TEXT NOT NULL,
    decided_at {time},
    note TEXT NOT NULL
);
INSERT INTO entry_reviews_wide SELECT entry_id, group_id, state, account_id, asked_by, asked_at, decided_by, decided_at, note FROM entry_reviews;
DROP TABLE entry_reviews;
ALTER TABLE entry_reviews_wide RENAME TO entry_reviews;
CREATE INDEX entry_reviews_state ON entry_reviews (state, asked_at, entry_id);
CREATE INDEX entry_reviews_group ON entry_reviews (group_id)
",
    up_sqlite: "",
    up_postgres: "",
    down: "DROP TABLE entry_absences; DROP TABLE entry_edits; DROP TABLE source_turns; DROP TABLE source_contents; DROP TABLE sources;
DELETE FROM entry_reviews WHERE group_id IS NULL;
CREATE TABLE entry_reviews_narrow (
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
INSERT INTO entry_reviews_narrow SELECT entry_id, group_id, state, account_id, asked_by, asked_at, decided_by, decided_at, note FROM entry_reviews;
DROP TABLE entry_reviews;
ALTER TABLE entry_reviews_narrow RENAME TO entry_reviews;
CREATE INDEX entry_reviews_state ON entry_reviews (state, asked_at, entry_id);
CREATE INDEX entry_reviews_group ON entry_reviews (group_id)",
};
