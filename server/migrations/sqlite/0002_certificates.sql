-- Certificates get an issuer, a profile and a life after issuing; an order of the counter or a partner's request stands
-- behind each. Authorities may keep their keys elsewhere.

CREATE TABLE authorities_new (
    -- root, issuing (SM2); root_p256, issuing_p256, root_rsa, issuing_rsa for old systems; responder_<issuer> for OCSP.
    name        TEXT PRIMARY KEY,
    purpose     TEXT NOT NULL CHECK (purpose IN ('root', 'issuing', 'responder')),
    -- The authority that signed it; NULL for a root.
    issuer      TEXT,
    certificate BLOB NOT NULL,
    -- NULL: the signer keeps the key.
    sealed_key  BLOB,
    demo        INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL
) STRICT;
INSERT INTO authorities_new (name, purpose, issuer, certificate, sealed_key, demo, recorded_at)
    SELECT name, name, CASE name WHEN 'issuing' THEN 'root' END, certificate, sealed_key, demo, recorded_at
    FROM authorities;
DROP TABLE authorities;
ALTER TABLE authorities_new RENAME TO authorities;

-- One row a certificate meant to be: serial and to-be-signed bytes stand here before anything is signed.
CREATE TABLE certificates_new (
    serial         TEXT PRIMARY KEY,
    -- authorities.name
    issuer         TEXT NOT NULL,
    profile        TEXT NOT NULL,
    -- Either an order of the counter, or a partner's request under the partner's own number.
    order_id       TEXT REFERENCES orders (id),
    partner        TEXT,
    partner_number TEXT,
    -- single: a certificate for both uses, for old systems.
    slot           TEXT NOT NULL CHECK (slot IN ('sign', 'encrypt', 'single')),
    -- Empty where no UKEY is known.
    key_serial     TEXT NOT NULL,
    spki_digest    TEXT NOT NULL,
    -- SM3 of the DER subject: a key is never certified for another subject.
    subject_digest TEXT,
    to_be_signed   BLOB,
    certificate    BLOB,
    -- signed: not yet proven on its key, counts for nobody. discarded: issued for a key that broke before it was proven;
    -- never counted, revoked where it was signed.
    state          TEXT NOT NULL
        CHECK (state IN ('reserved', 'signed', 'active', 'on_hold', 'revoked', 'discarded')),
    recorded_at    INTEGER NOT NULL,
    signed_at      INTEGER,
    not_after      INTEGER,
    -- Since when it is on hold or revoked, and why (RFC 5280, 5.3.1).
    status_at      INTEGER,
    reason         INTEGER,
    CHECK ((order_id IS NULL) = (partner IS NOT NULL)),
    CHECK ((partner IS NULL) = (partner_number IS NULL))
) STRICT;
INSERT INTO certificates_new (serial, issuer, profile, order_id, slot, key_serial, spki_digest, to_be_signed, certificate,
                              state, recorded_at, signed_at, not_after)
    SELECT c.serial, 'issuing', o.party || CASE c.slot WHEN 'sign' THEN '_signing' ELSE '_encryption' END, c.order_id,
           c.slot, c.key_serial, c.spki_digest, c.to_be_signed, c.certificate, c.state, c.recorded_at, c.signed_at,
           c.not_after
    FROM certificates c JOIN orders o ON o.id = c.order_id;
DROP TABLE certificates;
ALTER TABLE certificates_new RENAME TO certificates;
CREATE UNIQUE INDEX certificates_one_a_slot ON certificates (order_id, slot)
    WHERE order_id IS NOT NULL AND state <> 'discarded';
CREATE UNIQUE INDEX certificates_one_a_request ON certificates (partner, partner_number, slot)
    WHERE partner IS NOT NULL;
CREATE INDEX certificates_by_key ON certificates (spki_digest);
-- What an issuer's revocation list holds.
CREATE INDEX certificates_off ON certificates (issuer, status_at) WHERE state IN ('on_hold', 'revoked', 'discarded');

-- Every change of a certificate's standing, in order: what delta lists are made from, and who did it.
CREATE TABLE status_changes (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    serial   TEXT NOT NULL REFERENCES certificates (serial),
    issuer   TEXT NOT NULL,
    status   TEXT NOT NULL CHECK (status IN ('good', 'on_hold', 'revoked')),
    reason   INTEGER,
    at       INTEGER NOT NULL,
    -- An order number, a member of staff, or `office`.
    by       TEXT NOT NULL,
    -- For people; no personal data.
    why      TEXT NOT NULL
) STRICT;
CREATE INDEX status_changes_of ON status_changes (serial);
CREATE INDEX status_changes_by_issuer ON status_changes (issuer, sequence);

-- Revocation lists as they were published. Full and delta share one row of numbers (RFC 5280, 5.2.3).
CREATE TABLE revocation_lists (
    issuer      TEXT NOT NULL,
    number      INTEGER NOT NULL,
    -- Of a delta: the number of the full list that it builds on.
    base        INTEGER,
    -- The last change that it knows.
    sequence    INTEGER NOT NULL,
    this_update INTEGER NOT NULL,
    next_update INTEGER NOT NULL,
    list        BLOB NOT NULL,
    PRIMARY KEY (issuer, number)
) STRICT;
