-- The red letter that takes back an invoice whose payment went back (A53): a document of its own, kept as long as the other.
CREATE TABLE red_letters (
    number    TEXT PRIMARY KEY,
    order_id  TEXT NOT NULL UNIQUE REFERENCES orders (id),
    xml       BLOB NOT NULL,
    pdf       BLOB NOT NULL,
    issued_at INTEGER NOT NULL
) STRICT;
