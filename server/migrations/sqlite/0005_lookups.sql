-- What the registrar looks for, and an order's certificates in whatever state, however many there are.
CREATE INDEX certificates_of_order ON certificates (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX certificates_of_partner ON certificates (partner, partner_number) WHERE partner IS NOT NULL;
CREATE INDEX certificates_of_key ON certificates (key_serial) WHERE key_serial <> '';
