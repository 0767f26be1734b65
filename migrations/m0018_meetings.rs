//! Liaison meetings (連絡調整会議): what is convened, who takes part, the poll for a day, notices, replies, agenda, the day
//! itself, minutes, decisions.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0018_meetings",
    up: r"
CREATE TABLE meeting_series (
    id {uuid} PRIMARY KEY,
    title TEXT NOT NULL,
    fiscal_year INTEGER NOT NULL,
    rule TEXT NOT NULL,
    skips_holidays BOOLEAN NOT NULL,
    convener_group {uuid} REFERENCES groups (id) ON DELETE SET NULL,
    created_by TEXT NOT NULL,
    created_at {time} NOT NULL
);

CREATE TABLE meetings (
    id {uuid} PRIMARY KEY,
    entry_id {uuid} UNIQUE REFERENCES calendar_entries (id),
    series_id {uuid} REFERENCES meeting_series (id) ON DELETE SET NULL,
    copied_from {uuid} REFERENCES meetings (id) ON DELETE SET NULL,
    title TEXT NOT NULL,
    purpose TEXT NOT NULL,
    convener_group {uuid} REFERENCES groups (id),
    convener TEXT NOT NULL,
    chair_group {uuid} REFERENCES groups (id),
    chair TEXT NOT NULL,
    public BOOLEAN NOT NULL,
    length_minutes INTEGER NOT NULL,
    first_day {date} NOT NULL,
    last_day {date} NOT NULL,
    weekdays TEXT NOT NULL,
    opens TEXT NOT NULL,
    closes TEXT NOT NULL,
    least_groups INTEGER NOT NULL,
    town_key TEXT NOT NULL,
    facility_id {uuid} REFERENCES facilities (id) ON DELETE SET NULL,
    place TEXT NOT NULL,
    starts_at {time},
    ends_at {time},
    poll_until {time},
    poll_opened_at {time},
    poll_closed_at {time},
    agenda_until {time},
    reply_until {time},
    fixed_at {time},
    fixed_by TEXT NOT NULL,
    held_at {time},
    held_by TEXT NOT NULL,
    cancelled_at {time},
    cancelled_by TEXT NOT NULL,
    cancel_reason TEXT NOT NULL,
    published_at {time},
    published_by TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL
);
CREATE INDEX meetings_start ON meetings (starts_at, id);
CREATE INDEX meetings_convener ON meetings (convener_group, created_at);
CREATE INDEX meetings_series ON meetings (series_id, first_day);
CREATE INDEX meetings_poll ON meetings (poll_until) WHERE poll_opened_at IS NOT NULL AND poll_closed_at IS NULL;

CREATE TABLE meeting_items (
    meeting_id {uuid} NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    item_id {uuid} NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    PRIMARY KEY (meeting_id, item_id)
);

CREATE TABLE meeting_seats (
    id {uuid} PRIMARY KEY,
    meeting_id {uuid} NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    group_id {uuid} NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    required BOOLEAN NOT NULL,
    added_at {time} NOT NULL,
    removed_at {time},
    removed_by TEXT NOT NULL,
    removed_reason TEXT NOT NULL,
    UNIQUE (meeting_id, group_id)
);
CREATE INDEX meeting_seats_group ON meeting_seats (group_id, meeting_id);

CREATE TABLE meeting_links (
    token_hash TEXT PRIMARY KEY,
    meeting_id {uuid} NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    seat_id {uuid} NOT NULL REFERENCES meeting_seats (id) ON DELETE CASCADE,
    mail TEXT NOT NULL,
    account_id {uuid},
    name TEXT NOT NULL,
    created_at {time} NOT NULL,
    revoked_at {time}
);
CREATE INDEX meeting_links_seat ON meeting_links (seat_id);

