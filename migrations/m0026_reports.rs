//! What came of explanation sessions: reports, follow-ups, and the answers of those who listened.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0026_reports",
    up: r"
CREATE TABLE outreach_reports (
    session_id {uuid} PRIMARY KEY REFERENCES outreach_sessions (id),
    took_place BOOLEAN NOT NULL,
    why_not TEXT NOT NULL,
    people INTEGER NOT NULL,
    content TEXT NOT NULL,
    answers {json} NOT NULL,
    materials TEXT NOT NULL,
    note TEXT NOT NULL,
    summary TEXT NOT NULL,
    is_public BOOLEAN NOT NULL,
    consent TEXT NOT NULL,
    published_at {time},
    published_by TEXT NOT NULL,
    version INTEGER NOT NULL,
    written_by TEXT NOT NULL,
    written_at {time} NOT NULL,
    updated_at {time} NOT NULL
);

CREATE TABLE outreach_tasks (
    id {uuid} PRIMARY KEY,
    session_id {uuid} NOT NULL REFERENCES outreach_sessions (id),
    position INTEGER NOT NULL,
    words TEXT NOT NULL,
    owner TEXT NOT NULL,
    due_on {date},
    done_at {time},
    done_by TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at {time} NOT NULL,
    removed_at {time}
);
CREATE INDEX outreach_tasks_open ON outreach_tasks (due_on) WHERE done_at IS NULL;
CREATE INDEX outreach_tasks_session ON outreach_tasks (session_id);

CREATE TABLE outreach_questionnaires (
    session_id {uuid} PRIMARY KEY REFERENCES outreach_sessions (id) ON DELETE CASCADE,
    code TEXT NOT NULL UNIQUE,
    created_at {time} NOT NULL
);

CREATE TABLE outreach_answers (
    id {uuid} PRIMARY KEY,
    session_id {uuid} NOT NULL REFERENCES outreach_sessions (id) ON DELETE CASCADE,
    clear INTEGER,
    useful INTEGER,
    known INTEGER,
    joining INTEGER,
    age TEXT NOT NULL,
    words TEXT NOT NULL,
    channel TEXT NOT NULL,
    entered_by TEXT NOT NULL,
    network TEXT NOT NULL,
    answered_at {time} NOT NULL,
    number INTEGER,
    hidden_at {time},
    hidden_by TEXT NOT NULL DEFAULT '',
    removed_at {time},
    removed_by TEXT NOT NULL DEFAULT ''
);
CREATE INDEX outreach_answers_session ON outreach_answers (session_id, answered_at);
CREATE INDEX outreach_answers_network ON outreach_answers (network, answered_at)
",
    up_sqlite: "",
    up_postgres: "",
    down: "DROP TABLE outreach_answers; DROP TABLE outreach_questionnaires; DROP TABLE outreach_tasks; DROP TABLE outreach_reports",
};
