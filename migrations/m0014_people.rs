//! How people come to look after a group: invitations, hand-overs, and claims with a code on paper.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0014_people",
    up: r"
CREATE UNIQUE INDEX memberships_representative ON memberships (group_id) WHERE duty = 'representative';

CREATE TABLE invitations (
    id {uuid} PRIMARY KEY,
    group_id {uuid} NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    mail TEXT NOT NULL,
    name TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    invited_by {uuid} NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    sends INTEGER NOT NULL,
    created_at {time} NOT NULL,
    expires_at {time} NOT NULL,
    decided_at {time}
);
CREATE INDEX invitations_group ON invitations (group_id, state, created_at);
CREATE UNIQUE INDEX invitations_open ON invitations (group_id, mail) WHERE state = 'open';

CREATE TABLE handovers (
    id {uuid} PRIMARY KEY,
    group_id {uuid} NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    from_account {uuid} NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    mail TEXT NOT NULL,
    name TEXT NOT NULL,
    leaves BOOLEAN NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    late BOOLEAN NOT NULL,
    created_at {time} NOT NULL,
    expires_at {time} NOT NULL,
    decided_at {time}
);
CREATE INDEX handovers_group ON handovers (group_id, created_at);
CREATE INDEX handovers_late ON handovers (state, late, created_at);
CREATE UNIQUE INDEX handovers_open ON handovers (group_id) WHERE state = 'open';

CREATE TABLE claim_numbers (
    fiscal_year INTEGER PRIMARY KEY,
    latest INTEGER NOT NULL
);

CREATE TABLE claim_codes (
    id {uuid} PRIMARY KEY,
    group_id {uuid} NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    number TEXT NOT NULL UNIQUE,
    code_hash TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at {time} NOT NULL,
    expires_at {time} NOT NULL,
    decided_at {time}
);
CREATE INDEX claim_codes_group ON claim_codes (group_id, made_at);
CREATE UNIQUE INDEX claim_codes_open ON claim_codes (group_id) WHERE state = 'open';

CREATE TABLE claims (
    id {uuid} PRIMARY KEY,
    code_id {uuid} NOT NULL REFERENCES claim_codes (id) ON DELETE CASCADE,
    group_id {uuid} NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    mail TEXT NOT NULL,
    name TEXT NOT NULL,
    part TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    created_at {time} NOT NULL,
    expires_at {time} NOT NULL,
    verified_at {time},
    decided_at {time},
    decided_by TEXT NOT NULL,
    reason TEXT NOT NULL
);
CREATE INDEX claims_waiting ON claims (state, verified_at, id);
CREATE INDEX claims_group ON claims (group_id, created_at);
CREATE UNIQUE INDEX claims_code ON claims (code_id) WHERE state = 'waiting'
",
    up_sqlite: "",
    up_postgres: "",
    down: "DROP TABLE claims; DROP TABLE claim_codes; DROP TABLE claim_numbers; DROP TABLE handovers; DROP TABLE invitations; DROP INDEX memberships_representative",
};
