-- What a register answered about a holder: it stands in for a reviewer's eyes, so that it is kept with the order (A19, A45).
CREATE TABLE registry_answers (
    id          TEXT PRIMARY KEY,
    order_id    TEXT NOT NULL REFERENCES orders (id),
    -- Keyed digests: of all that was asked, and of whose number it was.
    question    BLOB NOT NULL,
    holder      BLOB NOT NULL,
    -- confirmed, no_record, no_answer, or the code of what differs.
    answer      TEXT NOT NULL,
    asked_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX registry_answers_of_question ON registry_answers (question, asked_at);
CREATE INDEX registry_answers_of_holder ON registry_answers (holder, asked_at);
CREATE INDEX registry_answers_of_order ON registry_answers (order_id);
