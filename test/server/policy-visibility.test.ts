import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Principal } from '../../src/access/principal.ts';
import { noPolicy } from '../../src/config/policy-config.ts';
import type { Manifest } from '../../src/manifest/manifest.ts';
import type { Entity } from '../../src/model/entity.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { entityRefOf } from '../../src/model/ref.ts';
import type { SnapshotPage, Write } from '../../src/store/store.ts';
import { PlainCatalog } from '../support/plain-catalog.ts';
import { PlainPolicy } from '../support/plain-policy.ts';
import { anyBeginning, anyChanges, principals, type PolicyStep } from '../support/policy-script.ts';
import { routeCases } from '../support/route-cases.ts';
import { say, sayPages, type Probe } from '../support/route-walk.ts';
import { until } from '../support/running-catalog.ts';
import { kinds } from '../support/scripted-catalog.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { openSse } from '../support/sse.ts';

// A real server under random policies and changes: every route that reads, and open event streams, for people who are held
// to some part of the catalog.

/** The collector whose facts conditions read. */
const probe: Manifest = {
  id: 'probe',
  title: 'Probe',
  collectors: [
    {
      id: 'probe',
      description: 'Sees.',
      facts: [{ path: 'saw', type: 'number', description: 'What it saw.' }],
      run: (_context, signal) =>
        new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true })),
    },
  ],
};

/** A word that only an entity itself brings into an answer. */
const markOf = (ref: string): string => `x${createHash('sha256').update(ref).digest('hex').slice(0, 16)}`;

/** The entity with its mark, and a problem and a location that hold it too. */
function writesOf(entity: Entity): readonly Write[] {
  const ref = entityRefOf(entity);
  const mark = markOf(ref);
  const location = `test:/srv/${mark}.yaml`;
  const annotations = { 'backstage.io/managed-by-location': location };
  const body = JSON.stringify({ ...entity, metadata: { ...entity.metadata, title: `Title ${mark}`, annotations } });
  const hash = createHash('sha256').update(body).digest('hex');
  const problem = {
    code: 'entity-schema',
    severity: 'warning',
    message: `${mark} lacks something`,
    line: 1,
    since: 1,
  } as const;
  return [
    { op: 'putEntity', entity: { ref, body, hash, location, source: 'test', line: 1 } },
    { op: 'putProblem', problem: { ...problem, id: `problem-${mark}`, source: 'test', location, entityRef: ref } },
    { op: 'putLocation', location: { ref: location, source: 'test', fingerprint: '1', entities: 1, changedAt: 1 } },
  ];
}

/** One who asks: the name in the policy, and how it proves it. */
interface Asker {
  readonly principal: Principal;
  readonly headers: { readonly authorization: string };
}

/** A server, its plain twin, and people who ask it. */
class Stage {
  readonly plain = new PlainPolicy();
  /** All that each entity ever said of itself: its history tells it. */
  readonly said = new Map<string, string>();
  readonly server: TestServer;
  readonly askers: readonly Asker[];

  constructor(server: TestServer, askers: readonly Asker[]) {
    this.server = server;
    this.askers = askers;
  }

  static async open(): Promise<Stage> {
    const config = { access: { ...noPolicy, admins: ['user:default/root'] } };
    const server = await startTestServer({ config, manifests: [probe] });
    const askers = await Promise.all(
      principals.slice(0, 4).map(async ({ kind, ref }) => {
        const start = { kind: kind === 'service' ? 'service' : 'personal', principal: ref, name: 'test' } as const;
        const { text } = await server.access.tokens.make(
          { ...start, createdBy: ref, expiresAt: Date.now() + 600_000 },
          { at: 0, actor: ref, action: 'access.token.create', outcome: 'success' },
        );
        return { principal: { kind, ref }, headers: { authorization: `Bearer ${text}` } };
      }),
    );
    const lease = { collector: 'probe', source: 'test', lastSuccessAt: 1, expiresAt: 4e12 };
    await server.store.commit([{ op: 'putLease', lease }]);
    return new Stage(server, askers);
  }

