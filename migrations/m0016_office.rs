//! What the office works with: the register by state in any order, contacts that can be searched, notes of calls and visits.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0016_office",
    up: r"
CREATE INDEX groups_by_state_kana ON groups (state, kana_key, id);
CREATE INDEX groups_by_state_town ON groups (state, town_key, kana_key, id);
CREATE INDEX groups_by_kana ON groups (kana_key, id);
CREATE INDEX groups_by_updated ON groups (updated_at, id);
CREATE INDEX groups_trusted ON groups (state, kana_key, id) WHERE trusted = TRUE;

CREATE TABLE group_traces (
    seq BIGINT PRIMARY KEY,
    text TEXT NOT NULL
);

CREATE TABLE contact_notes (
    id {uuid} PRIMARY KEY,
    group_id {uuid} NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    noted_on {date} NOT NULL,
    channel TEXT NOT NULL,
    text TEXT NOT NULL,
    account_id {uuid},
    actor TEXT NOT NULL,
    created_at {time} NOT NULL
);
CREATE INDEX contact_notes_group ON contact_notes (group_id, noted_on, created_at);
CREATE INDEX audit_channel ON audit (channel, at, id);
CREATE INDEX audit_kind ON audit (noun, at, id)
",
    up_sqlite: "CREATE VIRTUAL TABLE group_trace_search USING fts5(grams, content='', contentless_delete=1, prefix='1', tokenize=\"unicode61 remove_diacritics 0\");
CREATE INDEX groups_by_state_confirmed ON groups (state, confirmed_on, id);
CREATE INDEX groups_by_confirmed ON groups (confirmed_on, id)",
    // Whoever never confirmed stands first on both engines.
    up_postgres: "ALTER TABLE group_traces ADD COLUMN marks TEXT[] NOT NULL DEFAULT '{}';
CREATE INDEX group_traces_marks ON group_traces USING GIN (marks);
CREATE INDEX groups_by_state_confirmed ON groups (state, confirmed_on NULLS FIRST, id);
CREATE INDEX groups_by_confirmed ON groups (confirmed_on NULLS FIRST, id)",
    down: "DROP INDEX audit_kind; DROP INDEX audit_channel; DROP TABLE contact_notes; DROP TABLE group_traces;
DROP INDEX groups_by_confirmed; DROP INDEX groups_by_state_confirmed; DROP INDEX groups_by_updated; DROP INDEX groups_trusted;
DROP INDEX groups_by_kana; DROP INDEX groups_by_state_town; DROP INDEX groups_by_state_kana",
};
