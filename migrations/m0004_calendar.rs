//! The calendar: entries shaped like a VEVENT, the days they occur on, and what they point to.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0004_calendar",
    up: r"
CREATE TABLE calendar_entries (
    seq {rowid},
    id {uuid} NOT NULL UNIQUE,
    uid TEXT NOT NULL,
    source TEXT NOT NULL,
    source_uid TEXT NOT NULL,
    recurrence_id TEXT NOT NULL,
    master_id {uuid},
    and_future BOOLEAN NOT NULL,
    sequence INTEGER NOT NULL,
    status TEXT NOT NULL,
    kind TEXT NOT NULL,
    public BOOLEAN NOT NULL,
    title TEXT NOT NULL,
    kana TEXT NOT NULL,
    description TEXT NOT NULL,
    all_day BOOLEAN NOT NULL,
    starts_on {date} NOT NULL,
    ends_on {date} NOT NULL,
    starts_at {time},
    ends_at {time},
    time_note TEXT NOT NULL,
    zone TEXT NOT NULL,
    rrule TEXT NOT NULL,
    rdates {json} NOT NULL,
    exdates {json} NOT NULL,
    expanded_to {date},
    facility_id {uuid} REFERENCES facilities (id),
    place TEXT NOT NULL,
    address TEXT NOT NULL,
    town_key TEXT NOT NULL,
    lat DOUBLE PRECISION,
    lon DOUBLE PRECISION,
    group_id {uuid} REFERENCES groups (id),
    organiser TEXT NOT NULL,
    audience TEXT NOT NULL,
    fee TEXT NOT NULL,
    capacity TEXT NOT NULL,
    apply TEXT NOT NULL,
    contact TEXT NOT NULL,
    url TEXT NOT NULL,
    extra {json} NOT NULL,
    search_text TEXT NOT NULL,
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL,
    cancelled_at {time},
    UNIQUE (uid, recurrence_id)
);
CREATE UNIQUE INDEX calendar_entries_source ON calendar_entries (source, source_uid, recurrence_id);
CREATE INDEX calendar_entries_master ON calendar_entries (master_id);
CREATE INDEX calendar_entries_group ON calendar_entries (group_id);
CREATE INDEX calendar_entries_choice ON calendar_entries (id, town_key, kind, group_id);
CREATE INDEX calendar_entries_expanded ON calendar_entries (expanded_to);

CREATE TABLE occurrences (
    entry_id {uuid} NOT NULL REFERENCES calendar_entries (id) ON DELETE CASCADE,
    instance TEXT NOT NULL,
    day {date} NOT NULL,
    first_day {date} NOT NULL,
    last_day {date} NOT NULL,
    begins {bytewise} NOT NULL,
    ends {bytewise} NOT NULL,
    public BOOLEAN NOT NULL,
    PRIMARY KEY (entry_id, instance, day)
);
CREATE INDEX occurrences_day ON occurrences (public, day, begins, entry_id, instance, first_day);

CREATE TABLE entry_categories (
    entry_id {uuid} NOT NULL REFERENCES calendar_entries (id) ON DELETE CASCADE,
    category_key TEXT NOT NULL,
    PRIMARY KEY (entry_id, category_key)
);
CREATE INDEX entry_categories_category ON entry_categories (category_key, entry_id);

CREATE TABLE entry_items (
    entry_id {uuid} NOT NULL REFERENCES calendar_entries (id) ON DELETE CASCADE,
    item_id {uuid} NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    PRIMARY KEY (entry_id, item_id)
);
CREATE INDEX entry_items_item ON entry_items (item_id, entry_id)
",
    up_sqlite: "CREATE VIRTUAL TABLE entry_search USING fts5(grams, content='', contentless_delete=1, prefix='1', tokenize=\"unicode61 remove_diacritics 0\")",
    up_postgres: "ALTER TABLE calendar_entries ADD COLUMN marks TEXT[] NOT NULL DEFAULT '{}';
CREATE INDEX calendar_entries_marks ON calendar_entries USING GIN (marks)",
    down: "DROP TABLE entry_items; DROP TABLE entry_categories; DROP TABLE occurrences; DROP TABLE calendar_entries",
};
