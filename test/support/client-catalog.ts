import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Entity, EntityRelation, RenderedEntity } from '../../src/model/entity.ts';

// A catalog in files, and what an API must say of it, worked out here from the files alone: with none of the product's
// own code, so that a comparison means something.

/** The catalog's files and what they say. */
export interface ClientCatalog {
  /** Absolute path of the file to configure. */
  readonly root: string;
  /** Every entity as an API must show it, without uid and etag. */
  readonly entities: readonly RenderedEntity[];
  close(): Promise<void>;
}

const COMPONENTS = 1_150;

/** Fields that make relations: kind of a short ref, type here, type there. */
const links: Readonly<Record<string, readonly [kind: string, type: string, reverse: string]>> = {
  owner: ['group', 'ownedBy', 'ownerOf'],
  system: ['system', 'partOf', 'hasPart'],
  providesApis: ['api', 'providesApi', 'apiProvidedBy'],
  dependsOn: ['', 'dependsOn', 'dependencyOf'],
  memberOf: ['group', 'memberOf', 'hasMember'],
  parent: ['group', 'childOf', 'parentOf'],
};

/** Writes the catalog into a temporary folder. `close` removes it. */
export async function writeClientCatalog(): Promise<ClientCatalog> {
  const folder = await mkdtemp(join(tmpdir(), 'callboard-client-'));
  await mkdir(join(folder, 'parts'));
  const files: Readonly<Record<string, readonly Entity[]>> = {
    'catalog.yaml': [location('root', ['./org.yaml', './parts.yaml'])],
    'org.yaml': [...groups(), ...users()],
    'parts.yaml': [location('parts', ['./parts/*.yaml'])],
    'parts/components.yaml': components(),
    'parts/others.yaml': others(),
  };
  const root = join(folder, 'catalog.yaml');
  const declared: Entity[] = [generated(`file:${root}`)];
  for (const [name, entities] of Object.entries(files)) {
    await writeFile(join(folder, name), entities.map((entity) => `${JSON.stringify(entity)}\n`).join('---\n'));
    declared.push(...entities.map((entity) => placed(entity, `file:${join(folder, name)}`, `file:${root}`)));
  }
  return { root, entities: withRelations(declared), close: () => rm(folder, { recursive: true, force: true }) };
}

/** The Location entity of a configured or registered location. */
export function generated(ref: string): Entity {
  const [type, target] = [ref.slice(0, ref.indexOf(':')), ref.slice(ref.indexOf(':') + 1)];
  const name = `generated-${createHash('sha1').update(ref).digest('hex')}`;
  return placed(entity('Location', name, { type, target }), ref, ref);
}

/** An entity with the annotations that say where it stands. */
export function placed(declared: Entity, at: string, origin: string): Entity {
  const annotations = {
    ...declared.metadata.annotations,
    'backstage.io/managed-by-location': at,
    'backstage.io/managed-by-origin-location': origin,
    ...(at.startsWith('url:') && { 'backstage.io/view-url': at.slice('url:'.length) }),
  };
  const namespace = declared.metadata.namespace ?? 'default';
  return { ...declared, metadata: { ...declared.metadata, namespace, annotations } };
}

/** Adds to each entity its relations, in both directions. */
export function withRelations(declared: readonly Entity[]): readonly RenderedEntity[] {
  const relations = new Map<string, Set<string>>();
  const add = (ref: string, type: string, targetRef: string): void => {
    const known = relations.get(ref) ?? new Set();
    relations.set(ref, known.add(JSON.stringify({ type, targetRef })));
  };
  for (const { kind, metadata, spec } of declared) {
    const own = refOf({ kind, metadata });
    for (const [field, [shortKind, type, reverse]] of Object.entries(links)) {
      for (const short of [spec?.[field] ?? []].flat() as string[]) {
        const target = fullRef(short, shortKind, metadata.namespace ?? 'default');
        add(own, type, target);
        add(target, reverse, own);
      }
    }
  }
  const order = ({ type, targetRef }: EntityRelation): string => `${type} ${targetRef}`;
  return declared.map((one) => {
    const own = [...(relations.get(refOf(one)) ?? [])].map((text) => JSON.parse(text) as EntityRelation);
    return { ...one, relations: own.toSorted((a, b) => (order(a) < order(b) ? -1 : 1)) };
  });
}

