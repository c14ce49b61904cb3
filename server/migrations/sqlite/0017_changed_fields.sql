-- What an information change changes: names of the form's fields, space-separated, by the order that changes them (R113).
CREATE TABLE changed_fields (
    order_id    TEXT PRIMARY KEY REFERENCES orders (id),
    fields      TEXT NOT NULL
) STRICT;
