-- The key management centre: pairs are made ahead (standby), taken by one case each (in use), and kept for it ever after
-- (history), sealed under the centre's own key. GM/T 0034, 6 and 9.

CREATE TABLE encryption_pairs_new (
    id             TEXT PRIMARY KEY,
    -- DER SubjectPublicKeyInfo: no pair stands here twice.
    public_key     BLOB NOT NULL UNIQUE,
    -- The 32 bytes of d, sealed.
    sealed_key     BLOB NOT NULL,
    -- Which key seals: the name of one of the centre's keys; `office` for what was sealed before it had one.
    sealed_under   TEXT NOT NULL,
    state          TEXT NOT NULL CHECK (state IN ('standby', 'in_use', 'history')),
    -- Whose it is: an order of the counter, or a partner's request under the partner's own number.
    order_id       TEXT REFERENCES orders (id),
    partner        TEXT,
    partner_number TEXT,
    -- DER SubjectPublicKeyInfo of the signing key that the envelope is for; NULL where it was not written down.
    signing_key    BLOB,
    envelope       BLOB,
    made_at        INTEGER NOT NULL,
    taken_at       INTEGER,
    retired_at     INTEGER,
    CHECK ((state = 'standby') = (taken_at IS NULL)),
    CHECK ((state = 'history') = (retired_at IS NOT NULL)),
    CHECK (state <> 'standby' OR (order_id IS NULL AND partner IS NULL)),
    CHECK (state = 'standby' OR ((order_id IS NULL) = (partner IS NOT NULL))),
    CHECK ((partner IS NULL) = (partner_number IS NULL))
) STRICT;
INSERT INTO encryption_pairs_new (id, public_key, sealed_key, sealed_under, state, order_id, envelope, made_at, taken_at,
                                  retired_at)
    SELECT id, public_key, sealed_key, 'office', state, order_id, envelope, recorded_at, recorded_at,
           CASE state WHEN 'history' THEN recorded_at END
    FROM encryption_pairs;
DROP TABLE encryption_pairs;
ALTER TABLE encryption_pairs_new RENAME TO encryption_pairs;
CREATE INDEX encryption_pairs_standby ON encryption_pairs (made_at) WHERE state = 'standby';
CREATE UNIQUE INDEX encryption_pairs_one_an_order ON encryption_pairs (order_id)
    WHERE state = 'in_use' AND order_id IS NOT NULL;
CREATE UNIQUE INDEX encryption_pairs_one_a_request ON encryption_pairs (partner, partner_number)
    WHERE state = 'in_use' AND partner IS NOT NULL;
CREATE INDEX encryption_pairs_by_seal ON encryption_pairs (sealed_under);

-- Every pair that ever left the centre again: to which key, for whom, and why. Written before the envelope leaves.
CREATE TABLE recoveries (
    id       TEXT PRIMARY KEY,
    pair_id  TEXT NOT NULL REFERENCES encryption_pairs (id),
    -- holder: onto the holder's own new key. judicial: for an authority, by the custodians' leave.
    kind     TEXT NOT NULL CHECK (kind IN ('holder', 'judicial')),
    -- The order whose key it went to, or the recovery case.
    order_id TEXT REFERENCES orders (id),
    case_id  TEXT REFERENCES recovery_cases (id),
    -- A member of staff, or `office`.
    by       TEXT NOT NULL,
    why      TEXT NOT NULL,
    -- DER SubjectPublicKeyInfo.
    to_key   BLOB NOT NULL,
    at       INTEGER NOT NULL,
    CHECK ((order_id IS NULL) = (case_id IS NOT NULL))
) STRICT;
CREATE INDEX recoveries_of_pair ON recoveries (pair_id);
CREATE TRIGGER recoveries_are_not_changed BEFORE UPDATE ON recoveries
    BEGIN SELECT RAISE(ABORT, 'recoveries are append-only'); END;
CREATE TRIGGER recoveries_are_not_deleted BEFORE DELETE ON recoveries
    BEGIN SELECT RAISE(ABORT, 'recoveries are append-only'); END;

-- 司法密钥恢复 (GM/T 0034, 12.5). How a case stands is nowhere written: it follows from its lines.
CREATE TABLE recovery_cases (
    id           TEXT PRIMARY KEY,
    number       TEXT NOT NULL UNIQUE,
    -- Sealed: who files it, what is asked, of which pairs, for which receiver, until when.
    body         BLOB NOT NULL,
    -- Sealed: the envelopes, once they were made.
    package      BLOB,
    sealed_under TEXT NOT NULL,
    filed_at     INTEGER NOT NULL
) STRICT;
CREATE INDEX recovery_cases_by_time ON recovery_cases (filed_at);

-- What happened to a case. Append-only.
CREATE TABLE recovery_lines (
    case_id TEXT NOT NULL REFERENCES recovery_cases (id),
    seq     INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    -- staff.id
    by      TEXT NOT NULL,
    what    TEXT NOT NULL CHECK (what IN ('filed', 'approved', 'refused', 'released', 'fetched')),
    note    TEXT NOT NULL,
    PRIMARY KEY (case_id, seq)
) STRICT;
CREATE TRIGGER recovery_lines_are_not_changed BEFORE UPDATE ON recovery_lines
    BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END;
CREATE TRIGGER recovery_lines_are_not_deleted BEFORE DELETE ON recovery_lines
    BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END;

-- Beside each line a code under the centre's key over the line, the case's body and the line before: a line that the
-- office did not write has none. Apart from the lines, because a new key makes them anew.
CREATE TABLE recovery_codes (
    case_id TEXT NOT NULL,
    seq     INTEGER NOT NULL,
    code    BLOB NOT NULL,
    PRIMARY KEY (case_id, seq),
    FOREIGN KEY (case_id, seq) REFERENCES recovery_lines (case_id, seq)
) STRICT;
