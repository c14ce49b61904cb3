-- What a partner asked under a number, so that the same number with other content is seen; and what is still on its way.

-- Hex SM3 over profile, subject, key and days of a partner's request; on each of its rows.
ALTER TABLE certificates ADD COLUMN request_digest TEXT;

-- Roads that have not ended: what a crash leaves is found here, however many certificates there are.
CREATE INDEX certificates_unfinished ON certificates (recorded_at) WHERE state IN ('reserved', 'signed');
