//! Mail that comes in: every mail once, what became of it and why.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0020_inbound",
    up: r"
CREATE TABLE inbound_mails (
    id {uuid} PRIMARY KEY,
    received_at {time} NOT NULL,
    channel TEXT NOT NULL,
    digest TEXT NOT NULL UNIQUE,
    message_id TEXT NOT NULL,
    from_mail TEXT NOT NULL,
    subject TEXT NOT NULL,
    kind TEXT NOT NULL,
    uid TEXT NOT NULL,
    letter_id {uuid},
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    head TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    done_by TEXT NOT NULL,
    done_at {time}
);
CREATE INDEX inbound_mails_received ON inbound_mails (received_at, id);
CREATE INDEX inbound_mails_state ON inbound_mails (state, received_at, id)
",
    up_sqlite: "",
    up_postgres: "",
    down: "DROP TABLE inbound_mails",
};
