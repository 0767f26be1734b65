//! The register of community groups: what the public sees is a row of `groups`, each contact with its own consent.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0003_groups",
    up: r"
CREATE TABLE groups (
    seq {rowid},
    id {uuid} NOT NULL UNIQUE,
    number TEXT UNIQUE,
    name TEXT NOT NULL,
    kana TEXT NOT NULL,
    kana_key {bytewise} NOT NULL,
    kana_row TEXT NOT NULL,
    name_key TEXT NOT NULL,
    kind TEXT NOT NULL,
    corporate_number TEXT UNIQUE,
    state TEXT NOT NULL,
    listed BOOLEAN NOT NULL,
    town_key TEXT NOT NULL,
    representative_title TEXT NOT NULL,
    founded TEXT NOT NULL,
    members INTEGER,
    members_on {date},
    fee TEXT NOT NULL,
    website TEXT NOT NULL,
    purpose TEXT NOT NULL,
    activities TEXT NOT NULL,
    places TEXT NOT NULL,
    recruiting TEXT NOT NULL,
    joining TEXT NOT NULL,
    has_rules BOOLEAN,
    grants TEXT NOT NULL,
    pledged BOOLEAN,
    registered_on {date},
    renewed_on {date},
    confirmed_on {date},
    remark TEXT NOT NULL,
    extra {json} NOT NULL,
    source TEXT NOT NULL,
    search_text TEXT NOT NULL,
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL
);
CREATE INDEX groups_order ON groups (listed, kana_key, id);
CREATE INDEX groups_row ON groups (listed, kana_row, kana_key, id);
CREATE INDEX groups_name ON groups (name_key);
CREATE INDEX groups_town ON groups (town_key, id);

CREATE TABLE group_contacts (
    group_id {uuid} NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    published BOOLEAN NOT NULL,
    consented_on {date},
    consent_method TEXT NOT NULL,
    consented_by TEXT NOT NULL,
    PRIMARY KEY (group_id, kind)
);

CREATE TABLE group_fields (
    group_id {uuid} NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    field_key TEXT NOT NULL,
    PRIMARY KEY (group_id, field_key)
);
CREATE INDEX group_fields_field ON group_fields (field_key, group_id);

CREATE TABLE group_towns (
    group_id {uuid} NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    town_key TEXT NOT NULL,
    PRIMARY KEY (group_id, town_key)
);
CREATE INDEX group_towns_town ON group_towns (town_key, group_id);

CREATE TABLE group_items (
    group_id {uuid} NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    item_id {uuid} NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    PRIMARY KEY (group_id, item_id)
);
CREATE INDEX group_items_item ON group_items (item_id, group_id)
",
    up_sqlite: "CREATE VIRTUAL TABLE group_search USING fts5(grams, content='', contentless_delete=1, prefix='1', tokenize=\"unicode61 remove_diacritics 0\")",
    up_postgres: "ALTER TABLE groups ADD COLUMN marks TEXT[] NOT NULL DEFAULT '{}';
CREATE INDEX groups_marks ON groups USING GIN (marks)",
    down: "DROP TABLE group_items; DROP TABLE group_towns; DROP TABLE group_fields; DROP TABLE group_contacts; DROP TABLE groups",
};
