//! Who of the office may be sent when: hours, leave, other duties, and busy times of their own calendars.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0025_availability",
    up: r"
CREATE TABLE outreach_people (
    account_id {uuid} PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    base_town TEXT NOT NULL,
    phone TEXT NOT NULL,
    is_active BOOLEAN NOT NULL,
    turn INTEGER NOT NULL,
    updated_at {time} NOT NULL
);

CREATE TABLE outreach_hours (
    account_id {uuid} NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    weekday INTEGER NOT NULL,
    opens TEXT NOT NULL,
    closes TEXT NOT NULL,
    PRIMARY KEY (account_id, weekday)
);

CREATE TABLE outreach_duties (
    id {uuid} PRIMARY KEY,
    account_id {uuid} NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    starts_at {time} NOT NULL,
    ends_at {time} NOT NULL,
    town_key TEXT NOT NULL,
    note TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at {time} NOT NULL,
    removed_at {time},
    removed_by TEXT NOT NULL
);
CREATE INDEX outreach_duties_time ON outreach_duties (account_id, starts_at);

CREATE TABLE outreach_calendars (
    account_id {uuid} PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    url TEXT NOT NULL,
    added_at {time} NOT NULL,
    next_check_at {time} NOT NULL,
    claimed_until {time},
    checked_at {time},
    good_at {time},
    fault TEXT NOT NULL,
    failures INTEGER NOT NULL,
    etag TEXT NOT NULL,
    last_modified TEXT NOT NULL,
    counts {json} NOT NULL
);
CREATE INDEX outreach_calendars_due ON outreach_calendars (next_check_at);

CREATE TABLE outreach_busy (
    account_id {uuid} NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    starts_at {time} NOT NULL,
    ends_at {time} NOT NULL,
    PRIMARY KEY (account_id, starts_at, ends_at)
)
",
    up_sqlite: "",
    up_postgres: "",
    down: "DROP TABLE outreach_busy; DROP TABLE outreach_calendars; DROP TABLE outreach_duties; DROP TABLE outreach_hours; DROP TABLE outreach_people",
};