  async do(step: PolicyStep): Promise<void> {
    if (step.do === 'role' || step.do === 'binding') return this.#settle(step.do, step.name, step.body);
    if (step.do === 'put') {
      const ref = entityRefOf(step.entity);
      this.said.set(ref, `${this.said.get(ref) ?? ''} ${JSON.stringify(step.entity)}`);
    }
    const writes: readonly Write[] =
      step.do === 'put'
        ? writesOf(step.entity)
        : step.do === 'remove'
          ? [{ op: 'deleteEntity', ref: step.ref, location: `test:/srv/${markOf(step.ref)}.yaml` }]
          : [
              {
                op: 'putFact',
                fact: {
                  entityRef: step.ref,
                  collector: 'probe',
                  path: 'saw',
                  value: step.value,
                  source: 'test',
                  observedAt: 1,
                },
              },
            ];
    const { revision } = await this.server.store.commit(writes);
    await this.server.graph.waitFor(revision);
  }

  async #settle(type: 'role' | 'binding', key: string, body: object | null): Promise<void> {
    const twin: Map<string, object> = type === 'role' ? this.plain.roles : this.plain.bindings;
    if (body === null) twin.delete(key);
    else twin.set(key, body);
    await this.server.access.state.commit(
      [body === null ? { op: 'delete', type, key } : { op: 'put', type, key, value: body as JsonObject }],
      [],
    );
  }

  async catalog(): Promise<PlainCatalog> {
    const pages: SnapshotPage[] = [];
    for await (const page of this.server.store.snapshot()) pages.push(page);
    const all = <Name extends 'entities' | 'facts' | 'leases'>(name: Name): SnapshotPage[Name] =>
      pages.flatMap((page) => page[name] as never[]) as never;
    const content = { entities: all('entities'), facts: all('facts'), leases: all('leases'), volatile: [] };
    return new PlainCatalog({ ...content, now: Date.now() }, kinds);
  }
}

/** Everything that an answer must not hold. @param known refs that it may hold whatever they name */
function forbidden(
  refs: Iterable<string>,
  permitted: ReadonlySet<string>,
  known: ReadonlySet<string>,
  { said }: Stage,
): string[] {
  const hidden = [...refs].filter((ref) => !permitted.has(ref));
  // What an entity says in its own text is its own: an owner's ref is told with it.
  const own = [...permitted].map((ref) => said.get(ref)).join('\n');
  return [...hidden.map(markOf), ...hidden.filter((ref) => !known.has(ref) && !own.includes(ref))];
}

async function walk(stage: Stage, { principal, headers }: Asker): Promise<void> {
  const { server, plain } = stage;
  const catalog = await stage.catalog();
  const permitted = plain.permitted(principal, 'catalog.entity.read', catalog);
  const { claims } = plain.context(principal, catalog);
  // A condition tells whom it speaks of to those who are told why; subjects are told to those who may see roles.
  const isReader = plain.conditions(principal, 'access.policy.read', catalog).includes(undefined);
  const policy = JSON.stringify([[...plain.roles.values()], isReader ? [...plain.bindings.values()] : []]);
  const known = [...catalog.subjects.keys()].filter((ref) => claims.has(ref) || policy.includes(ref));
  const words = forbidden(catalog.subjects.keys(), permitted, new Set(known), stage);
  const everything = server.graph.view({ kind: 'all', key: 'all', principal: { ref: '', claims: new Set() } });
  const uidOf = (ref: string): string => {
    const body = Buffer.from(everything.bytes(everything.find(ref) ?? -1)).toString();
    return (JSON.parse(body) as { metadata: { uid: string } }).metadata.uid;
  };
  const refs = [...catalog.subjects.keys()];
  const cases = routeCases({
    visibleRefs: [...permitted],
    hiddenRefs: refs.filter((ref) => !permitted.has(ref)),
    uidByRef: new Map(refs.map((ref) => [ref, uidOf(ref)])),
  });
  const asked = {
    ...server,
    get: (path: string, init: RequestInit = {}) =>
      server.get(path, { ...init, headers: { ...(init.headers as Record<string, string>), ...headers } }),
  };
  for (const [route, { probes }] of Object.entries(cases)) {
    for (const one of probes()) {
      for (const page of await sayPages(asked, one)) {
        expect([200, 403], `${route} ${page.text}`).toContain(page.status);
        expect(
          words.filter((word) => page.text.includes(word)),
          `${route} for ${principal.ref}`,
        ).toEqual([]);
      }
    }
  }
  await compareLists(asked, permitted);
}

