-- 订单查询 as the one place, and what stands around it.

-- One question for a holder's orders, by the visit that asked; whether the number is known is not in it (R126). The codes
-- that it leads to are `codes` with this id as their subject.
CREATE TABLE queries (
    id         TEXT PRIMARY KEY,
    visit      BLOB NOT NULL REFERENCES visits (token_digest) ON DELETE CASCADE,
    party      TEXT NOT NULL,
    holder_key BLOB NOT NULL,
    tries      INTEGER NOT NULL DEFAULT 0,
    asked_at   INTEGER NOT NULL,
    ends_at    INTEGER NOT NULL,
    used_at    INTEGER
) STRICT;
CREATE INDEX queries_by_visit ON queries (visit, holder_key, asked_at);

-- One row an order that was started at the counter: the limit per address counts these.
CREATE TABLE order_starts (
    id      TEXT PRIMARY KEY,
    address TEXT NOT NULL,
    at      INTEGER NOT NULL
) STRICT;
CREATE INDEX order_starts_by_address ON order_starts (address, at);

-- A text message whose arrival somebody waits for (B27), by the carrier's own number.
CREATE TABLE texts (
    id       TEXT PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES orders (id),
    kind     TEXT NOT NULL,
    sent_at  INTEGER NOT NULL,
    state    TEXT NOT NULL CHECK (state IN ('sent', 'delivered', 'failed')),
    state_at INTEGER
) STRICT;
CREATE INDEX texts_of_order ON texts (order_id, kind, sent_at);

-- An invoice that was asked for once more; `mailbox` is masked.
CREATE TABLE invoice_mails (
    id       TEXT PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES orders (id),
    mailbox  TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    sent_at  INTEGER,
    error    TEXT
) STRICT;
CREATE INDEX invoice_mails_of_order ON invoice_mails (order_id, asked_at);

-- A parcel's way after it was shipped, as dispatch took it down.
CREATE TABLE parcel_scans (
    id       TEXT PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES orders (id),
    state    TEXT NOT NULL,
    place    TEXT NOT NULL,
    staff_id TEXT NOT NULL,
    at       INTEGER NOT NULL
) STRICT;
CREATE INDEX parcel_scans_of_order ON parcel_scans (order_id, at);

-- Why an applicant withdrew, where one was given (R142).
CREATE TABLE withdrawals (
    order_id TEXT PRIMARY KEY REFERENCES orders (id),
    reason   TEXT NOT NULL,
    at       INTEGER NOT NULL
) STRICT;

-- A link by which a phone takes over one step of one order (B26): good once, as long as the visit that made it.
CREATE TABLE phone_links (
    secret_digest BLOB PRIMARY KEY,
    order_id      TEXT NOT NULL REFERENCES orders (id),
    step          TEXT NOT NULL,
    visit         BLOB NOT NULL REFERENCES visits (token_digest) ON DELETE CASCADE,
    -- Of the phone's own token, once it has opened the link.
    phone         BLOB UNIQUE,
    made_at       INTEGER NOT NULL,
    ends_at       INTEGER NOT NULL,
    opened_at     INTEGER,
    revoked_at    INTEGER
) STRICT;
CREATE INDEX phone_links_of_visit ON phone_links (visit, order_id, made_at);

-- Reminders of a certificate's end that were ordered (J34).
CREATE TABLE reminders (
    serial TEXT NOT NULL REFERENCES certificates (serial),
    days   INTEGER NOT NULL,
    at     INTEGER NOT NULL,
    PRIMARY KEY (serial, days)
) STRICT;
CREATE INDEX certificates_by_end ON certificates (not_after) WHERE slot = 'sign' AND state = 'active';

-- Consent that was taken back (R142), and data that was kept long enough and is deleted (R160).
CREATE TABLE consents_withdrawn (
    order_id TEXT PRIMARY KEY REFERENCES orders (id),
    at       INTEGER NOT NULL
) STRICT;
CREATE TABLE removals (
    order_id TEXT PRIMARY KEY REFERENCES orders (id),
    files    INTEGER NOT NULL,
    at       INTEGER NOT NULL
) STRICT;
CREATE INDEX looks_of_order ON looks (order_id, at);
