/**
 * The first schema. Times are ms since the epoch, JSON and base64 stand in text columns, refs are canonical.
 * Each database puts its own words for TEXT, INTEGER and {options}: see `Dialect`.
 * Texts compare byte by byte in both databases, so pages by key walk in the same order.
 */
export const foundation = `
-- One row. value: the newest revision. compacted: the change log holds only what is newer than this.
CREATE TABLE revision (
  id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  value INTEGER NOT NULL,
  compacted INTEGER NOT NULL
) {options};
INSERT INTO revision (id, value, compacted) VALUES (1, 0, 0);

CREATE TABLE entity (
  ref TEXT NOT NULL PRIMARY KEY,
  uid TEXT NOT NULL,
  body TEXT NOT NULL,
  hash TEXT NOT NULL,
  location TEXT NOT NULL,
  source TEXT NOT NULL,
  line INTEGER NOT NULL,
  source_version TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) {options};

CREATE TABLE fact (
  key TEXT NOT NULL PRIMARY KEY,
  entity_ref TEXT NOT NULL,
  collector TEXT NOT NULL,
  path TEXT NOT NULL,
  value TEXT NOT NULL,
  error TEXT,
  source TEXT NOT NULL,
  observed_at INTEGER NOT NULL
) {options};
-- For dropping the facts of a deleted entity.
CREATE INDEX fact_by_entity ON fact (entity_ref);

CREATE TABLE lease (
  key TEXT NOT NULL PRIMARY KEY,
  collector TEXT NOT NULL,
  source TEXT NOT NULL,
  last_success_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  error TEXT
) {options};

CREATE TABLE problem (
  id TEXT NOT NULL PRIMARY KEY,
  source TEXT NOT NULL,
  location TEXT NOT NULL,
  code TEXT NOT NULL,
  severity TEXT NOT NULL,
  message TEXT NOT NULL,
  fix TEXT,
  entity_ref TEXT,
  line INTEGER,
  column_number INTEGER,
  path TEXT,
  since INTEGER NOT NULL
) {options};

CREATE TABLE location (
  ref TEXT NOT NULL PRIMARY KEY,
  source TEXT NOT NULL,
  parent TEXT,
  fingerprint TEXT NOT NULL,
  entities INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
) {options};

-- The change log: the only food of watch caches. value NULL: deleted. Bounded; not history.
CREATE TABLE log (
  revision INTEGER NOT NULL,
  position INTEGER NOT NULL,
  type TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT,
  at INTEGER NOT NULL,
  PRIMARY KEY (revision, position)
) {options};

CREATE TABLE entity_history (
  ref TEXT NOT NULL,
  revision INTEGER NOT NULL,
  at INTEGER NOT NULL,
  op TEXT NOT NULL CHECK (op IN ('created', 'updated', 'deleted')),
  location TEXT NOT NULL,
  source TEXT NOT NULL,
  source_version TEXT,
  body TEXT NOT NULL,
  PRIMARY KEY (ref, revision)
) {options};
-- For dropping what is older than retention.
CREATE INDEX entity_history_by_time ON entity_history (at);

-- What happened, as people read it: deployments, alerts, changes. Not tied to the change log.
CREATE TABLE timeline (
  id TEXT NOT NULL PRIMARY KEY,
  at INTEGER NOT NULL,
  entity_ref TEXT,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  actor TEXT,
  source TEXT NOT NULL,
  link TEXT,
  data TEXT
) {options};
CREATE INDEX timeline_by_entity ON timeline (entity_ref, at);
CREATE INDEX timeline_by_time ON timeline (at);

-- Work that outlives a request. The owner holds a lease that it renews; a task whose lease ran out is taken over.
CREATE TABLE task (
  id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  -- At most one unfinished task has the same key.
  singleton_key TEXT,
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  priority INTEGER NOT NULL,
  payload TEXT NOT NULL,
  result TEXT,
  attempts INTEGER NOT NULL,
  max_attempts INTEGER NOT NULL,
  run_after INTEGER NOT NULL,
  lease_owner TEXT,
  lease_expires_at INTEGER,
  cancel_requested_at INTEGER,
  created_by TEXT,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  finished_at INTEGER
) {options};
-- For picking the next task, and for finding those whose owner died.
CREATE INDEX task_by_turn ON task (state, priority, run_after);
CREATE UNIQUE INDEX task_singleton ON task (singleton_key) WHERE state IN ('queued', 'running');
CREATE INDEX task_by_creation ON task (created_at);

CREATE TABLE task_log (
  task_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  at INTEGER NOT NULL,
  step TEXT,
  stream TEXT NOT NULL,
  message TEXT NOT NULL,
  PRIMARY KEY (task_id, position)
) {options};

-- A sign-in. The token itself is never stored, only its hash.
CREATE TABLE session (
  id_hash TEXT NOT NULL PRIMARY KEY,
  principal_ref TEXT NOT NULL,
  provider TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  data TEXT
) {options};
CREATE INDEX session_by_principal ON session (principal_ref);
CREATE INDEX session_by_expiry ON session (expires_at);

-- Who did what. Each row holds the hash of the row before it, so that a removed or changed row shows.
CREATE TABLE audit (
  sequence INTEGER NOT NULL PRIMARY KEY,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  target TEXT,
  outcome TEXT NOT NULL,
  request_id TEXT,
  data TEXT,
  previous_hash TEXT NOT NULL,
  hash TEXT NOT NULL
) {options};
CREATE INDEX audit_by_time ON audit (at);
CREATE INDEX audit_by_actor ON audit (actor, at);
CREATE INDEX audit_by_target ON audit (target, at);

-- Encrypted with a key that is not in the database; key_id says which.
CREATE TABLE secret (
  name TEXT NOT NULL PRIMARY KEY,
  key_id TEXT NOT NULL,
  nonce TEXT NOT NULL,
  ciphertext TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) {options};
CREATE INDEX secret_by_key ON secret (key_id);
`;
