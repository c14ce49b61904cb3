-- Parcels that the courier's tracker is asked about: since when, and when anybody last heard of them.
CREATE TABLE followed_parcels (
    order_id      TEXT NOT NULL REFERENCES orders (id),
    waybill       TEXT NOT NULL,
    company       TEXT NOT NULL,
    page          TEXT,
    followed_at   INTEGER NOT NULL,
    subscribed_at INTEGER,
    heard_at      INTEGER,
    asked_at      INTEGER,
    trouble       TEXT,
    PRIMARY KEY (order_id, waybill)
) STRICT;
CREATE INDEX followed_parcels_by_number ON followed_parcels (waybill);

-- A scan is of one parcel of its order, and the courier's own where no member of staff took it down.
CREATE TABLE scans_of_parcels (
    id       TEXT PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES orders (id),
    waybill  TEXT NOT NULL,
    state    TEXT NOT NULL,
    place    TEXT NOT NULL,
    staff_id TEXT,
    at       INTEGER NOT NULL
) STRICT;
INSERT INTO scans_of_parcels (id, order_id, waybill, state, place, staff_id, at)
SELECT s.id, s.order_id, COALESCE(json_extract(o.state, '$.parcel.waybill'), ''), s.state, s.place, s.staff_id, s.at
FROM parcel_scans AS s JOIN orders AS o ON o.id = s.order_id ORDER BY s.rowid;
DROP TABLE parcel_scans;
ALTER TABLE scans_of_parcels RENAME TO parcel_scans;
CREATE INDEX parcel_scans_of_order ON parcel_scans (order_id, at);
