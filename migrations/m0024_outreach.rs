//! Explanation sessions (出前説明会): the menu, what is requested, who goes where, what is decided.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0024_outreach",
    up: r"
CREATE TABLE outreach_topics (
    id {uuid} PRIMARY KEY,
    fiscal_year INTEGER NOT NULL,
    number INTEGER NOT NULL,
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    section TEXT NOT NULL,
    length_minutes INTEGER NOT NULL,
    people_needed INTEGER NOT NULL,
    brings TEXT NOT NULL,
    asks TEXT NOT NULL,
    copied_from {uuid} REFERENCES outreach_topics (id) ON DELETE SET NULL,
    retired_at {time},
    version INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL
);
CREATE INDEX outreach_topics_year ON outreach_topics (fiscal_year, number);

CREATE TABLE outreach_speakers (
    topic_id {uuid} NOT NULL REFERENCES outreach_topics (id) ON DELETE CASCADE,
    account_id {uuid} NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    PRIMARY KEY (topic_id, account_id)
);

CREATE TABLE outreach_closures (
    day {date} PRIMARY KEY,
    words TEXT NOT NULL,
    added_by TEXT NOT NULL,
    added_at {time} NOT NULL
);

CREATE TABLE outreach_requests (
    id {uuid} PRIMARY KEY,
    fiscal_year INTEGER NOT NULL,
    number INTEGER,
    topic_id {uuid} REFERENCES outreach_topics (id) ON DELETE SET NULL,
    own_title TEXT NOT NULL,
    length_minutes INTEGER NOT NULL,
    people_needed INTEGER NOT NULL,
    body_kind TEXT NOT NULL,
    group_id {uuid} REFERENCES groups (id) ON DELETE SET NULL,
    body_town TEXT NOT NULL,
    district TEXT NOT NULL,
    body_name TEXT NOT NULL,
    representative TEXT NOT NULL,
    contact_name TEXT NOT NULL,
    mail TEXT NOT NULL,
    phone TEXT NOT NULL,
    fax TEXT NOT NULL,
    address TEXT NOT NULL,
    facility_id {uuid} REFERENCES facilities (id) ON DELETE SET NULL,
    place TEXT NOT NULL,
    place_address TEXT NOT NULL,
    town_key TEXT NOT NULL,
    people INTEGER NOT NULL,
    audience TEXT NOT NULL,
    equipment TEXT NOT NULL,
    parking TEXT NOT NULL,
    access TEXT NOT NULL,
    questions TEXT NOT NULL,
    public BOOLEAN NOT NULL,
    insists BOOLEAN NOT NULL,
    channel TEXT NOT NULL,
    entered_by TEXT NOT NULL,
    verified_at {time},
    received_at {time},
    decided_at {time},
    decision TEXT NOT NULL,
    withdrawn_at {time},
    withdrawn_by TEXT NOT NULL,
    withdraw_reason TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL
);
CREATE UNIQUE INDEX outreach_requests_number ON outreach_requests (fiscal_year, number);
CREATE INDEX outreach_requests_open ON outreach_requests (received_at) WHERE decided_at IS NULL AND withdrawn_at IS NULL;
CREATE INDEX outreach_requests_group ON outreach_requests (group_id);
CREATE INDEX outreach_requests_mail ON outreach_requests (mail);

CREATE TABLE outreach_numbers (
    series TEXT PRIMARY KEY,
    latest INTEGER NOT NULL
);

CREATE TABLE outreach_wishes (
    request_id {uuid} NOT NULL REFERENCES outreach_requests (id) ON DELETE CASCADE,
    rank INTEGER NOT NULL,
    day {date} NOT NULL,
    starts TEXT NOT NULL,
    until TEXT NOT NULL,
    PRIMARY KEY (request_id, rank)
);

CREATE TABLE outreach_links (
    token_hash TEXT PRIMARY KEY,
    request_id {uuid} NOT NULL REFERENCES outreach_requests (id) ON DELETE CASCADE,
    mail TEXT NOT NULL,
    network TEXT NOT NULL,
    created_at {time} NOT NULL
);
CREATE INDEX outreach_links_request ON outreach_links (request_id);
CREATE INDEX outreach_links_mail ON outreach_links (mail, created_at);
CREATE INDEX outreach_links_network ON outreach_links (network, created_at);

