/**
 * What the permission layer keeps: one table of records, and a counter that is also the head of the audit chain. The
 * tables `session` and `secret` were never written.
 */
export const accessRecords = `
DROP TABLE session;
DROP TABLE secret;

-- One row, locked by every write of the permission layer. value: the newest sequence. compacted: records that went up to
-- here may be forgotten. audit_*: ends of the audit log, by which rows that are missing at an end show.
CREATE TABLE access_sequence (
  id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  value INTEGER NOT NULL,
  compacted INTEGER NOT NULL,
  audit_first INTEGER NOT NULL,
  audit_last INTEGER NOT NULL,
  audit_hash TEXT NOT NULL
) {options};
INSERT INTO access_sequence (id, value, compacted, audit_first, audit_last, audit_hash) VALUES (1, 0, 0, 1, 0, '');

-- value NULL: gone; kept for a while so that other servers learn of it.
CREATE TABLE access_record (
  type TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT,
  expires_at INTEGER,
  updated_at INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  PRIMARY KEY (type, key)
) {options};
-- For following the changes.
CREATE UNIQUE INDEX access_record_by_sequence ON access_record (sequence);
-- For dropping what ran out, and what went long ago.
CREATE INDEX access_record_by_expiry ON access_record (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX access_record_gone ON access_record (updated_at) WHERE value IS NULL;
`;
