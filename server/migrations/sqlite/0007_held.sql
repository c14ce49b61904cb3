-- Orders that a key opened: which certificate was shown, on which key.
CREATE TABLE key_orders (
    order_id    TEXT PRIMARY KEY REFERENCES orders (id),
    -- certificates.serial of the signing certificate that lay on the key.
    sign_serial TEXT NOT NULL,
    key_serial  TEXT NOT NULL,
    -- Hex: what the key is to sign to prove its holder; used up by the proof.
    challenge    TEXT,
    challenge_at INTEGER
) STRICT;
CREATE INDEX key_orders_of_certificate ON key_orders (sign_serial);

-- A modification that changed only how the holder is reached: its form tells the contacts from then on (A45).
CREATE TABLE held_contacts (
    -- certificates.serial of the signing certificate.
    sign_serial TEXT PRIMARY KEY,
    -- Whose form has the contacts.
    order_id    TEXT NOT NULL REFERENCES orders (id),
    changed_at  INTEGER NOT NULL
) STRICT;

-- Something that was encrypted for the holder before the new certificate: opened after it, it proves that what others
-- encrypted stays readable (B02).
CREATE TABLE keepsakes (
    order_id TEXT PRIMARY KEY REFERENCES orders (id),
    -- DER of the encryption certificate of then.
    certificate BLOB NOT NULL,
    -- SM2Cipher under its key.
    cipher   BLOB NOT NULL,
    -- Sealed: what is inside.
    content  BLOB NOT NULL,
    made_at  INTEGER NOT NULL
) STRICT;

-- How far the writing onto a holder's key has come, each step as often as it was done (B05).
CREATE TABLE loading_steps (
    order_id TEXT NOT NULL REFERENCES orders (id),
    -- made: the key has a pair. issued: its certificates were given. written: read back beside the old ones. switched: read
    -- back as the ones in use.
    step     TEXT NOT NULL CHECK (step IN ('made', 'issued', 'written', 'switched')),
    -- Of the pair that it was done for.
    spki_digest TEXT NOT NULL,
    times    INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    last_at  INTEGER NOT NULL,
    PRIMARY KEY (order_id, step, spki_digest)
) STRICT;
