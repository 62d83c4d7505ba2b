import { Type, type Static } from 'typebox';
import { Position } from './fleet.ts';
import { defineRoute } from './route.ts';

/** One object that came, changed or went. */
export const LiveObjectChange = Type.Object({
  type: Type.Union([Type.Literal('put'), Type.Literal('delete')]),
  cluster: Type.String(),
  kind: Type.String(),
  namespace: Type.Optional(Type.String()),
  name: Type.String(),
});
export type LiveObjectChange = Static<typeof LiveObjectChange>;

/** Data of an event `changes`. */
export const FleetChanges = Type.Object({
  type: Type.Literal('changes'),
  position: Position,
  objects: Type.Array(LiveObjectChange),
  clusters: Type.Array(Type.String(), {
    description: 'Names of clusters whose state, version or labels changed, or that came or went.',
  }),
});
export type FleetChanges = Static<typeof FleetChanges>;

/** Data of an event `relist`: read everything again; the stream goes on after `position`. */
export const FleetRelist = Type.Object({
  type: Type.Literal('relist'),
  position: Position,
  reason: Type.Union([
    Type.Literal('epoch'),
    Type.Literal('expired'),
    Type.Literal('slow'),
    Type.Literal('permission'),
  ]),
});
export type FleetRelist = Static<typeof FleetRelist>;

/** Query of the stream of changes. */
export const FleetChangesQuery = Type.Object({
  after: Type.Optional(
    Type.String({
      pattern: '^[0-9A-Za-z_-]{1,64}:[0-9]{1,15}$',
      description:
        'Resume after this position, `epoch:sequence`; default: from now on. `Last-Event-ID` goes before it.',
    }),
  ),
});
export type FleetChangesQuery = Static<typeof FleetChangesQuery>;

/** The stream of changes of live objects. */
export const streamFleetChanges = defineRoute({
  method: 'GET',
  path: '/api/v1/fleet/changes',
  summary: 'Changes of live objects as they happen (server-sent events)',
  description:
    'Events: `changes` (FleetChanges), `relist` (FleetRelist), `ended` (the last one: who asked is signed out); data is ' +
    'JSON, the id is `epoch:sequence`. At most five a second: what changes meanwhile is told together. A reader that ' +
    'reconnects with `Last-Event-ID` misses nothing or is told to `relist`. Comment lines are sent every 15 seconds so ' +
    'that silence means a broken connection.',
  tag: 'Fleet',
  permission: 'fleet.object.read',
  checksEntity: true,
  query: FleetChangesQuery,
  contentType: 'text/event-stream',
});
