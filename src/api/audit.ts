import { Type, type Static } from 'typebox';
import { Instant } from './paging.ts';
import { defineRoute } from './route.ts';

const tag = 'Audit';

const Outcome = Type.Union(
  [
    Type.Literal('success'),
    Type.Literal('denied'),
    Type.Literal('failure'),
    Type.Literal('pending'),
    Type.Literal('unknown'),
  ],
  {
    description:
      '`pending`: it was about to be done on a cluster; another record of the same request says how it ended. `unknown`: nobody knows, ' +
      'since the cluster did not answer or the server ended.',
  },
);

/** One thing that somebody did or tried. */
export const AuditItem = Type.Object({
  sequence: Type.Integer({ minimum: 1, description: 'Gapless.' }),
  at: Instant('When.'),
  actor: Type.String({ description: 'Ref of who did it.', examples: ['user:default/jo'] }),
  action: Type.String({
    description: 'What: the permission that it took, or `access.session.create` and the like.',
    examples: ['catalog.location.create'],
  }),
  target: Type.Optional(Type.String({ description: 'To what.', examples: ['url:https://git.example/a.yaml'] })),
  outcome: Outcome,
  reason: Type.Optional(Type.String({ description: 'Why it was denied or failed: its code.' })),
  requestId: Type.Optional(Type.String({ description: 'Id of the request in the server’s log.' })),
  address: Type.Optional(Type.String({ description: 'Where it came from.' })),
  via: Type.Optional(Type.String({ description: 'Proof of identity.', examples: ['session okta', 'token 3f9c'] })),
  revision: Type.Optional(Type.Integer({ description: 'Revision of the catalog that it made.' })),
  data: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { description: 'What more there is to know.' })),
  hash: Type.String({ description: 'Hash over this record and the hash of the one before it.' }),
});
export type AuditItem = Static<typeof AuditItem>;

const text = (description: string) => Type.Optional(Type.String({ minLength: 1, maxLength: 300, description }));

const filters = {
  actor: text('Only of this principal.'),
  action: text('Only this action, or with `*` at its end all that begin so.'),
  target: text('Only to this target.'),
  outcome: Type.Optional(Outcome),
  q: text('Only records in which this text stands; letter case does not count.'),
  from: Type.Optional(Type.String({ format: 'date-time', description: 'Not before this moment.' })),
  until: Type.Optional(Type.String({ format: 'date-time', description: 'Before this moment.' })),
};

/** Which records. */
export const AuditQuery = Type.Object(filters);
export type AuditQuery = Static<typeof AuditQuery>;

/** `GET /api/v1/audit` */
export const listAudit = defineRoute({
  method: 'GET',
  path: '/api/v1/audit',
  summary: 'Who did what',
  description: 'Newest first.',
  tag,
  permission: 'access.audit.read',
  query: Type.Object({
    ...filters,
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 50 })),
    before: Type.Optional(Type.Integer({ minimum: 1, description: '`next` of the page before: older than this.' })),
  }),
  response: Type.Object({
    items: Type.Array(AuditItem),
    next: Type.Optional(Type.Integer({ description: '`before` of the next page; absent on the last.' })),
  }),
});

/** `GET /api/v1/audit/export` */
export const exportAudit = defineRoute({
  method: 'GET',
  path: '/api/v1/audit/export',
  summary: 'Export the audit log',
  description: 'All records of the question, oldest first: JSON lines, or CSV with `format=csv`.',
  tag,
  permission: 'access.audit.export',
  query: Type.Object({
    ...filters,
    format: Type.Optional(Type.Union([Type.Literal('jsonl'), Type.Literal('csv')], { default: 'jsonl' })),
  }),
  contentType: 'application/x-ndjson',
});

/** `GET /api/v1/audit/verification` */
export const verifyAudit = defineRoute({
  method: 'GET',
  path: '/api/v1/audit/verification',
  summary: 'Check that no record was changed or taken away',
  tag,
  permission: 'access.audit.read',
  response: Type.Object({
    intact: Type.Boolean(),
    records: Type.Integer({ description: 'Number of records that were checked.' }),
    first: Type.Optional(Type.Integer({ description: 'Sequence of the oldest record; older ones were let go.' })),
    last: Type.Optional(Type.Integer()),
    lastHash: Type.Optional(Type.String({ description: 'Note it elsewhere: it proves the whole chain.' })),
    brokenAt: Type.Optional(Type.Integer({ description: 'Sequence of the first record that does not fit.' })),
    problem: Type.Optional(Type.String()),
  }),
});
