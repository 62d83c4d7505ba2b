import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Policy } from '../../src/access/policy.ts';
import { systemClock } from '../../src/base/clock.ts';
import { catalogOf, startTestServer, type TestServer } from '../support/server.ts';
import { hasSharedInputs, sharedInputs } from '../support/shared-inputs.ts';

// All that a real Backstage answered to requests over a catalog in files: the same requests, in the same order, to a
// server that reads the same files.

interface Recorded {
  readonly id: string;
  readonly method: string;
  readonly path: string;
}

interface Player {
  /** Time in which an answer that takes its time must become what is expected, seconds. */
  pollSeconds: number;
  listen(): Promise<void>;
  close(): void;
}

interface Replay {
  readonly Player: new (options: { url: string; catalog: string; servePort: number }) => Player;
  step(player: Player, recorded: Recorded, options: { lenientMessages: boolean }): Promise<string | null>;
}

/** Answers that differ on purpose, each with the reason. */
const differing: Readonly<Record<string, string>> = {
  r001: 'group team-a owns an entity there that no answer shows; here a relation goes with its entity',
  r684: 'the same',
  r248: 'a list sorted by tags holds each entity once',
  r249: 'a list sorted by tags holds each entity once',
  r262: 'a list sorted by tags holds each entity once',
  r323: 'a list sorted by tags holds each entity once, as totalItems says',
  's2.950': 'the status says where in the file the mistake is, and what to write',
  's2.954': 'the status says where in the file the mistake is',
  's2.957': 'the status says what could not be read, and what to do',
};

/**
 * What Backstage leaves out of these files and Callboard shows: good documents beside bad ones, `$text` of files, and an
 * entity of which a single reference cannot be read.
 */
const shownHereOnly = [
  'beside-foreign',
  'broken-foreign',
  'beside-syntax',
  'broken-syntax',
  'deep-api',
  'placeholders',
  'tools-api',
  'invalid-depends',
];

const catalogFolder = join(sharedInputs, 'http-catalog');
const allowed = ['Component', 'System', 'API', 'Resource', 'Location', 'Domain', 'Group', 'User', 'Template'];

function recordedRequests(): readonly Recorded[] {
  const lines = readFileSync(join(sharedInputs, 'expected', 'catalog_http.jsonl'), 'utf8').split('\n');
  return lines
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Recorded)
    .filter((line) => !('header' in line));
}

/** Everybody may do everything, and sees all but what Callboard alone shows. */
const hidingPolicy: Policy = {
  decide: (_principal, permission) =>
    permission === 'catalog.entity.read'
      ? {
          result: 'condition',
          key: 'as-backstage',
          condition: { op: 'not', arg: { op: 'field', key: 'metadata.name', values: shownHereOnly } },
        }
      : { result: 'allow' },
};

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => {
    probe.listen(0, '127.0.0.1', resolve);
  });
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => {
    probe.close(resolve);
  });
  return port;
}

async function countAt(server: TestServer): Promise<number> {
  const response = await server.get('/api/catalog/entities/by-query?limit=0');
  return ((await response.json()) as { totalItems: number }).totalItems;
}

/** Waits until the catalog has been read. */
async function settled(server: TestServer, count: number): Promise<void> {
  for (let turn = 0; turn < 200 && (await countAt(server)) !== count; turn += 1) await systemClock.sleep(100);
  expect(await countAt(server)).toBe(count);
}

interface Run {
  readonly server: TestServer;
  /** Plays all requests and tells which were answered differently, and how. */
  play(): Promise<Readonly<Record<string, string>>>;
}

/** Starts a server on the recorded catalog and lets a test ask it. */
async function withServer(
  options: { readonly exact: boolean; readonly policy?: Policy },
  use: (run: Run) => Promise<void>,
): Promise<void> {
  const servePort = await freePort();
  const { exact, policy } = options;
  const catalog = { ...catalogOf([join(catalogFolder, 'catalog.yaml')]), exact };
  const rules = [{ allow: allowed.map((kind) => ({ kind })) }];
  const server = await startTestServer({
    policy,
    config: { catalog: { ...catalog, rules }, reading: { allow: [{ host: `127.0.0.1:${servePort}` }] } },
  });
  const module = pathToFileURL(join(sharedInputs, 'expected', 'replay.mjs')).href;
  const replay = (await import(module)) as Replay;
  const player = new replay.Player({ url: `${server.url}/api/catalog`, catalog: catalogFolder, servePort });
  await player.listen();
  const play: Run['play'] = async () => {
    const different: Record<string, string> = {};
    for (const request of recordedRequests()) {
      // What differs on purpose is waited for only as long as it takes to be said at all.
      player.pollSeconds = request.id in differing ? 3 : 20;
      const difference = await replay.step(player, request, { lenientMessages: true });
      if (difference !== null) different[request.id] = `${request.method} ${request.path}: ${difference}`;
    }
    return different;
  };
  try {
    await use({ server, play });
  } finally {
    player.close();
    await server.close();
  }
}

function expectOnlyKnown(different: Readonly<Record<string, string>>): void {
  expect(Object.entries(different).filter(([id]) => !(id in differing))).toEqual([]);
  expect(Object.keys(different).toSorted()).toEqual(Object.keys(differing).toSorted());
}

describe.runIf(hasSharedInputs)('recorded answers of a real Backstage', () => {
  test('are answered alike where the files are read alike, but for what differs on purpose', async () => {
    await withServer({ exact: true }, async ({ server, play }) => {
      await settled(server, 310);
      expectOnlyKnown(await play());
      expect(recordedRequests()).toHaveLength(498);
      expect(Object.keys(differing).length).toBeLessThanOrEqual(498 * 0.02);
    });
  }, 240_000);

  test('are answered alike once what Callboard alone shows is taken out', async () => {
    await withServer({ exact: false, policy: hidingPolicy }, async ({ server, play }) => {
      await settled(server, 310);
      const all = server.graph.view({ kind: 'all', key: 'all', principal: { ref: '', claims: new Set() } });
      expect(all.list({ limit: 0 }).total).toBe(310 + shownHereOnly.length);
      expectOnlyKnown(await play());
    });
  }, 240_000);
});
