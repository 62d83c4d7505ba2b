import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Grant } from '../../demo/fleet/access.ts';
import { type DemoFleet, kubeconfigText } from '../../demo/fleet/demo-fleet.ts';
import { OPERATORS } from '../../demo/fleet/world-access.ts';
import type { LogItem } from '../../src/api/logs.ts';
import { noFleet } from '../../src/config/fleet-config.ts';
import { openWorld } from './fleet-world.ts';
import { startTestServer, type TestServer, type TestServerOptions } from './server.ts';
import { adaAdministers, signIn } from './signed-in.ts';

/** Clusters of the demo's world behind a server, on which Ada acts as herself. */
export interface LogStage {
  readonly demo: DemoFleet;
  readonly server: TestServer;
  /** Reads logs to their end, as somebody. @param query of the route, without `?` */
  read(query: string, who?: string): Promise<{ readonly status: number; readonly items: readonly LogItem[] }>;
  /** Follows logs until closed. */
  follow(query: string, who?: string): Promise<LogReader>;
  close(): Promise<void>;
}

/** An open answer, item by item. */
export interface LogReader {
  /** Reads until what came so far is enough. */
  until(enough: (items: readonly LogItem[]) => boolean): Promise<readonly LogItem[]>;
  close(): void;
}

/** What Ada may do in a cluster: see pods, and read their logs. */
const adaReads: Grant = {
  to: 'callboard:user:default/ada',
  rules: [{ verbs: ['get', 'list'], groups: [''], resources: ['pods', 'pods/log'] }],
};

/**
 * Opens it, with the first two clusters of the world; waits until the server has read them.
 *
 * @param isActing on which clusters people act
 */
export async function openLogStage(
  isActing: Readonly<Record<string, boolean>>,
  options: Partial<TestServerOptions> = {},
): Promise<LogStage> {
  const demo = await openWorld(2);
  const folder = await mkdtemp(join(tmpdir(), 'callboard-logs-'));
  const kubeconfig = join(folder, 'kubeconfig');
  const operator = await demo.issue('operator', [OPERATORS]);
  await writeFile(kubeconfig, kubeconfigText(demo, 'operator', operator), { mode: 0o600 });
  for (const { cluster } of demo.servers) cluster.access.grants = [...cluster.access.grants, adaReads];
  const server = await startTestServer({
    ...options,
    config: {
      ...adaAdministers,
      ...options.config,
      fleet: {
        ...noFleet,
        catalog: undefined,
        kubeconfigs: [{ paths: [kubeconfig] }],
        clusters: Object.entries(isActing).map(([match, acts]) => ({ match, isActing: acts })),
        readers: 1,
      },
    },
  });
  await untilRead(server, demo.servers.length);
  const ask = async (query: string, who: string, signal?: AbortSignal): Promise<Response> => {
    const { headers } = await signIn(server, `user:default/${who}`);
    return server.get(`/api/v1/fleet/logs?${query}`, { headers, ...(signal && { signal }) });
  };
  return {
    demo,
    server,
    async read(query, who = 'ada') {
      const response = await ask(query, who);
      return { status: response.status, items: itemsOf(await response.text()) };
    },
    async follow(query, who = 'ada') {
      const abort = new AbortController();
      return readerOf(await ask(query, who, abort.signal), abort);
    },
    async close() {
      await server.close();
      await demo.close();
      await rm(folder, { recursive: true });
    },
  };
}

function itemsOf(text: string): readonly LogItem[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as LogItem);
}

function readerOf(response: Response, abort: AbortController): LogReader {
  if (response.body === null) throw new Error('The answer has no body');
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  const items: LogItem[] = [];
  let rest = '';
  return {
    async until(enough) {
      while (!enough(items)) {
        const { value, done } = await reader.read();
        if (done) throw new Error(`The logs ended too early: ${JSON.stringify(items.slice(-5))}`);
        const text = rest + decoder.decode(value, { stream: true });
        const end = text.lastIndexOf('\n') + 1;
        items.push(...itemsOf(text.slice(0, end)));
        rest = text.slice(end);
      }
      return items;
    },
    close: () => abort.abort(),
  };
}

async function untilRead(server: TestServer, clusters: number): Promise<void> {
  const { headers } = await signIn(server);
  for (;;) {
    const response = await server.get('/api/v1/fleet/clusters', { headers });
    const answer = (await response.json()) as { readonly items?: readonly { readonly state: string }[] };
    const { items = [] } = answer;
    if (items.filter(({ state }) => state === 'ok').length === clusters) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