CREATE TABLE meeting_dates (
    id {uuid} PRIMARY KEY,
    meeting_id {uuid} NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    starts_at {time} NOT NULL,
    ends_at {time} NOT NULL,
    town_key TEXT NOT NULL,
    facility_id {uuid} REFERENCES facilities (id) ON DELETE SET NULL,
    place TEXT NOT NULL,
    reasons {json} NOT NULL,
    added_by TEXT NOT NULL,
    added_at {time} NOT NULL,
    withdrawn_at {time},
    UNIQUE (meeting_id, starts_at, town_key, place)
);

CREATE TABLE meeting_votes (
    id {uuid} PRIMARY KEY,
    meeting_id {uuid} NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    seat_id {uuid} NOT NULL REFERENCES meeting_seats (id) ON DELETE CASCADE,
    answers {json} NOT NULL,
    comment TEXT NOT NULL,
    channel TEXT NOT NULL,
    said_by TEXT NOT NULL,
    written_by TEXT NOT NULL,
    answered_at {time} NOT NULL,
    latest BOOLEAN NOT NULL
);
CREATE INDEX meeting_votes_meeting ON meeting_votes (meeting_id, seat_id, answered_at);
CREATE UNIQUE INDEX meeting_votes_latest ON meeting_votes (seat_id) WHERE latest;

CREATE TABLE meeting_notices (
    id {uuid} PRIMARY KEY,
    meeting_id {uuid} NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    turn INTEGER NOT NULL,
    batch_id {uuid} REFERENCES letter_batches (id),
    number TEXT NOT NULL,
    dated {date} NOT NULL,
    words TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at {time} NOT NULL,
    UNIQUE (meeting_id, kind, turn)
);
CREATE INDEX meeting_notices_batch ON meeting_notices (batch_id);

CREATE TABLE meeting_invitees (
    meeting_id {uuid} NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    seat_id {uuid} NOT NULL REFERENCES meeting_seats (id) ON DELETE CASCADE,
    mail TEXT NOT NULL,
    name TEXT NOT NULL,
    account_id {uuid},
    sequence INTEGER NOT NULL,
    partstat TEXT NOT NULL,
    replied_at {time},
    PRIMARY KEY (meeting_id, seat_id, mail)
);
CREATE INDEX meeting_invitees_mail ON meeting_invitees (mail, meeting_id);

CREATE TABLE meeting_replies (
    id {uuid} PRIMARY KEY,
    meeting_id {uuid} NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    seat_id {uuid} NOT NULL REFERENCES meeting_seats (id) ON DELETE CASCADE,
    answer TEXT NOT NULL,
    people INTEGER NOT NULL,
    delegates TEXT NOT NULL,
    proxy TEXT NOT NULL,
    opinion TEXT NOT NULL,
    names_public BOOLEAN NOT NULL,
    channel TEXT NOT NULL,
    said_by TEXT NOT NULL,
    written_by TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    answered_at {time} NOT NULL,
    latest BOOLEAN NOT NULL
);
CREATE INDEX meeting_replies_meeting ON meeting_replies (meeting_id, seat_id, answered_at);
CREATE UNIQUE INDEX meeting_replies_latest ON meeting_replies (seat_id) WHERE latest;

CREATE TABLE agenda_items (
    id {uuid} PRIMARY KEY,
    meeting_id {uuid} NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    title TEXT NOT NULL,
    words TEXT NOT NULL,
    minutes INTEGER NOT NULL,
    speaker TEXT NOT NULL,
    state TEXT NOT NULL,
    seat_id {uuid} REFERENCES meeting_seats (id) ON DELETE SET NULL,
    proposed_by TEXT NOT NULL,
    note TEXT NOT NULL,
    decision_id {uuid},
    summary TEXT NOT NULL,
    summary_version INTEGER NOT NULL,
    summary_by TEXT NOT NULL,
    summary_at {time},
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL
);
CREATE INDEX agenda_items_meeting ON agenda_items (meeting_id, position, id);