CREATE TABLE outreach_sessions (
    id {uuid} PRIMARY KEY,
    request_id {uuid} NOT NULL REFERENCES outreach_requests (id),
    entry_id {uuid} UNIQUE REFERENCES calendar_entries (id),
    state TEXT NOT NULL,
    starts_at {time} NOT NULL,
    ends_at {time} NOT NULL,
    town_key TEXT NOT NULL,
    facility_id {uuid} REFERENCES facilities (id) ON DELETE SET NULL,
    place TEXT NOT NULL,
    place_address TEXT NOT NULL,
    offered_at {time},
    offer_until {time},
    declined_at {time},
    confirmed_at {time},
    confirmed_by TEXT NOT NULL,
    cancelled_at {time},
    cancelled_by TEXT NOT NULL,
    cancel_reason TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL
);
CREATE INDEX outreach_sessions_start ON outreach_sessions (starts_at, id);
CREATE INDEX outreach_sessions_request ON outreach_sessions (request_id);
CREATE UNIQUE INDEX outreach_sessions_one ON outreach_sessions (request_id) WHERE state = 'confirmed';

CREATE TABLE outreach_assignments (
    session_id {uuid} NOT NULL REFERENCES outreach_sessions (id) ON DELETE CASCADE,
    account_id {uuid} NOT NULL REFERENCES accounts (id),
    PRIMARY KEY (session_id, account_id)
);
CREATE INDEX outreach_assignments_account ON outreach_assignments (account_id);

CREATE TABLE outreach_cells (
    account_id {uuid} NOT NULL REFERENCES accounts (id),
    cell BIGINT NOT NULL,
    session_id {uuid} NOT NULL REFERENCES outreach_sessions (id) ON DELETE CASCADE,
    PRIMARY KEY (account_id, cell)
);
CREATE INDEX outreach_cells_session ON outreach_cells (session_id);

CREATE TABLE outreach_decisions (
    id {uuid} PRIMARY KEY,
    request_id {uuid} NOT NULL REFERENCES outreach_requests (id),
    session_id {uuid} REFERENCES outreach_sessions (id) ON DELETE SET NULL,
    fiscal_year INTEGER NOT NULL,
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    ground TEXT NOT NULL,
    words TEXT NOT NULL,
    told {json} NOT NULL,
    batch_id {uuid},
    decided_on {date} NOT NULL,
    decided_by TEXT NOT NULL,
    created_at {time} NOT NULL,
    UNIQUE (fiscal_year, number)
);
CREATE INDEX outreach_decisions_request ON outreach_decisions (request_id, created_at);

CREATE TABLE outreach_invitees (
    session_id {uuid} NOT NULL REFERENCES outreach_sessions (id) ON DELETE CASCADE,
    mail TEXT NOT NULL,
    side TEXT NOT NULL,
    name TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    is_cancelled BOOLEAN NOT NULL,
    answer TEXT NOT NULL DEFAULT '',
    answered_at {time},
    PRIMARY KEY (session_id, mail)
);

CREATE TABLE outreach_reminders (
    session_id {uuid} NOT NULL REFERENCES outreach_sessions (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    starts_at {time} NOT NULL,
    posted_at {time} NOT NULL,
    PRIMARY KEY (session_id, kind, starts_at)
)
",
    up_sqlite: "",
    up_postgres: "",
    down: "DROP TABLE outreach_reminders; DROP TABLE outreach_invitees; DROP TABLE outreach_decisions; DROP TABLE outreach_cells; DROP TABLE outreach_assignments; DROP TABLE outreach_sessions; DROP TABLE outreach_links; DROP TABLE outreach_wishes; DROP TABLE outreach_numbers; DROP TABLE outreach_requests; DROP TABLE outreach_closures; DROP TABLE outreach_speakers; DROP TABLE outreach_topics",
};