/** The ref of an entity. */
export function refOf({ kind, metadata }: Pick<Entity, 'kind' | 'metadata'>): string {
  return `${kind}:${metadata.namespace ?? 'default'}/${metadata.name}`.toLowerCase();
}

function fullRef(short: string, kind: string, namespace: string): string {
  const [, ownKind, ownNamespace, name] = /^(?:([^:/]+):)?(?:([^/]+)\/)?(.+)$/.exec(short) ?? [];
  return `${ownKind ?? kind}:${ownNamespace ?? namespace}/${name}`.toLowerCase();
}

function entity(kind: string, name: string, spec: Entity['spec'], metadata: object = {}): Entity {
  return { apiVersion: 'backstage.io/v1alpha1', kind, metadata: { name, ...metadata }, ...(spec && { spec }) };
}

function location(name: string, targets: readonly string[]): Entity {
  return entity('Location', name, { type: 'file', targets });
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

function groups(): Entity[] {
  return numbers(10).map((n) =>
    entity('Group', `Team-${n}`, { type: 'team', children: [], ...(n > 0 && { parent: `team-${n >> 1}` }) }),
  );
}

function users(): Entity[] {
  return numbers(25).map((n) =>
    entity('User', `user-${n}`, { profile: { displayName: `User ${n}` }, memberOf: [`team-${n % 10}`] }),
  );
}

function components(): Entity[] {
  return numbers(COMPONENTS).map((n) => {
    const owner = n % 3 === 0 ? `group:default/team-${n % 10}` : `default/Team-${n % 7}`;
    const spec = {
      type: n % 4 === 0 ? 'Service' : n % 4 === 1 ? 'service' : 'library',
      lifecycle: n % 5 === 0 ? 'experimental' : 'production',
      owner,
      ...(n % 6 === 0 && { system: `default/system-${n % 4}` }),
      ...(n % 11 === 0 && { providesApis: [`default/api-${n % 30}`] }),
      ...(n % 13 === 0 && { dependsOn: [`resource:default/store-${n % 15}`] }),
      replicas: n % 12,
    };
    const metadata = {
      ...(n % 9 === 0 && { namespace: 'edge' }),
      ...(n % 2 === 0 && { title: `Part ${n % 50}`, tags: [`t${n % 3}`, 'even'] }),
      ...(n % 7 === 0 && { annotations: { 'example.com/slug': `org/part-${n}` } }),
    };
    return entity('Component', `part-${String(n).padStart(4, '0')}`, spec, metadata);
  });
}

function others(): Entity[] {
  return [
    ...numbers(4).map((n) => entity('System', `system-${n}`, { owner: `team-${n}` })),
    ...numbers(30).map((n) =>
      entity('API', `api-${n}`, {
        type: 'grpc',
        lifecycle: 'production',
        owner: `team-${n % 10}`,
        definition: `v${n}`,
      }),
    ),
    ...numbers(15).map((n) => entity('Resource', `store-${n}`, { type: 'database', owner: `team-${n % 10}` })),
  ];
}

/** A web server on loopback whose files a test changes. */
export interface FileServer {
  readonly host: string;
  readonly url: string;
  /** Text by path; what is not there is 404. */
  readonly files: Map<string, string>;
  close(): Promise<void>;
}

/** Starts a web server for descriptors. */
export async function startFileServer(): Promise<FileServer> {
  const files = new Map<string, string>();
  const server = createServer((request, response) => {
    const text = files.get(request.url ?? '');
    response.statusCode = text === undefined ? 404 : 200;
    response.setHeader('content-type', 'text/plain; charset=utf-8');
    response.end(text ?? 'not found');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    url: `http://${host}`,
    files,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Puts entities behind a path of a web server, and gives their URL. */
export function serve(web: FileServer, path: string, ...entities: readonly Entity[]): string {
  web.files.set(path, entities.map((one) => JSON.stringify(one)).join('\n---\n'));
  return `${web.url}${path}`;
}
