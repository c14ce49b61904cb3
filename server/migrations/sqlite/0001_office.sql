-- Portable subset (INTEGER is 64 bits here, BIGINT in PostgreSQL), TEXT, BLOB; times are epoch milliseconds UTC, money is fen, ids are made by the office.

CREATE TABLE orders (
    id          TEXT PRIMARY KEY,
    number      TEXT NOT NULL UNIQUE,
    service     TEXT NOT NULL,
    party       TEXT NOT NULL,
    -- The step an open order stands at, or how it ended; `state` is the whole (journey::Order as JSON).
    standing    TEXT NOT NULL,
    version     INTEGER NOT NULL,
    state       TEXT NOT NULL,
    -- Sealed DetailsForm: the draft as typed until it is entered, then as checked.
    details     BLOB,
    -- Keyed digests for look-up: holder's ID number, agent's phone. NULL while they do not parse.
    holder_key  BLOB,
    agent_key   BLOB,
    promise_due TEXT,
    opened_at   INTEGER NOT NULL,
    changed_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX orders_by_holder ON orders (holder_key, opened_at);
CREATE INDEX orders_by_standing ON orders (standing, promise_due, opened_at);

-- Every move of every order: who, when, what, and where it stood before and after (R130). Append-only.
CREATE TABLE journal (
    order_id TEXT NOT NULL REFERENCES orders (id),
    seq      INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    actor    TEXT NOT NULL,
    event    TEXT NOT NULL,
    kind     TEXT NOT NULL,
    before   TEXT NOT NULL,
    after    TEXT NOT NULL,
    PRIMARY KEY (order_id, seq)
) STRICT;
CREATE TRIGGER journal_is_not_changed BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_is_not_deleted BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

-- Work for later, recorded in the transaction that wants it. `body` is sealed.
CREATE TABLE errands (
    id          TEXT PRIMARY KEY,
    kind        TEXT NOT NULL,
    key         TEXT NOT NULL,
    body        BLOB NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'given_up')),
    run_at      INTEGER NOT NULL,
    tries       INTEGER NOT NULL DEFAULT 0,
    lease       TEXT,
    lease_until INTEGER,
    last_error  TEXT,
    recorded_at INTEGER NOT NULL,
    finished_at INTEGER,
    UNIQUE (kind, key)
) STRICT;
CREATE INDEX errands_ready ON errands (run_at) WHERE state = 'waiting';

CREATE TABLE visits (
    token_digest BLOB PRIMARY KEY,
    opened_at    INTEGER NOT NULL,
    seen_at      INTEGER NOT NULL,
    ends_at      INTEGER NOT NULL
) STRICT;
CREATE TABLE visit_orders (
    token_digest BLOB NOT NULL REFERENCES visits (token_digest) ON DELETE CASCADE,
    order_id     TEXT NOT NULL REFERENCES orders (id),
    PRIMARY KEY (token_digest, order_id)
) STRICT;

-- SMS codes: only a keyed digest is kept (R125). `subject` is what the code opens: an order, or a query.
CREATE TABLE codes (
    id        TEXT PRIMARY KEY,
    purpose   TEXT NOT NULL,
    subject   TEXT NOT NULL,
    phone_key BLOB NOT NULL,
    digest    BLOB NOT NULL,
    sent_at   INTEGER NOT NULL,
    ends_at   INTEGER NOT NULL,
    tries     INTEGER NOT NULL DEFAULT 0,
    used_at   INTEGER
) STRICT;
CREATE INDEX codes_by_subject ON codes (purpose, subject, sent_at);
CREATE INDEX codes_by_phone ON codes (phone_key, sent_at);
-- One row a request for a code, sent or not: the limits per address count these.
CREATE TABLE code_requests (
    id      TEXT PRIMARY KEY,
    ip      TEXT NOT NULL,
    subject TEXT NOT NULL,
    at      INTEGER NOT NULL
) STRICT;
CREATE INDEX code_requests_by_ip ON code_requests (ip, at);
CREATE INDEX code_requests_by_subject ON code_requests (subject, at);

CREATE TABLE attempts (
    id             TEXT PRIMARY KEY,
    order_id       TEXT NOT NULL REFERENCES orders (id),
    channel        TEXT NOT NULL,
    out_trade_no   TEXT NOT NULL UNIQUE,
    amount         INTEGER NOT NULL,
    code           TEXT,
    state          TEXT NOT NULL CHECK (state IN ('open', 'closing', 'closed', 'paid', 'surplus', 'mismatch')),
    transaction_no TEXT,
    paid_amount    INTEGER,
    paid_at        INTEGER,
    opened_at      INTEGER NOT NULL,
    ends_at        INTEGER NOT NULL,
    asked_at       INTEGER
) STRICT;
CREATE UNIQUE INDEX attempts_one_open ON attempts (order_id) WHERE state = 'open';
CREATE UNIQUE INDEX attempts_transaction ON attempts (channel, transaction_no) WHERE transaction_no IS NOT NULL;
CREATE UNIQUE INDEX attempts_one_paid ON attempts (order_id) WHERE state = 'paid';

-- The inbox of verified notices; a second delivery of the same one is acknowledged and does nothing.
CREATE TABLE provider_notices (
    provider    TEXT NOT NULL,
    event_id    TEXT NOT NULL,
    body_digest BLOB NOT NULL,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (provider, event_id)
) STRICT;

