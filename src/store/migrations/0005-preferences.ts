/**
 * What people and groups keep for themselves: stars, saved views, choices. And the way through the history of all
 * entities from the newest change back; the index alone answers which entities changed when.
 */
export const preferences = `
-- owner: ref of a user or group. type: star, view or team. key: a ref, an id, or empty. value: JSON.
CREATE TABLE preference (
  owner TEXT NOT NULL,
  type TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (owner, type, key)
) {options};

CREATE INDEX entity_history_by_revision ON entity_history (revision, ref);
`;
