//! Applications of groups that want to be in the register, the personal links to them, and the numbers given to those approved.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0012_applications",
    up: r"
CREATE TABLE applications (
    id {uuid} PRIMARY KEY,
    mail TEXT NOT NULL,
    verified_at {time},
    channel TEXT NOT NULL,
    entered_by TEXT NOT NULL,
    form {json} NOT NULL,
    sent {json} NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    step TEXT NOT NULL,
    state TEXT NOT NULL,
    question TEXT NOT NULL,
    answer TEXT NOT NULL,
    reason TEXT NOT NULL,
    acknowledged {json} NOT NULL,
    version INTEGER NOT NULL,
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL,
    submitted_at {time},
    decided_at {time},
    decided_by TEXT NOT NULL,
    group_id {uuid},
    account_id {uuid}
);
CREATE INDEX applications_state ON applications (state, submitted_at, id);
CREATE INDEX applications_touched ON applications (state, updated_at);
CREATE INDEX applications_mail ON applications (mail, created_at);
CREATE INDEX applications_name ON applications (name_key, state);
CREATE INDEX applications_group ON applications (group_id);

CREATE TABLE application_links (
    token_hash TEXT PRIMARY KEY,
    application_id {uuid} NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    mail TEXT NOT NULL,
    network TEXT NOT NULL,
    created_at {time} NOT NULL
);
CREATE INDEX application_links_application ON application_links (application_id);
CREATE INDEX application_links_mail ON application_links (mail, created_at);
CREATE INDEX application_links_network ON application_links (network, created_at);

CREATE TABLE group_numbers (
    prefix TEXT PRIMARY KEY,
    latest INTEGER NOT NULL
);

CREATE INDEX groups_kana ON groups (kana_key);
CREATE INDEX group_contacts_value ON group_contacts (kind, value)
",
    up_sqlite: "",
    up_postgres: "",
    down: "DROP INDEX group_contacts_value; DROP INDEX groups_kana; DROP TABLE group_numbers; DROP TABLE application_links; DROP TABLE applications",
};
