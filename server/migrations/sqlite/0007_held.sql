-- Orders that a key opened: which certificate was shown, on which key.
CREATE TABLE key_orders (
    order_id    TEXT PRIMARY KEY REFERENCES orders (id),
    -- certificates.serial of the signing certificate that lay on the key.
    sign_serial TEXT NOT NULL,
    key_serial  TEXT NOT NULL
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
