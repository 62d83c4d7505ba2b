/**
 * The timeline of the fleet: where an entry happened, and when exactly. `since`: it happened between then and `at`; `until`: it went on
 * until then. Indexes end with `at` and `id`, so that a page is read from wherever the one before ended.
 */
export const timeline = `
ALTER TABLE timeline ADD COLUMN cluster TEXT;
ALTER TABLE timeline ADD COLUMN namespace TEXT;
ALTER TABLE timeline ADD COLUMN since INTEGER;
ALTER TABLE timeline ADD COLUMN until INTEGER;

DROP INDEX timeline_by_entity;
DROP INDEX timeline_by_time;
CREATE INDEX timeline_by_time ON timeline (at, id);
CREATE INDEX timeline_by_entity ON timeline (entity_ref, at, id);
CREATE INDEX timeline_by_cluster ON timeline (cluster, at, id);
`;
