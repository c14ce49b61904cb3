-- What a question is asked for, as its codes say it: a holder's orders, or the certificates of one who has lost the key.
ALTER TABLE queries ADD COLUMN purpose TEXT NOT NULL DEFAULT 'query';
