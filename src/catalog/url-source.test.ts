import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { systemClock } from '../base/clock.ts';
import type { AllowedKind } from '../model/catalog-rule.ts';
import { builtinKinds } from '../model/builtin-kinds.ts';
import type { LocationState } from '../model/location.ts';
import { createUrlReader } from '../url/url-reader.ts';
import type { Finding } from './finding.ts';
import { kindSet } from './kind-set.ts';
import { SharedFileReader } from './shared-file-reader.ts';
import type { LocationReading, SourceContext, SourceEvent, TargetLink } from './source.ts';
import { urlSourceLimits } from './url-run.ts';
import { UrlSource } from './url-source.ts';

type Answer = string | ((request: IncomingMessage, response: ServerResponse) => void);

const kinds = kindSet(builtinKinds);
const log = pino({ level: 'silent' });

let server: Server;
let host: string;
/** What stands at each path. */
let pages: Map<string, Answer>;
/** Paths in the order in which they were asked for; with `=` behind those that had not changed. */
let asked: string[];
let stops: (() => Promise<void>)[];

beforeEach(async () => {
  pages = new Map();
  asked = [];
  stops = [];
  server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  for (const stop of stops) await stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function answer(request: IncomingMessage, response: ServerResponse): void {
  const path = request.url ?? '';
  const page = pages.get(path);
  if (typeof page === 'function') {
    asked.push(path);
    page(request, response);
    return;
  }
  const etag = `"${page}"`.replaceAll(/[^\w"]/g, '-').slice(0, 500);
  const isSame = page !== undefined && request.headers['if-none-match'] === etag;
  asked.push(isSame ? `${path}=` : path);
  if (isSame) response.writeHead(304).end();
  else if (page === undefined) response.writeHead(404).end('nothing');
  else response.writeHead(200, { etag }).end(page);
}

const fails: Answer = (_request, response) => void response.writeHead(500).end();

function component(name: string, more = ''): string {
  return `---\napiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { name: ${name}${more} }\nspec: { type: service, lifecycle: production, owner: o }\n`;
}

function location(name: string, spec: string): string {
  return `---\napiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: { name: ${name} }\nspec: ${spec}\n`;
}

interface Setup {
  readonly states?: Iterable<LocationState>;
  readonly refreshSeconds?: number;
  readonly optional?: boolean;
  readonly exact?: boolean;
  readonly allowed?: readonly AllowedKind[];
  readonly isForeign?: (url: string) => boolean;
}

/** What a consumer of a source knows after it was told everything. */
class Listener {
  readonly clock = new ManualClock();
  readonly states = new Map<string, LocationState>();
  readonly readings = new Map<string, LocationReading>();
  readonly links = new Map<string, readonly TargetLink[]>();
  /** Paths told, `-` before those that are gone. */
  told: string[] = [];
  refreshed: string[] = [];
  synced = 0;
  unreadable: SourceEvent[] = [];
  error: unknown;
  readonly source: UrlSource;

  constructor(path: string, setup: Setup) {
    for (const state of setup.states ?? []) this.states.set(state.ref, state);
    const ref = `url:http://${host}${path}`;
    const root = {
      location: ref,
      origin: ref,
      parentEntity: 'location:default/test',
      configuredAt: 'configured at test',
      optional: setup.optional ?? false,
    };
    const urls = createUrlReader({ allow: [{ host }], clock: systemClock, log });
    this.source = new UrlSource({
      root,
      urls,
      files: new SharedFileReader(),
      refreshSeconds: setup.refreshSeconds ?? 60,
      isForeign: setup.isForeign,
    });
    const abort = new AbortController();
    const running = this.#run(setup, abort.signal).catch((error: unknown) => {
      if (!abort.signal.aborted) this.error = error;
    });
    stops.push(async () => {
      abort.abort(new Error('test ends'));
      await running;
    });
  }

  async #run({ allowed, exact = false }: Setup, signal: AbortSignal): Promise<void> {
    const context: SourceContext = {
      clock: this.clock,
      log,
      kinds,
      allowed,
      exact,
      known: (ref) => this.states.get(ref),
      knownLocations: () => [...this.states.values()].filter(({ source }) => source === this.source.id),
      linksOf: (ref) => this.links.get(pathOf(ref)) ?? [],
    };
    for await (const events of this.source.read(context, signal)) for (const event of events) this.#note(event);
  }

  #note(event: SourceEvent): void {
    if (event.type === 'synced') this.synced += 1;
    else if (event.type === 'unreadable') this.unreadable.push(event);
    else if (event.type === 'refreshed') this.refreshed.push(...event.locations.map(pathOf));
    else if (event.type === 'links') this.links.set(pathOf(event.location), event.links);
    else if (event.type === 'gone') {
      this.states.delete(event.location);
      this.readings.delete(event.location);
      this.told.push(`-${pathOf(event.location)}`);
    } else this.#noteReading(event.reading);
  }

  #noteReading(reading: LocationReading): void {
    const { location: ref, parent, parentEntity, fingerprint, entities } = reading;
    const state = { parent, parentEntity, fingerprint, entities: entities.length, changedAt: 0 };
    this.states.set(ref, { ref, source: this.source.id, ...state });
    this.readings.set(ref, reading);
    this.told.push(pathOf(ref));
  }

  reading(path: string): LocationReading | undefined {
    return this.readings.get(`url:http://${host}${path}`);
  }

  refs(path: string): readonly string[] {
    return this.reading(path)?.entities.map(({ ref }) => ref) ?? [];
  }

  findings(path: string): readonly Finding[] {
    return this.reading(path)?.findings ?? [];
  }

  codes(path: string): readonly string[] {
    return this.findings(path).map(({ code }) => code);
  }

  /** Waits for the next poll to be over. */
  async poll(): Promise<void> {
    this.told = [];
    asked = [];
    await until(() => this.clock.timers > 0);
    const { synced } = this;
    // Longer than any wait between polls.
    this.clock.advance(90_000);
    await until(() => this.synced > synced);
  }

  /** The same where the root cannot be read. */
  async pollWithoutRoot(): Promise<void> {
    this.told = [];
    asked = [];
    await until(() => this.clock.timers > 0);
    this.clock.advance(90_000);
    await until(() => asked.length > 0 && this.clock.timers > 0);
  }
}

