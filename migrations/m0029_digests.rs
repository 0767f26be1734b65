//! The calendar by mail: who gets which part of it on which day, what they were told of, and what they have starred.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0029_digests",
    up: r"
CREATE TABLE digest_readers (
    id {uuid} PRIMARY KEY,
    mail TEXT NOT NULL UNIQUE,
    created_at {time} NOT NULL,
    refused_at {time}
);

CREATE TABLE digest_orders (
    hash TEXT PRIMARY KEY,
    mail TEXT NOT NULL,
    feed TEXT NOT NULL,
    cadence INTEGER NOT NULL,
    entry_id {uuid},
    created_at {time} NOT NULL
);
CREATE INDEX digest_orders_created ON digest_orders (created_at);
CREATE INDEX digest_orders_mail ON digest_orders (mail);

CREATE TABLE digest_states (
    hash TEXT PRIMARY KEY,
    content TEXT NOT NULL,
    used_at {time} NOT NULL
);

CREATE TABLE digest_subscriptions (
    id {uuid} PRIMARY KEY,
    reader_id {uuid} NOT NULL REFERENCES digest_readers (id) ON DELETE CASCADE,
    feed TEXT NOT NULL,
    cadence INTEGER NOT NULL,
    told_on {date} NOT NULL,
    told TEXT NOT NULL,
    known TEXT NOT NULL,
    created_at {time} NOT NULL,
    paused_at {time},
    UNIQUE (reader_id, feed)
);
CREATE INDEX digest_subscriptions_due ON digest_subscriptions (cadence, told_on, feed, told, known) WHERE paused_at IS NULL;
CREATE INDEX digest_subscriptions_told ON digest_subscriptions (told);
CREATE INDEX digest_subscriptions_known ON digest_subscriptions (known);

CREATE TABLE digest_stars (
    id {uuid} PRIMARY KEY,
    reader_id {uuid} NOT NULL REFERENCES digest_readers (id) ON DELETE CASCADE,
    uid TEXT NOT NULL,
    entry_id {uuid} NOT NULL,
    title TEXT NOT NULL,
    stamp TEXT NOT NULL,
    told TEXT NOT NULL,
    ends_on {date} NOT NULL,
    created_at {time} NOT NULL,
    UNIQUE (reader_id, uid)
);
CREATE INDEX digest_stars_uid ON digest_stars (uid, stamp, told);
CREATE INDEX digest_stars_told ON digest_stars (told);
CREATE INDEX digest_stars_ends ON digest_stars (ends_on);

CREATE TABLE digest_ways (
    hash TEXT PRIMARY KEY,
    reader_id {uuid} NOT NULL REFERENCES digest_readers (id) ON DELETE CASCADE,
    subscription_id {uuid},
    star_id {uuid},
    made_at {time} NOT NULL
);
CREATE INDEX digest_ways_reader ON digest_ways (reader_id);
CREATE INDEX digest_ways_made ON digest_ways (made_at);

ALTER TABLE letters ADD COLUMN leave_path TEXT NOT NULL DEFAULT '';
ALTER TABLE letters ADD COLUMN unattended BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX letters_kind ON letters (kind, created_at)
",
    up_sqlite: "",
    up_postgres: "",
    down: "DROP INDEX letters_kind; ALTER TABLE letters DROP COLUMN unattended; ALTER TABLE letters DROP COLUMN leave_path; DROP TABLE digest_ways;
DROP TABLE digest_stars; DROP TABLE digest_subscriptions; DROP TABLE digest_states; DROP TABLE digest_orders; DROP TABLE digest_readers",
};
