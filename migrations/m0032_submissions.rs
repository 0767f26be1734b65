//! Events that somebody without an account asks the office to publish (掲載の申込み), and the personal links to them.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0032_submissions",
    up: r"
CREATE TABLE entry_submissions (
    id {uuid} PRIMARY KEY,
    entry_id {uuid} REFERENCES calendar_entries (id) ON DELETE CASCADE,
    title TEXT NOT NULL,
    name TEXT NOT NULL,
    mail TEXT NOT NULL,
    phone TEXT NOT NULL,
    relation TEXT NOT NULL,
    channel TEXT NOT NULL,
    entered_by TEXT NOT NULL,
    fields {json} NOT NULL,
    created_at {time} NOT NULL,
    confirmed_at {time}
);
CREATE UNIQUE INDEX entry_submissions_entry ON entry_submissions (entry_id);
CREATE INDEX entry_submissions_created ON entry_submissions (created_at);

CREATE TABLE entry_submission_links (
    token_hash TEXT PRIMARY KEY,
    submission_id {uuid} NOT NULL REFERENCES entry_submissions (id) ON DELETE CASCADE,
    by_letter BOOLEAN NOT NULL
);
CREATE INDEX entry_submission_links_submission ON entry_submission_links (submission_id)
",
    up_sqlite: "",
    up_postgres: "",
    down: "DROP TABLE entry_submission_links; DROP TABLE entry_submissions",
};