function pathOf(ref: string): string {
  return ref.slice(`url:http://${host}`.length);
}

async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 500 && !condition(); turn += 1) await systemClock.sleep(10);
  expect(condition()).toBe(true);
}

async function listen(path: string, setup: Setup = {}): Promise<Listener> {
  const listener = new Listener(path, setup);
  await until(() => listener.synced > 0 || listener.error !== undefined);
  return listener;
}

describe('a URL', () => {
  test('is read, with where it stands in the annotations; those of the file win', async () => {
    const url = 'https://other.example/x';
    pages.set('/all.yaml', component('a') + component('b', `, annotations: { backstage.io/view-url: "${url}" }`));
    const listener = await listen('/all.yaml');
    const ref = `url:http://${host}/all.yaml`;
    const reading = listener.reading('/all.yaml');
    expect(reading).toMatchObject({ location: ref, parentEntity: 'location:default/test', findings: [] });
    expect(reading?.parent).toBeUndefined();
    const annotations = reading?.entities.map(({ body }) => (JSON.parse(body) as typeof expected).metadata.annotations);
    const expected = {
      metadata: {
        annotations: {
          'backstage.io/managed-by-location': ref,
          'backstage.io/managed-by-origin-location': ref,
          'backstage.io/view-url': `http://${host}/all.yaml`,
        },
      },
    };
    const first = expected.metadata.annotations;
    expect(annotations).toEqual([first, { ...first, 'backstage.io/view-url': url }]);
  });

  test('that has not changed is told nothing of, neither by its ETag nor by its content', async () => {
    pages.set('/a.yaml', component('a'));
    const listener = await listen('/a.yaml');
    await listener.poll();
    expect([asked, listener.told]).toEqual([['/a.yaml='], []]);
    pages.set('/a.yaml', (_request, response) => void response.end(component('a')));
    await listener.poll();
    await listener.poll();
    expect([asked, listener.told]).toEqual([['/a.yaml'], []]);
    pages.set('/a.yaml', component('b'));
    await listener.poll();
    expect(listener.refs('/a.yaml')).toEqual(['component:default/b']);
  });

  test('is told nothing of after a restart either', async () => {
    pages.set('/a.yaml', location('l', '{ target: ./b.yaml }'));
    pages.set('/b.yaml', component('b'));
    const before = await listen('/a.yaml');
    expect(before.told).toEqual(['/a.yaml', '/b.yaml']);
    const after = await listen('/a.yaml', { states: before.states.values() });
    expect(after.told).toEqual([]);
  });

  test('holds what its rules allow only', async () => {
    pages.set('/a.yaml', component('a'));
    const listener = await listen('/a.yaml', { allowed: [{ kind: 'API' }] });
    expect(listener.refs('/a.yaml')).toEqual([]);
    expect(listener.codes('/a.yaml')).toEqual(['kind-not-allowed']);
  });

  test('with one bad document still gives the good ones', async () => {
    pages.set('/a.yaml', `${component('a')}---\nkind: [\n${component('b')}`);
    const listener = await listen('/a.yaml');
    expect(listener.refs('/a.yaml')).toEqual(['component:default/a', 'component:default/b']);
    expect(listener.reading('/a.yaml')?.hasUnreadable).toBe(true);
  });

  test('that answers with a web page is no descriptor', async () => {
    pages.set('/a.yaml', (_request, response) =>
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<!doctype html><p>Sign in'),
    );
    const listener = await listen('/a.yaml');
    expect(String(listener.error)).toContain('answers with a web page and not with a descriptor');
  });

  test('that is not allowed, or cannot be read at the start, fails the source with the reason', async () => {
    pages.set('/a.yaml', (_request, response) => response.writeHead(302, { location: 'http://other.example/' }).end());
    expect(String((await listen('/a.yaml')).error)).toContain('add - host: other.example in reading.allow');
    pages.set('/a.yaml', fails);
    expect((await listen('/a.yaml')).error).toMatchObject({
      code: 'URL_UNREADABLE',
      message: `http://${host}/a.yaml cannot be read: it answers 500`,
    });
  });

  test('that stops to answer keeps its entities, says why, and is not called fresh', async () => {
    pages.set('/a.yaml', component('a'));
    const listener = await listen('/a.yaml');
    pages.set('/a.yaml', fails);
    const { synced } = listener;
    await listener.pollWithoutRoot();
    expect(listener.unreadable).toEqual([
      { type: 'unreadable', reason: `http://${host}/a.yaml cannot be read: it answers 500`, retryMs: 60_000 },
    ]);
    expect(listener.reading('/a.yaml')).toMatchObject({ hasUnreadable: true, entities: [] });
    expect(listener.codes('/a.yaml')).toEqual(['location-unreadable']);
    expect(listener.synced).toBe(synced);
    pages.set('/a.yaml', component('a'));
    await listener.poll();
    expect(listener.refs('/a.yaml')).toEqual(['component:default/a']);
  });

  test('at which there is nothing any more keeps its entities too', async () => {
    pages.set('/a.yaml', component('a') + location('l', '{ target: ./b.yaml }'));
    pages.set('/b.yaml', component('b'));
    const listener = await listen('/a.yaml');
    pages.delete('/a.yaml');
    await listener.poll();
    expect(listener.told).toEqual(['/a.yaml']);
    expect(listener.findings('/a.yaml')).toEqual([
      {
        code: 'target-missing',
        severity: 'error',
        message: `There is nothing at http://${host}/a.yaml: it answers 404`,
        fix: 'Correct the location (configured at test), or remove it',
      },
    ]);
    expect(listener.reading('/a.yaml')?.hasUnreadable).toBe(true);
    const restarted = await listen('/a.yaml', { states: listener.states.values() });
    expect(restarted.told).toEqual([]);
  });

  test('that may be missing loses what it had without a problem', async () => {
    pages.set('/a.yaml', location('l', '{ target: ./b.yaml }'));
    pages.set('/b.yaml', component('b'));
    const listener = await listen('/a.yaml', { optional: true });
    pages.delete('/a.yaml');
    await listener.poll();
    expect(listener.told).toEqual(['/a.yaml', '-/b.yaml']);
    expect(listener.reading('/a.yaml')).toMatchObject({ entities: [], findings: [], hasUnreadable: false });
  });
});

