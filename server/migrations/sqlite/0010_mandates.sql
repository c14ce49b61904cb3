-- The key under which this office tells helpers what to do: one, made at the first start.
CREATE TABLE mandate_key (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    -- SM2 private key (PKCS#8 DER), sealed.
    sealed      BLOB NOT NULL,
    made_at     INTEGER NOT NULL
) STRICT;
