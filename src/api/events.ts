import { Type, type Static } from 'typebox';
import { defineRoute } from './route.ts';

/** What happened to one entity. */
export const EventChange = Type.Object({
  type: Type.Union([Type.Literal('put'), Type.Literal('delete')], {
    description: '`put`: it is in the watched set, new or changed; `delete`: it no longer is',
  }),
  ref: Type.String({ description: 'Canonical entity ref', examples: ['component:default/ticket-office'] }),
  parts: Type.Array(Type.Union([Type.Literal('entity'), Type.Literal('relations'), Type.Literal('facts')]), {
    description: 'What of the entity changed',
  }),
});
export type EventChange = Static<typeof EventChange>;

/** Data of an event `change`. */
export const ChangeEvent = Type.Object({
  revision: Type.Integer({ description: 'Everything up to and including this revision has been told' }),
  changes: Type.Array(EventChange),
  sources: Type.Boolean({ description: 'True when problems, locations or the freshness of sources changed too' }),
});
export type ChangeEvent = Static<typeof ChangeEvent>;

/** Data of an event `bookmark`: nothing of the watched set changed up to this revision. */
export const BookmarkEvent = Type.Object({ revision: Type.Integer() });
export type BookmarkEvent = Static<typeof BookmarkEvent>;

/**
 * Data of an event `relist`: changes were missed. Read everything again; the stream goes on with what happens after
 * `revision`.
 */
export const RelistEvent = Type.Object({
  revision: Type.Integer({
    description: 'The stream goes on after this revision: what is read now is at least as new',
  }),
  reason: Type.Union([Type.Literal('expired'), Type.Literal('overflow'), Type.Literal('permission')], {
    description:
      '`expired`: the history does not reach back to `after`, or another database took the place of the one read; ' +
      '`overflow`: this reader was too slow; ' +
      '`permission`: what this principal may see changed',
  }),
});
export type RelistEvent = Static<typeof RelistEvent>;

/** Data of an event `ended`: who asked is signed out, or their token has ended. The stream ends; reading again needs a new proof. */
export const EndedEvent = Type.Object({
  revision: Type.Integer({ description: 'Everything up to and including this revision has been told' }),
  reason: Type.Literal('signed-out'),
});
export type EndedEvent = Static<typeof EndedEvent>;

/** Query of the event stream. */
export const EventQuery = Type.Object({
  where: Type.Optional(
    Type.String({
      description: 'CEL condition: only entities for which it is true are told of',
      maxLength: 4096,
      examples: ['kind == "Component" && spec.lifecycle == "production"'],
    }),
  ),
  after: Type.Optional(
    Type.Integer({
      minimum: 0,
      description: 'Resume after this revision; default: from now on. The header `Last-Event-ID` goes before it.',
    }),
  ),
});
export type EventQuery = Static<typeof EventQuery>;

/** The one event stream. */
export const streamEvents = defineRoute({
  method: 'GET',
  path: '/api/v1/events',
  summary: 'Changes of the catalog as they happen (server-sent events)',
  description:
    'Events: `change` (ChangeEvent), `bookmark` (BookmarkEvent), `relist` (RelistEvent), `ended` (EndedEvent, the last ' +
    'one); data is JSON, the id is opaque. A reader that reconnects with `Last-Event-ID` misses nothing or is told to `relist`. Comment lines are ' +
    'sent every 15 seconds so that silence means a broken connection.',
  tag: 'Events',
  permission: 'catalog.entity.read',
  query: EventQuery,
  contentType: 'text/event-stream',
});