describe('Locations behind a URL', () => {
  test('lead to further URLs, relative ones from their own, in the order of naming', async () => {
    pages.set(
      '/org/all.yaml',
      location('root', `{ targets: [./teams/t.yaml, /top.yaml, "http://${host}/x/y.yaml?v=1"] }`),
    );
    pages.set('/org/teams/t.yaml', component('t') + location('deep', '{ type: url, target: ../more.yaml }'));
    pages.set('/top.yaml', component('top'));
    pages.set('/x/y.yaml?v=1', component('y'));
    pages.set('/org/more.yaml', component('more'));
    const listener = await listen('/org/all.yaml');
    expect(listener.told).toEqual([
      '/org/all.yaml',
      '/org/teams/t.yaml',
      '/top.yaml',
      '/x/y.yaml?v=1',
      '/org/more.yaml',
    ]);
    expect(listener.reading('/org/more.yaml')).toMatchObject({
      parent: `url:http://${host}/org/teams/t.yaml`,
      parentEntity: 'location:default/deep',
    });
    expect(listener.reading('/org/more.yaml')?.entities[0]?.body).toContain(
      `"backstage.io/managed-by-origin-location":"url:http://${host}/org/all.yaml"`,
    );
  });

  test('may form loops', async () => {
    pages.set('/a.yaml', location('a', '{ targets: [./b.yaml, ./a.yaml] }'));
    pages.set('/b.yaml', location('b', '{ targets: [./c.yaml, ./a.yaml] }'));
    pages.set('/c.yaml', location('c', '{ target: ./b.yaml }') + component('c'));
    const listener = await listen('/a.yaml');
    expect(listener.told.toSorted()).toEqual(['/a.yaml', '/b.yaml', '/c.yaml']);
    expect(listener.reading('/a.yaml')?.parent).toBeUndefined();
    expect(asked.length).toBeLessThan(8);
    await listener.poll();
    expect(listener.told).toEqual([]);
  });

  test('what nobody names any more is gone, with what only it named', async () => {
    pages.set('/a.yaml', location('a', '{ targets: [./b.yaml, ./c.yaml] }'));
    pages.set('/b.yaml', location('b', '{ target: ./d.yaml }'));
    pages.set('/c.yaml', component('c'));
    pages.set('/d.yaml', component('d'));
    const listener = await listen('/a.yaml');
    pages.set('/a.yaml', location('a', '{ targets: [./c.yaml] }'));
    await listener.poll();
    expect(listener.told.toSorted()).toEqual(['-/b.yaml', '-/d.yaml', '/a.yaml']);
    await listener.poll();
    expect(asked).toEqual(['/a.yaml=', '/c.yaml=']);
  });

  test('what was no longer named while nobody looked is gone too', async () => {
    pages.set('/a.yaml', location('a', '{ targets: [./b.yaml, ./c.yaml] }'));
    for (const name of ['b', 'c']) pages.set(`/${name}.yaml`, component(name));
    const before = await listen('/a.yaml');
    pages.set('/a.yaml', location('a', '{ targets: [./c.yaml] }'));
    const after = await listen('/a.yaml', { states: before.states.values() });
    expect(after.told).toEqual(['/a.yaml', '-/b.yaml']);
  });

  test('a missing target is a problem of the Location that names it; the others come', async () => {
    pages.set('/a.yaml', location('a', '{ targets: [./b.yaml, ./none.yaml] }'));
    pages.set('/b.yaml', component('b'));
    const listener = await listen('/a.yaml');
    expect(listener.told).toEqual(['/a.yaml', '/b.yaml']);
    expect(listener.findings('/a.yaml')).toMatchObject([
      {
        code: 'target-missing',
        severity: 'error',
        message: `There is nothing at http://${host}/none.yaml: it answers 404`,
        entityRef: 'location:default/a',
        path: ['spec', 'targets', 1],
        place: { line: 5 },
      },
    ]);
    expect(listener.refs('/a.yaml')).toEqual(['location:default/a']);
    pages.set('/none.yaml', component('late'));
    await listener.poll();
    expect(listener.told).toEqual(['/none.yaml', '/a.yaml']);
    expect(listener.findings('/a.yaml')).toEqual([]);
  });

  test('one that leads nowhere is not in the catalog, as in Backstage', async () => {
    pages.set('/a.yaml', location('nowhere', '{ target: ./none.yaml }') + component('a'));
    const listener = await listen('/a.yaml');
    expect(listener.refs('/a.yaml')).toEqual(['component:default/a']);
    expect(listener.reading('/a.yaml')?.invalidRefs).toEqual(['location:default/nowhere']);
  });

  test('one that may lead nowhere is no problem', async () => {
    pages.set('/a.yaml', location('maybe', '{ target: ./none.yaml, presence: optional }'));
    const listener = await listen('/a.yaml');
    expect(listener.refs('/a.yaml')).toEqual(['location:default/maybe']);
    expect(listener.codes('/a.yaml')).toEqual([]);
    pages.set('/none.yaml', component('b'));
    await listener.poll();
    expect(listener.told).toEqual(['/none.yaml']);
    pages.delete('/none.yaml');
    await listener.poll();
    expect(listener.told).toEqual(['-/none.yaml']);
  });

  test('a target that stops to answer keeps its entities, is asked less and less often, and comes back', async () => {
    pages.set('/a.yaml', location('a', '{ targets: [./b.yaml, ./c.yaml] }'));
    pages.set('/b.yaml', component('b'));
    pages.set('/c.yaml', component('c'));
    const listener = await listen('/a.yaml');
    pages.set('/b.yaml', fails);
    await listener.poll();
    expect(listener.told).toEqual(['/a.yaml']);
    expect(listener.findings('/a.yaml')).toMatchObject([
      { code: 'location-unreadable', message: `http://${host}/b.yaml cannot be read: it answers 500` },
    ]);
    const looks: boolean[] = [];
    for (let turn = 0; turn < 8; turn += 1) {
      await listener.poll();
      looks.push(asked.includes('/b.yaml'));
      expect(listener.told).toEqual([]);
    }
    expect(looks.filter(Boolean).length).toBeLessThan(4);
    pages.set('/b.yaml', component('b2'));
    listener.source.refresh([`url:http://${host}/b.yaml`]);
    await until(() => listener.refreshed.length > 0);
    expect(listener.refreshed).toEqual(['/b.yaml']);
    expect(listener.refs('/b.yaml')).toEqual(['component:default/b2']);
    expect(listener.findings('/a.yaml')).toEqual([]);
  });

  test('what a file named that cannot be read at the start stays, and is still looked at', async () => {
    pages.set('/a.yaml', location('a', '{ target: ./b.yaml }'));
    pages.set('/b.yaml', location('b', '{ target: ./c.yaml }'));
    pages.set('/c.yaml', component('c'));
    const before = await listen('/a.yaml');
    pages.set('/b.yaml', fails);
    pages.set('/c.yaml', component('c2'));
    const after = await listen('/a.yaml', { states: before.states.values() });
    expect(after.told).toEqual(['/a.yaml', '/c.yaml']);
    expect(after.reading('/c.yaml')?.parent).toBe(`url:http://${host}/b.yaml`);
    pages.set('/b.yaml', component('b'));
    await after.poll();
    expect(after.told).toEqual(['/b.yaml', '/a.yaml', '-/c.yaml']);
  });

  test('targets of other kinds are told as links, or refused', async () => {
    const forge = 'https://forge.example/o/r/blob/main/catalog-info.yaml';
    pages.set(
      '/a.yaml',
      location('git', '{ type: git, target: "https://git.example/o/r//x.yaml" }') +
        location('forge', `{ target: "${forge}" }`) +
        location('file', '{ type: file, target: /etc/passwd }') +
        location('local', '{ type: git, target: /srv/private }') +
        location('script', '{ target: "javascript:x" }') +
        location('slash', '{ target: ./folder/ }'),
    );
    const listener = await listen('/a.yaml', { isForeign: (url) => url.startsWith('https://forge.example/') });
    expect(listener.links.get('/a.yaml')).toEqual([
      { location: 'git:https://git.example/o/r//x.yaml', entityRef: 'location:default/git', optional: false },
      { location: `url:${forge}`, entityRef: 'location:default/forge', optional: false },
    ]);
    expect(listener.codes('/a.yaml')).toEqual([
      'target-unsupported',
      'target-outside',
      'target-unsupported',
      'target-missing',
    ]);
    expect(listener.refs('/a.yaml')).toEqual(['location:default/git', 'location:default/forge']);
    pages.set('/a.yaml', component('a'));
    await listener.poll();
    expect(listener.links.get('/a.yaml')).toEqual([]);
  });

  test('a host that does not answer is given up soon; what it held stays', async () => {
    const targets = Array.from({ length: 30 }, (_, index) => `./t${index}.yaml`);
    pages.set('/a.yaml', location('a', `{ targets: [${targets.join(', ')}] }`));
    for (const index of targets.keys()) pages.set(`/t${index}.yaml`, component(`t${index}`));
    const before = await listen('/a.yaml');
    for (const index of targets.keys()) pages.set(`/t${index}.yaml`, (request) => request.socket.destroy());
    asked = [];
    const after = await listen('/a.yaml', { states: before.states.values() });
    expect(after.told).toEqual(['/a.yaml']);
    expect(asked.length).toBeLessThan(12);
    expect(after.findings('/a.yaml').at(-1)?.message).toBe(`${host} does not answer; it is not asked for more for now`);
    expect(after.states.size).toBe(31);
  });

  test('are bounded in depth and number', async () => {
    for (let depth = 0; depth < 30; depth += 1)
      pages.set(`/${depth}.yaml`, location(`l${depth}`, `{ target: ./${depth + 1}.yaml }`));
    const deep = await listen('/0.yaml');
    expect(deep.states.size).toBe(urlSourceLimits.depth + 1);
    expect(deep.codes(`/${urlSourceLimits.depth}.yaml`)).toEqual(['location-limit']);
    const targets = Array.from({ length: 1_100 }, (_, index) => `./t${index}.yaml`);
    pages.set('/many.yaml', location('many', `{ targets: [${targets.join(', ')}] }`));
    pages.set('/t0.yaml', component('t0'));
    const many = await listen('/many.yaml');
    expect(asked.filter((path) => path.startsWith('/t'))).toHaveLength(urlSourceLimits.locations - 1);
    expect(many.codes('/many.yaml').filter((code) => code === 'location-limit')).toHaveLength(101);
    expect(many.told).toEqual(['/many.yaml', '/t0.yaml']);
  });

  test('exactly as Backstage: one bad target, or a file refused as a whole, makes the Location invalid', async () => {
    pages.set(
      '/a.yaml',
      location('half', '{ targets: [./b.yaml, ./none.yaml] }') + location('broken', '{ target: ./c.yaml }'),
    );
    pages.set('/b.yaml', component('b'));
    pages.set('/c.yaml', `${component('c')}---\nkind: X\n`);
    const listener = await listen('/a.yaml', { exact: true });
    expect(listener.refs('/a.yaml')).toEqual([]);
    expect(listener.refs('/c.yaml')).toEqual([]);
    expect(listener.refs('/b.yaml')).toEqual(['component:default/b']);
    const restarted = await listen('/a.yaml', { exact: true, states: listener.states.values() });
    expect(restarted.told).toEqual([]);
  });
});

