//! Yearly plans of meetings: how a series steps aside from holidays, since when it is over, and who finds its feeds.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0023_series",
    up: r"
ALTER TABLE meeting_series ADD COLUMN convener TEXT NOT NULL DEFAULT '';
ALTER TABLE meeting_series ADD COLUMN shift TEXT NOT NULL DEFAULT 'next';
ALTER TABLE meeting_series ADD COLUMN skips_weekends BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE meeting_series ADD COLUMN ended_at {time};
ALTER TABLE meeting_series ADD COLUMN ended_by TEXT NOT NULL DEFAULT '';
CREATE INDEX meeting_series_year ON meeting_series (fiscal_year, created_at);
CREATE INDEX meetings_first_day ON meetings (first_day, id);
CREATE INDEX private_feeds_seat ON private_feeds (seat_id, mail);
CREATE INDEX meeting_links_mail ON meeting_links (mail)
",
    up_sqlite: "",
    up_postgres: "",
    down: "DROP INDEX meeting_links_mail; DROP INDEX private_feeds_seat; DROP INDEX meetings_first_day; DROP INDEX meeting_series_year; ALTER TABLE meeting_series DROP COLUMN ended_by; ALTER TABLE meeting_series DROP COLUMN ended_at; ALTER TABLE meeting_series DROP COLUMN skips_weekends; ALTER TABLE meeting_series DROP COLUMN shift; ALTER TABLE meeting_series DROP COLUMN convener",
};
