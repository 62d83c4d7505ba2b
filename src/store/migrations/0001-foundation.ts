import type { Dialect } from '../driver.ts';

/**
 * The first schema. Times are ms since the epoch, JSON and base64 stand in text columns, refs are canonical.
 * Texts compare byte by byte in both databases, so pages by key walk in the same order.
 */
export function foundation({ text, integer, tableOptions }: Dialect): string {
  return `
-- One row. value: the newest revision. compacted: the change log holds only what is newer than this.
CREATE TABLE revision (
  id ${integer} NOT NULL PRIMARY KEY CHECK (id = 1),
  value ${integer} NOT NULL,
  compacted ${integer} NOT NULL
) ${tableOptions};
INSERT INTO revision (id, value, compacted) VALUES (1, 0, 0);

CREATE TABLE entity (
  ref ${text} NOT NULL PRIMARY KEY,
  uid ${text} NOT NULL,
  body ${text} NOT NULL,
  hash ${text} NOT NULL,
  location ${text} NOT NULL,
  source ${text} NOT NULL,
  line ${integer} NOT NULL,
  source_version ${text},
  created_at ${integer} NOT NULL,
  updated_at ${integer} NOT NULL
) ${tableOptions};

CREATE TABLE fact (
  key ${text} NOT NULL PRIMARY KEY,
  entity_ref ${text} NOT NULL,
  collector ${text} NOT NULL,
  path ${text} NOT NULL,
  value ${text} NOT NULL,
  error ${text},
  source ${text} NOT NULL,
  observed_at ${integer} NOT NULL
) ${tableOptions};
-- For dropping the facts of a deleted entity.
CREATE INDEX fact_by_entity ON fact (entity_ref);

CREATE TABLE lease (
  key ${text} NOT NULL PRIMARY KEY,
  collector ${text} NOT NULL,
  source ${text} NOT NULL,
  last_success_at ${integer} NOT NULL,
  expires_at ${integer} NOT NULL,
  error ${text}
) ${tableOptions};

CREATE TABLE problem (
  id ${text} NOT NULL PRIMARY KEY,
  source ${text} NOT NULL,
  location ${text} NOT NULL,
  code ${text} NOT NULL,
  severity ${text} NOT NULL,
  message ${text} NOT NULL,
  fix ${text},
  entity_ref ${text},
  line ${integer},
  column_number ${integer},
  path ${text},
  since ${integer} NOT NULL
) ${tableOptions};

CREATE TABLE location (
  ref ${text} NOT NULL PRIMARY KEY,
  source ${text} NOT NULL,
  parent ${text},
  fingerprint ${text} NOT NULL,
  entities ${integer} NOT NULL,
  changed_at ${integer} NOT NULL
) ${tableOptions};

-- The change log: the only food of watch caches. value NULL: deleted. Bounded; not history.
CREATE TABLE log (
  revision ${integer} NOT NULL,
  position ${integer} NOT NULL,
  type ${text} NOT NULL,
  key ${text} NOT NULL,
  value ${text},
  at ${integer} NOT NULL,
  PRIMARY KEY (revision, position)
) ${tableOptions};

CREATE TABLE entity_history (
  ref ${text} NOT NULL,
  revision ${integer} NOT NULL,
  at ${integer} NOT NULL,
  op ${text} NOT NULL CHECK (op IN ('created', 'updated', 'deleted')),
  location ${text} NOT NULL,
  source ${text} NOT NULL,
  source_version ${text},
  body ${text} NOT NULL,
  PRIMARY KEY (ref, revision)
) ${tableOptions};
-- For dropping what is older than retention.
CREATE INDEX entity_history_by_time ON entity_history (at);

-- What happened, as people read it: deployments, alerts, changes. Not tied to the change log.
CREATE TABLE timeline (
  id ${text} NOT NULL PRIMARY KEY,
  at ${integer} NOT NULL,
  entity_ref ${text},
  kind ${text} NOT NULL,
  title ${text} NOT NULL,
  actor ${text},
  source ${text} NOT NULL,
  link ${text},
  data ${text}
) ${tableOptions};
CREATE INDEX timeline_by_entity ON timeline (entity_ref, at);
CREATE INDEX timeline_by_time ON timeline (at);

-- Work that outlives a request. The owner holds a lease that it renews; a task whose lease ran out is taken over.
CREATE TABLE task (
  id ${text} NOT NULL PRIMARY KEY,
  kind ${text} NOT NULL,
  -- At most one unfinished task has the same key.
  singleton_key ${text},
  state ${text} NOT NULL CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  priority ${integer} NOT NULL,
  payload ${text} NOT NULL,
  result ${text},
  attempts ${integer} NOT NULL,
  max_attempts ${integer} NOT NULL,
  run_after ${integer} NOT NULL,
  lease_owner ${text},
  lease_expires_at ${integer},
  cancel_requested_at ${integer},
  created_by ${text},
  created_at ${integer} NOT NULL,
  started_at ${integer},
  finished_at ${integer}
) ${tableOptions};
-- For picking the next task, and for finding those whose owner died.
CREATE INDEX task_by_turn ON task (state, priority, run_after);
CREATE UNIQUE INDEX task_singleton ON task (singleton_key) WHERE state IN ('queued', 'running');
CREATE INDEX task_by_creation ON task (created_at);

CREATE TABLE task_log (
  task_id ${text} NOT NULL,
  position ${integer} NOT NULL,
  at ${integer} NOT NULL,
  step ${text},
  stream ${text} NOT NULL,
  message ${text} NOT NULL,
  PRIMARY KEY (task_id, position)
) ${tableOptions};

-- A sign-in. The token itself is never stored, only its hash.
CREATE TABLE session (
  id_hash ${text} NOT NULL PRIMARY KEY,
  principal_ref ${text} NOT NULL,
  provider ${text} NOT NULL,
  created_at ${integer} NOT NULL,
  last_seen_at ${integer} NOT NULL,
  expires_at ${integer} NOT NULL,
  data ${text}
) ${tableOptions};
CREATE INDEX session_by_principal ON session (principal_ref);
CREATE INDEX session_by_expiry ON session (expires_at);

-- Who did what. Each row holds the hash of the row before it, so that a removed or changed row shows.
CREATE TABLE audit (
  sequence ${integer} NOT NULL PRIMARY KEY,
  at ${integer} NOT NULL,
  actor ${text} NOT NULL,
  action ${text} NOT NULL,
  target ${text},
  outcome ${text} NOT NULL,
  request_id ${text},
  data ${text},
  previous_hash ${text} NOT NULL,
  hash ${text} NOT NULL
) ${tableOptions};
CREATE INDEX audit_by_time ON audit (at);
CREATE INDEX audit_by_actor ON audit (actor, at);
CREATE INDEX audit_by_target ON audit (target, at);

-- Encrypted with a key that is not in the database; key_id says which.
CREATE TABLE secret (
  name ${text} NOT NULL PRIMARY KEY,
  key_id ${text} NOT NULL,
  nonce ${text} NOT NULL,
  ciphertext ${text} NOT NULL,
  created_at ${integer} NOT NULL,
  updated_at ${integer} NOT NULL
) ${tableOptions};
CREATE INDEX secret_by_key ON secret (key_id);
`;
}