describe('placeholders behind a URL', () => {
  const api = (definition: string): string =>
    `apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: { name: api }\nspec: { type: openapi, lifecycle: x, owner: o, definition: ${definition} }\n`;

  test('are fetched from beside the file, and looked at with it', async () => {
    pages.set('/apis/a.yaml', api('{ $text: ./api.txt }'));
    pages.set('/apis/api.txt', 'first');
    const listener = await listen('/apis/a.yaml');
    expect(listener.reading('/apis/a.yaml')?.entities[0]?.body).toContain('"definition":"first"');
    await listener.poll();
    expect([asked, listener.told]).toEqual([['/apis/a.yaml=', '/apis/api.txt='], []]);
    pages.set('/apis/api.txt', 'second');
    await listener.poll();
    expect(listener.reading('/apis/a.yaml')?.entities[0]?.body).toContain('"definition":"second"');
    const restarted = await listen('/apis/a.yaml', { states: listener.states.values() });
    expect(restarted.told).toEqual([]);
  });

  test('that cannot be read make the entity invalid; the last good one stays', async () => {
    pages.set('/a.yaml', component('a') + `---\n${api('{ $text: ./api.txt }')}`);
    pages.set('/api.txt', 'text');
    const listener = await listen('/a.yaml');
    pages.delete('/api.txt');
    await listener.poll();
    expect(listener.refs('/a.yaml')).toEqual(['component:default/a']);
    expect(listener.reading('/a.yaml')?.invalidRefs).toEqual(['api:default/api']);
    expect(listener.findings('/a.yaml')[0]).toMatchObject({
      code: 'placeholder-unreadable',
      message: expect.stringContaining('it answers 404') as string,
    });
    pages.set('/api.txt', 'text');
    await listener.poll();
    expect(listener.codes('/a.yaml')).toEqual([]);
  });

  test('lead to no other host', async () => {
    const text = '{ $text: "http://other.example/x" }';
    pages.set('/a.yaml', api(text) + component('a'));
    const listener = await listen('/a.yaml');
    expect(listener.findings('/a.yaml')[0]?.message).toContain('it is not on the same host as the file');
  });

  test('of a file are bounded in number, and called whatever they like', async () => {
    const files = Array.from({ length: 5 }, (_, file) => {
      const parts = Array.from({ length: 50 }, (_unused, part) => `{ $text: ./p${file}-${part}.txt }`);
      return `${component(`c${file}`)}  \nmore: x\n`
        .replace('\nmore: x', '')
        .replace('owner: o', `owner: o, parts: [${parts.join(', ')}]`);
    });
    pages.set('/a.yaml', `${files.join('')}---\n${api('{ $text: __proto__ }')}`);
    const listener = await listen('/a.yaml');
    expect(asked.filter((path) => path.startsWith('/p'))).toHaveLength(200);
    expect(
      listener.findings('/a.yaml').filter(({ message }) => message.includes('a file may bring in 200 others')),
    ).toHaveLength(51);
  });
});