CREATE TABLE refunds (
    out_refund_no TEXT PRIMARY KEY,
    attempt_id    TEXT NOT NULL REFERENCES attempts (id),
    order_id      TEXT NOT NULL REFERENCES orders (id),
    amount        INTEGER NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('requested', 'processing', 'succeeded', 'abnormal')),
    requested_at  INTEGER NOT NULL,
    finished_at   INTEGER
) STRICT;

-- The pictures themselves lie sealed in the data folder under the id.
CREATE TABLE evidence_files (
    id         TEXT PRIMARY KEY,
    order_id   TEXT NOT NULL REFERENCES orders (id),
    kind       TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bytes      INTEGER NOT NULL,
    digest     TEXT NOT NULL,
    added_at   INTEGER NOT NULL,
    removed_at INTEGER
) STRICT;
CREATE INDEX evidence_by_order ON evidence_files (order_id, kind);

-- The initial PIN, sealed; destroyed after the key is verified and the passcode has arrived (A03).
CREATE TABLE passcodes (
    order_id     TEXT PRIMARY KEY REFERENCES orders (id),
    sealed       BLOB,
    sealed_at    INTEGER NOT NULL,
    sent_at      INTEGER,
    reference    TEXT,
    destroyed_at INTEGER
) STRICT;

-- One row a certificate meant to be: serial and to-be-signed bytes stand here before anything is signed.
CREATE TABLE certificates (
    serial      TEXT PRIMARY KEY,
    order_id    TEXT NOT NULL REFERENCES orders (id),
    slot        TEXT NOT NULL CHECK (slot IN ('sign', 'encrypt')),
    key_serial  TEXT NOT NULL,
    spki_digest TEXT NOT NULL,
    to_be_signed BLOB,
    certificate BLOB,
    -- discarded: issued for a key that broke before it was proven; never counted, revoked where it was signed.
    state       TEXT NOT NULL CHECK (state IN ('reserved', 'signed', 'active', 'discarded', 'revoked')),
    recorded_at INTEGER NOT NULL,
    signed_at   INTEGER,
    not_after   INTEGER
) STRICT;
CREATE UNIQUE INDEX certificates_one_a_slot ON certificates (order_id, slot)
    WHERE state IN ('reserved', 'signed', 'active');

-- The key management centre's pairs: standby until a signing key takes one.
CREATE TABLE encryption_pairs (
    id          TEXT PRIMARY KEY,
    order_id    TEXT NOT NULL REFERENCES orders (id),
    public_key  BLOB NOT NULL,
    sealed_key  BLOB NOT NULL,
    envelope    BLOB,
    state       TEXT NOT NULL CHECK (state IN ('in_use', 'history')),
    recorded_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX encryption_pairs_one_in_use ON encryption_pairs (order_id) WHERE state = 'in_use';

-- The issuing authorities; a key is sealed.
CREATE TABLE authorities (
    name        TEXT PRIMARY KEY,
    certificate BLOB NOT NULL,
    sealed_key  BLOB NOT NULL,
    demo        INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL
) STRICT;

-- One production of one order: which key, and the nonce it must sign in the end.
CREATE TABLE productions (
    order_id   TEXT PRIMARY KEY REFERENCES orders (id),
    key_serial TEXT NOT NULL,
    nonce      TEXT NOT NULL,
    request    BLOB,
    -- Sealed: what only the new encryption key can open, to prove itself at the end.
    challenge  BLOB,
    started_at INTEGER NOT NULL
) STRICT;

CREATE TABLE staff (
    id            TEXT PRIMARY KEY,
    name          TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    sealed_totp   BLOB NOT NULL,
    roles         TEXT NOT NULL,
    failures      INTEGER NOT NULL DEFAULT 0,
    locked_until  INTEGER NOT NULL DEFAULT 0,
    last_totp     INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE staff_sessions (
    token_digest BLOB PRIMARY KEY,
    staff_id     TEXT NOT NULL REFERENCES staff (id),
    opened_at    INTEGER NOT NULL,
    seen_at      INTEGER NOT NULL,
    ends_at      INTEGER NOT NULL
) STRICT;

-- Who looked at what, and why (R161). Append-only.
CREATE TABLE looks (
    id       TEXT PRIMARY KEY,
    staff_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    what     TEXT NOT NULL,
    reason   TEXT NOT NULL,
    at       INTEGER NOT NULL
) STRICT;
CREATE TRIGGER looks_are_not_changed BEFORE UPDATE ON looks BEGIN SELECT RAISE(ABORT, 'looks are append-only'); END;
CREATE TRIGGER looks_are_not_deleted BEFORE DELETE ON looks BEGIN SELECT RAISE(ABORT, 'looks are append-only'); END;

CREATE TABLE invoices (
    number      TEXT PRIMARY KEY,
    order_id    TEXT NOT NULL UNIQUE REFERENCES orders (id),
    amount      INTEGER NOT NULL,
    xml         BLOB NOT NULL,
    pdf         BLOB NOT NULL,
    issued_at   INTEGER NOT NULL,
    mailed_at   INTEGER,
    mail_error  TEXT,
    reversed_at INTEGER
) STRICT;

-- What an applicant agreed to, with the text's digest (R151).
CREATE TABLE agreements (
    order_id TEXT NOT NULL REFERENCES orders (id),
    version  TEXT NOT NULL,
    digest   TEXT NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (order_id, version)
) STRICT;
