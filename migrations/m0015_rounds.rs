//! The yearly confirmation: rounds, what each group was asked and answered, the links that lead to the question.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0015_rounds",
    up: r"
CREATE TABLE rounds (
    id {uuid} PRIMARY KEY,
    title TEXT NOT NULL,
    kind TEXT NOT NULL,
    fiscal_year INTEGER NOT NULL,
    number INTEGER NOT NULL,
    due_on {date} NOT NULL,
    started_at {time} NOT NULL,
    started_by TEXT NOT NULL,
    reminders INTEGER NOT NULL,
    first_reminder_at {time},
    second_reminder_at {time},
    overdue_at {time},
    closed_at {time},
    closed_by TEXT NOT NULL,
    UNIQUE (fiscal_year, number)
);
CREATE UNIQUE INDEX rounds_yearly ON rounds (fiscal_year) WHERE kind = 'yearly';
CREATE INDEX rounds_open ON rounds (due_on) WHERE closed_at IS NULL;

CREATE TABLE round_groups (
    round_id {uuid} NOT NULL REFERENCES rounds (id) ON DELETE CASCADE,
    group_id {uuid} NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    by_mail BOOLEAN NOT NULL,
    code_hash TEXT NOT NULL,
    printed_at {time},
    reminders INTEGER NOT NULL,
    reminded_at {time},
    state TEXT NOT NULL,
    channel TEXT NOT NULL,
    answered_at {time},
    answered_by TEXT NOT NULL,
    words TEXT NOT NULL,
    before_state TEXT NOT NULL,
    before_confirmed_on {date},
    for_office BOOLEAN NOT NULL,
    settled_at {time},
    settled_by TEXT NOT NULL,
    PRIMARY KEY (round_id, group_id)
);
CREATE INDEX round_groups_state ON round_groups (round_id, state);
CREATE INDEX round_groups_group ON round_groups (group_id, state);
CREATE INDEX round_groups_code ON round_groups (code_hash) WHERE code_hash <> '';
CREATE INDEX round_groups_office ON round_groups (answered_at) WHERE for_office;

CREATE TABLE round_links (
    token_hash TEXT PRIMARY KEY,
    round_id {uuid} NOT NULL,
    group_id {uuid} NOT NULL,
    mail TEXT NOT NULL,
    created_at {time} NOT NULL,
    FOREIGN KEY (round_id, group_id) REFERENCES round_groups (round_id, group_id) ON DELETE CASCADE
);
CREATE INDEX round_links_group ON round_links (round_id, group_id);

CREATE TABLE round_batches (
    batch_id {uuid} PRIMARY KEY REFERENCES letter_batches (id) ON DELETE CASCADE,
    round_id {uuid} NOT NULL REFERENCES rounds (id) ON DELETE CASCADE
);
CREATE INDEX round_batches_round ON round_batches (round_id);

CREATE TABLE rest_notices (
    group_id {uuid} PRIMARY KEY REFERENCES groups (id) ON DELETE CASCADE,
    announced_at {time} NOT NULL,
    rest_on {date} NOT NULL,
    rested_at {time},
    seen_at {time},
    seen_by TEXT NOT NULL
);
CREATE INDEX rest_notices_unseen ON rest_notices (announced_at) WHERE seen_at IS NULL
",
    up_sqlite: "",
    up_postgres: "",
    down: "DROP TABLE rest_notices; DROP TABLE round_batches; DROP TABLE round_links; DROP TABLE round_groups; DROP TABLE rounds",
};