describe('a refresh', () => {
  test('looks at once, also where nothing is polled, and says so', async () => {
    pages.set('/a.yaml', location('a', '{ target: ./b.yaml }'));
    pages.set('/b.yaml', component('b'));
    const listener = await listen('/a.yaml', { refreshSeconds: 0 });
    expect(listener.clock.timers).toBe(0);
    pages.set('/b.yaml', component('b2'));
    asked = [];
    listener.source.refresh([`url:http://${host}/b.yaml`, 'url:http://other.example/']);
    await until(() => listener.refreshed.length > 0);
    expect([asked, listener.refreshed]).toEqual([['/b.yaml'], ['/b.yaml']]);
    expect(listener.refs('/b.yaml')).toEqual(['component:default/b2']);
    listener.refreshed = [];
    listener.source.refresh([listener.source.id]);
    await until(() => listener.refreshed.length > 0);
    expect(listener.refreshed).toEqual(['/a.yaml', '/b.yaml']);
  });

  test('tells again what the catalog has lost', async () => {
    pages.set('/a.yaml', component('a'));
    const listener = await listen('/a.yaml');
    const state = [...listener.states.values()][0];
    if (state) listener.states.set(state.ref, { ...state, fingerprint: 'stale' });
    listener.told = [];
    listener.source.refresh([listener.source.id]);
    await until(() => listener.refreshed.length > 0);
    expect(listener.told).toEqual(['/a.yaml']);
  });

  test('that was asked for before the source ran is made when it runs', async () => {
    pages.set('/a.yaml', component('a'));
    const listener = new Listener('/a.yaml', {});
    listener.source.refresh([listener.source.id]);
    await until(() => listener.refreshed.length > 0);
    expect(listener.refreshed).toEqual(['/a.yaml']);
  });
});
