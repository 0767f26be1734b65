//! The office: what was changed by whom, and the settings that the city may change.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0007_office",
    up: r"
CREATE TABLE audit (
    id {uuid} PRIMARY KEY,
    at {time} NOT NULL,
    account_id {uuid},
    actor TEXT NOT NULL,
    channel TEXT NOT NULL,
    action TEXT NOT NULL,
    noun TEXT NOT NULL,
    noun_id TEXT NOT NULL,
    group_id {uuid},
    title TEXT NOT NULL,
    before {json} NOT NULL,
    after {json} NOT NULL,
    reason TEXT NOT NULL
);
CREATE INDEX audit_at ON audit (at, id);
CREATE INDEX audit_noun ON audit (noun, noun_id, at);
CREATE INDEX audit_group ON audit (group_id, at);
CREATE INDEX audit_account ON audit (account_id, at);

CREATE TABLE settings (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    changed_at {time} NOT NULL,
    changed_by TEXT NOT NULL
)
",
    up_sqlite: "",
    up_postgres: "",
    down: "DROP TABLE settings; DROP TABLE audit",
};
