-- 证书挂失与补办: whose certificates a visit may see, remittances before there is an order, the designated account's
-- statement, and applications signed without the key.

-- A code to the reserved phone opened a holder's certificates to a visit (R085 to R087, B01).
CREATE TABLE visit_holders (
    token_digest BLOB NOT NULL REFERENCES visits (token_digest) ON DELETE CASCADE,
    party        TEXT NOT NULL,
    -- Keyed digests: the holder's number, and the phone that the code went to.
    holder_key   BLOB NOT NULL,
    phone_key    BLOB NOT NULL,
    opened_at    INTEGER NOT NULL,
    PRIMARY KEY (token_digest, holder_key, phone_key)
) STRICT;

-- The certificate that an order replaces. `reference`: what finance finds its transfer by (A34).
CREATE TABLE replacements (
    order_id    TEXT PRIMARY KEY REFERENCES orders (id),
    -- certificates.serial of the signing certificate.
    sign_serial TEXT NOT NULL,
    reference   TEXT UNIQUE
) STRICT;
CREATE INDEX replacements_of_certificate ON replacements (sign_serial);

-- 汇款附言码, given to a visit before there is an order (A34); when the order begins it is written there.
CREATE TABLE remittance_references (
    reference    TEXT PRIMARY KEY,
    token_digest BLOB NOT NULL,
    given_at     INTEGER NOT NULL
) STRICT;
CREATE INDEX remittance_references_of_visit ON remittance_references (token_digest);

-- An application signed without the key (A41): what was signed and how, then the sealed document.
CREATE TABLE signatures (
    order_id           TEXT NOT NULL REFERENCES orders (id),
    -- The order's version that the signature made.
    version            INTEGER NOT NULL,
    -- Of the details that were signed.
    digest             TEXT NOT NULL,
    -- Sealed: statement, strokes or typed name, what was uploaded.
    record             BLOB NOT NULL,
    signed_at          INTEGER NOT NULL,
    -- Of the event certificate that sealed it.
    certificate_serial TEXT,
    -- Sealed: the PDF.
    document           BLOB,
    sealed_at          INTEGER,
    PRIMARY KEY (order_id, version)
) STRICT;

-- One row a credit on the designated account: entered by finance, matched to one order at most (R083, A36).
CREATE TABLE bank_lines (
    id            TEXT PRIMARY KEY,
    -- The bank's own number of the line: imported twice, it is one line.
    bank_number   TEXT NOT NULL UNIQUE,
    booked_on     TEXT NOT NULL,
    amount        INTEGER NOT NULL CHECK (amount > 0),
    payer_name    TEXT NOT NULL,
    -- The last digits.
    payer_account TEXT NOT NULL,
    remark        TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('open', 'matched', 'put_aside')),
    order_id      TEXT REFERENCES orders (id),
    entered_by    TEXT NOT NULL,
    entered_at    INTEGER NOT NULL,
    decided_by    TEXT,
    decided_at    INTEGER,
    -- Why it was matched although something differs, or put aside.
    why           TEXT
) STRICT;
CREATE INDEX bank_lines_open ON bank_lines (entered_at) WHERE state = 'open';
