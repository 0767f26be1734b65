//! What a reading of somebody's own calendar took and left out, in numbers.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0025_calendars",
    up: "ALTER TABLE outreach_calendars ADD COLUMN counts {json} NOT NULL DEFAULT '{}'",
    up_sqlite: "",
    up_postgres: "",
    down: "ALTER TABLE outreach_calendars DROP COLUMN counts",
};
