//! The outbox: every letter is a row, written in the transaction that causes it and sent by a worker afterwards.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0006_mail",
    up: r"
CREATE TABLE letter_batches (
    id {uuid} PRIMARY KEY,
    title TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at {time} NOT NULL
);

CREATE TABLE letters (
    id {uuid} PRIMARY KEY,
    message_id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    topic TEXT NOT NULL,
    batch_id {uuid} REFERENCES letter_batches (id),
    group_id {uuid},
    account_id {uuid},
    to_mail TEXT NOT NULL,
    to_name TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    secrets {json} NOT NULL,
    calendar TEXT NOT NULL,
    calendar_method TEXT NOT NULL,
    unsubscribe_hash TEXT NOT NULL,
    state TEXT NOT NULL,
    tries INTEGER NOT NULL,
    next_at {time} NOT NULL,
    claimed_until {time},
    fault TEXT NOT NULL,
    created_at {time} NOT NULL,
    sent_at {time},
    decided_at {time},
    decided_by TEXT NOT NULL
);
CREATE INDEX letters_due ON letters (state, next_at, id);
CREATE INDEX letters_state ON letters (state, created_at, id);
CREATE INDEX letters_batch ON letters (batch_id, state);
CREATE INDEX letters_group ON letters (group_id, created_at);
CREATE INDEX letters_to ON letters (to_mail, created_at);
CREATE INDEX letters_unsubscribe ON letters (unsubscribe_hash);

CREATE TABLE declined_topics (
    mail TEXT NOT NULL,
    topic TEXT NOT NULL,
    declined_at {time} NOT NULL,
    PRIMARY KEY (mail, topic)
)
",
    up_sqlite: "",
    up_postgres: "",
    down: "DROP TABLE declined_topics; DROP TABLE letters; DROP TABLE letter_batches",
};