CREATE TABLE meeting_materials (
    id {uuid} PRIMARY KEY,
    meeting_id {uuid} NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    agenda_item_id {uuid} REFERENCES agenda_items (id) ON DELETE SET NULL,
    title TEXT NOT NULL,
    file_key TEXT NOT NULL UNIQUE,
    file_name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    public BOOLEAN NOT NULL,
    added_by TEXT NOT NULL,
    added_at {time} NOT NULL,
    removed_at {time}
);
CREATE INDEX meeting_materials_meeting ON meeting_materials (meeting_id, added_at);

CREATE TABLE meeting_attendances (
    id {uuid} PRIMARY KEY,
    meeting_id {uuid} NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    seat_id {uuid} UNIQUE REFERENCES meeting_seats (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    people INTEGER NOT NULL,
    delegates TEXT NOT NULL,
    names_public BOOLEAN NOT NULL,
    marked_by TEXT NOT NULL,
    marked_at {time} NOT NULL,
    version INTEGER NOT NULL
);
CREATE INDEX meeting_attendances_meeting ON meeting_attendances (meeting_id, marked_at);

CREATE TABLE meeting_minutes (
    meeting_id {uuid} PRIMARY KEY REFERENCES meetings (id) ON DELETE CASCADE,
    overview TEXT NOT NULL,
    overview_version INTEGER NOT NULL,
    observers INTEGER NOT NULL,
    office_staff TEXT NOT NULL,
    submitted_at {time},
    submitted_by TEXT NOT NULL,
    chair_seen_at {time},
    chair_seen_by TEXT NOT NULL,
    attendee_seen_at {time},
    attendee_seen_by TEXT NOT NULL,
    attendee_seat {uuid} REFERENCES meeting_seats (id) ON DELETE SET NULL,
    remarks TEXT NOT NULL,
    reminded_at {time},
    reminders INTEGER NOT NULL,
    version INTEGER NOT NULL,
    updated_at {time} NOT NULL
);

CREATE TABLE decisions (
    id {uuid} PRIMARY KEY,
    meeting_id {uuid} NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    agenda_item_id {uuid} REFERENCES agenda_items (id) ON DELETE SET NULL,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    words TEXT NOT NULL,
    owner_group {uuid} REFERENCES groups (id) ON DELETE SET NULL,
    owner TEXT NOT NULL,
    due_on {date},
    state TEXT NOT NULL,
    outcome TEXT NOT NULL,
    settled_at {time},
    settled_by TEXT NOT NULL,
    chased_at {time},
    chases INTEGER NOT NULL,
    version INTEGER NOT NULL,
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL
);
CREATE INDEX decisions_meeting ON decisions (meeting_id, position, id);
CREATE INDEX decisions_open ON decisions (state, due_on, id);
CREATE INDEX decisions_owner ON decisions (owner_group, state, due_on);

CREATE TABLE decision_items (
    decision_id {uuid} NOT NULL REFERENCES decisions (id) ON DELETE CASCADE,
    item_id {uuid} NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    PRIMARY KEY (decision_id, item_id)
);
CREATE INDEX decision_items_item ON decision_items (item_id);

CREATE TABLE private_feeds (
    token_hash TEXT PRIMARY KEY,
    account_id {uuid} REFERENCES accounts (id) ON DELETE CASCADE,
    seat_id {uuid} REFERENCES meeting_seats (id) ON DELETE CASCADE,
    mail TEXT NOT NULL,
    created_at {time} NOT NULL,
    revoked_at {time},
    fetched_on {date}
);
CREATE INDEX private_feeds_account ON private_feeds (account_id, created_at)
",
    up_sqlite: "",
    up_postgres: "",
    down: "DROP TABLE private_feeds; DROP TABLE decision_items; DROP TABLE decisions; DROP TABLE meeting_minutes; DROP TABLE meeting_attendances; DROP TABLE meeting_materials; DROP TABLE agenda_items; DROP TABLE meeting_replies; DROP TABLE meeting_invitees; DROP TABLE meeting_notices; DROP TABLE meeting_votes; DROP TABLE meeting_dates; DROP TABLE meeting_links; DROP TABLE meeting_seats; DROP TABLE meeting_items; DROP TABLE meetings; DROP TABLE meeting_series",
};
