-- How often an order's certificates were put aside: each try is a case of its own to the signer.
CREATE INDEX certificates_put_aside ON certificates (order_id) WHERE state = 'discarded' AND order_id IS NOT NULL;