/** What is allowed is shown, and counted. */
async function compareLists(server: TestServer, permitted: ReadonlySet<string>): Promise<void> {
  const marks = [...permitted].map(markOf).toSorted();
  const listed = async (start: Probe): Promise<string[]> => {
    const pages = await sayPages(server, start);
    return pages
      .flatMap(({ body }) => (body as { items?: readonly Entity[] }).items ?? [])
      .map(({ metadata }) => (metadata.title ?? '').replace('Title ', ''))
      .toSorted();
  };
  const probes: readonly Probe[] = [
    { path: '/api/v1/entities?limit=4' },
    { path: '/api/catalog/entities/by-query?limit=3' },
    { method: 'POST', path: '/api/v1/query', body: { where: 'kind != ""', limit: 4, order: 'metadata.title:desc' } },
  ];
  const isDenied = (await say(server, { path: '/api/v1/entities?limit=0' })).status === 403;
  expect(isDenied && permitted.size > 0).toBe(false);
  if (isDenied) return;
  for (const start of probes) expect(await listed(start)).toEqual(marks);
  const { body } = await say(server, { path: '/api/v1/facets?path=kind' });
  const { values } = (body as { facets: { kind: { values: readonly { count: number }[] } } }).facets.kind;
  expect(values.reduce((sum, { count }) => sum + count, 0)).toBe(permitted.size);
}

/** A reader of the event stream, who knows the refs that it listed or was told of. */
class Reader {
  readonly #asker: Asker;
  readonly #server: TestServer;
  #known = new Set<string>();
  #text: () => string = () => '';
  #close: () => void = () => undefined;

  constructor(server: TestServer, asker: Asker) {
    this.#server = server;
    this.#asker = asker;
  }

  get known(): string[] {
    return [...this.#known].toSorted();
  }

  get told(): string {
    return this.#text();
  }

  /** Opens the stream. @returns false where it is denied */
  async open(): Promise<boolean> {
    const stream = await openSse(`${this.#server.url}/api/v1/events`, this.#asker.headers);
    if (stream.status !== 200) return false;
    this.#text = stream.text;
    this.#close = stream.close;
    void this.#follow(stream).catch(() => undefined);
    return true;
  }

  close(): void {
    this.#close();
  }

  async #follow(stream: Awaited<ReturnType<typeof openSse>>): Promise<void> {
    await stream.next('bookmark');
    await this.#list();
    for (;;) {
      const { event, data } = await stream.next('change', 'relist');
      if (event === 'relist') await this.#list();
      for (const { type, ref } of data.changes ?? []) {
        if (type === 'delete') this.#known.delete(ref);
        else this.#known.add(ref);
      }
    }
  }

  async #list(): Promise<void> {
    const { headers } = this.#asker;
    const response = await this.#server.get('/api/v1/entities?limit=200&fields=kind,metadata.name', { headers });
    const { items = [] } = (await response.json()) as { items?: readonly Entity[] };
    this.#known = new Set(items.map((item) => entityRefOf(item)));
  }
}

test('no route and no stream tells what a random policy hides, whatever changes; all that it permits is told', async () => {
  const script = fc.tuple(anyBeginning, anyChanges);
  const check = fc.asyncProperty(script, async ([beginning, changes]) => {
    const stage = await Stage.open();
    try {
      for (const step of beginning) await stage.do(step);
      const [first, ...others] = stage.askers;
      if (first === undefined) throw new Error('nobody asks');
      const reader = new Reader(stage.server, first);
      const isOpen = await reader.open();
      const expected = async (): Promise<string[]> => {
        const catalog = await stage.catalog();
        return [...stage.plain.permitted(first.principal, 'catalog.entity.read', catalog)].toSorted();
      };
      const ever = new Set(await expected());
      await walk(stage, first);
      for (const [turn, step] of changes.entries()) {
        await stage.do(step);
        const now = await expected();
        for (const ref of now) ever.add(ref);
        if (isOpen) await until(() => JSON.stringify(reader.known) === JSON.stringify(now));
        await walk(stage, others[turn % others.length] ?? first);
      }
      const hidden = [...(await stage.catalog()).subjects.keys()].filter((ref) => !ever.has(ref));
      expect(hidden.filter((ref) => reader.told.includes(`"${ref}"`))).toEqual([]);
      reader.close();
    } finally {
      await stage.server.close();
    }
  });
  await fc.assert(check, { numRuns: 6, endOnFailure: true });
}, 240_000);
