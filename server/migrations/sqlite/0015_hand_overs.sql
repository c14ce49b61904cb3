-- 经办人变更 (B11): the legal person approved another agent for everything that one agent of a holder handles; the agent before
-- may object until it takes effect.
CREATE TABLE hand_overs (
    id         TEXT PRIMARY KEY,
    -- On whose page it was asked for.
    order_id   TEXT NOT NULL REFERENCES orders (id),
    party      TEXT NOT NULL,
    -- Keyed digests: the holder's number, the phone of the agent before.
    holder_key BLOB NOT NULL,
    agent_key  BLOB NOT NULL,
    -- Sealed: name and phone of the new agent, and the order that names the legal person's phone.
    body       BLOB NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('waiting', 'objected', 'done')),
    asked_at   INTEGER NOT NULL,
    ends_at    INTEGER NOT NULL,
    decided_at INTEGER
) STRICT;
CREATE UNIQUE INDEX hand_overs_waiting ON hand_overs (holder_key, agent_key) WHERE state = 'waiting';
