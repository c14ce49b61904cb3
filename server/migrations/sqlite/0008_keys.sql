-- The media that left production, and what unblocking one needs.

-- The office's own SM2 pairs, one for each purpose. The private half is sealed.
CREATE TABLE office_keys (
    purpose  TEXT PRIMARY KEY,
    spki     BLOB NOT NULL,
    sealed   BLOB NOT NULL,
    made_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE media (
    serial         TEXT PRIMARY KEY,
    -- The order it was made for: its holder.
    order_id       TEXT NOT NULL REFERENCES orders (id),
    -- Sealed: the admin PIN that it has, and the one that it is being given (recorded before the key hears of it).
    -- NULL in `admin_pin`: nobody knows it.
    admin_pin      BLOB,
    admin_pin_next BLOB,
    -- A25: when, and by which order, an unblock of this medium was proven by identity.
    proven_at      INTEGER,
    proven_by      TEXT REFERENCES orders (id),
    made_at        INTEGER NOT NULL
) STRICT;

-- Unblocks: one order for one medium; its authorisation is released to a station, and used once (R081).
CREATE TABLE unblocks (
    order_id    TEXT PRIMARY KEY REFERENCES orders (id),
    key_serial  TEXT NOT NULL,
    -- Of the newest release: the key signs it when it has its new PIN.
    nonce       TEXT,
    releases    INTEGER NOT NULL DEFAULT 0,
    released_at INTEGER,
    done_at     INTEGER
) STRICT;
CREATE INDEX unblocks_of_key ON unblocks (key_serial, done_at);

-- Where the identity check of an order stands; one row an order, for the form as entered with this version.
CREATE TABLE identity_checks (
    order_id   TEXT PRIMARY KEY REFERENCES orders (id),
    entered    INTEGER NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('asking', 'sending', 'sent', 'failed', 'passed')),
    -- Why it failed or waits; a code.
    reason     TEXT,
    -- Sealed: the authorisation code in a transfer's remark, until it is used; and our number of the transfer.
    code       BLOB,
    reference  TEXT,
    tries      INTEGER NOT NULL DEFAULT 0,
    ends_at    INTEGER,
    changed_at INTEGER NOT NULL
) STRICT;

-- What providers were asked (A07): keyed digests of the card or phone, and of the person.
CREATE TABLE identity_questions (
    id       TEXT PRIMARY KEY,
    subject  BLOB NOT NULL,
    person   BLOB NOT NULL,
    asked_at INTEGER NOT NULL,
    wrong    INTEGER NOT NULL
) STRICT;
CREATE INDEX identity_questions_of_subject ON identity_questions (subject, asked_at);
CREATE INDEX identity_questions_of_person ON identity_questions (person, asked_at);
