-- What was cut out of a scanned seal sheet. The image lies sealed beside its scan, under the scan's id.
CREATE TABLE seal_images (
    file_id     TEXT PRIMARY KEY REFERENCES evidence_files (id),
    order_id    TEXT NOT NULL REFERENCES orders (id),
    -- `cut`, or why there is none (app::desk::evidence::SealState).
    outcome     TEXT NOT NULL,
    -- SHA-256 of the image, hex; NULL where there is none.
    digest      TEXT,
    made_at     INTEGER NOT NULL,
    -- The applicant has looked at it and takes it.
    accepted_at INTEGER
) STRICT;
CREATE INDEX seal_images_of_order ON seal_images (order_id);

-- Each text that anybody agreed to, as it was (R151): agreements names it by version and digest.
CREATE TABLE agreement_texts (
    digest  TEXT PRIMARY KEY,
    version TEXT NOT NULL,
    text    TEXT NOT NULL,
    kept_at INTEGER NOT NULL
) STRICT;
