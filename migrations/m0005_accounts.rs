//! The people who sign in: accounts, one-time ways in, sessions, and the counts that slow down guessing.

use crate::step::Step;

pub(crate) const STEP: Step = Step {
    name: "m0005_accounts",
    up: r"
CREATE TABLE accounts (
    id {uuid} PRIMARY KEY,
    mail TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    totp_secret TEXT NOT NULL,
    totp_since {time},
    totp_step BIGINT NOT NULL,
    created_at {time} NOT NULL,
    signed_in_at {time}
);
CREATE INDEX accounts_role ON accounts (role, active);

CREATE TABLE recovery_codes (
    account_id {uuid} NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    code_hash TEXT NOT NULL,
    used_at {time},
    PRIMARY KEY (account_id, code_hash)
);

CREATE TABLE sign_ins (
    id {uuid} PRIMARY KEY,
    mail TEXT NOT NULL,
    link_hash TEXT NOT NULL UNIQUE,
    code_hash TEXT NOT NULL,
    browser_hash TEXT NOT NULL,
    next TEXT NOT NULL,
    tries INTEGER NOT NULL,
    created_at {time} NOT NULL,
    expires_at {time} NOT NULL,
    used_at {time}
);
CREATE INDEX sign_ins_browser ON sign_ins (browser_hash);
CREATE INDEX sign_ins_expiry ON sign_ins (expires_at);

CREATE TABLE sessions (
    id {uuid} PRIMARY KEY,
    account_id {uuid} NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    token_hash TEXT NOT NULL UNIQUE,
    device TEXT NOT NULL,
    network TEXT NOT NULL,
    second_factor_at {time},
    created_at {time} NOT NULL,
    seen_at {time} NOT NULL,
    ended_at {time}
);
CREATE INDEX sessions_account ON sessions (account_id, ended_at);

CREATE TABLE counts (
    key TEXT NOT NULL,
    slot BIGINT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (key, slot)
);
CREATE INDEX counts_slot ON counts (slot);

CREATE TABLE kept_forms (
    token_hash TEXT PRIMARY KEY,
    path TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at {time} NOT NULL
)
",
    up_sqlite: "",
    up_postgres: "",
    down: "DROP TABLE kept_forms; DROP TABLE counts; DROP TABLE sessions; DROP TABLE sign_ins; DROP TABLE recovery_codes; DROP TABLE accounts",
};
