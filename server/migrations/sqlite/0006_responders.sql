-- Certificates of OCSP responders, as they come to be: serial and to-be-signed bytes stand here before anything is signed.
-- The one in use stands in `authorities`.
CREATE TABLE responder_certificates (
    serial       TEXT PRIMARY KEY,
    -- authorities.name
    responder    TEXT NOT NULL REFERENCES authorities (name),
    -- authorities.name of who signs it.
    issuer       TEXT NOT NULL,
    spki_digest  TEXT NOT NULL,
    to_be_signed BLOB NOT NULL,
    -- Unix seconds, as in the bytes.
    not_before   INTEGER NOT NULL,
    not_after    INTEGER NOT NULL,
    certificate  BLOB,
    -- given_up: it was refused, or its time went by; another one was meant after it.
    state        TEXT NOT NULL CHECK (state IN ('reserved', 'signed', 'given_up')),
    why          TEXT,
    recorded_at  INTEGER NOT NULL,
    signed_at    INTEGER,
    CHECK ((state = 'signed') = (certificate IS NOT NULL)),
    CHECK ((state = 'given_up') = (why IS NOT NULL))
) STRICT;
-- One at a time for each responder.
CREATE UNIQUE INDEX responder_certificates_reserved ON responder_certificates (responder) WHERE state = 'reserved';

-- certificates_one_a_request begins with the same two columns: a second index was one page more to write for each row.
DROP INDEX certificates_of_partner;
