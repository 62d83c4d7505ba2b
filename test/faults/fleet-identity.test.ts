import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ApiServer } from '../../demo/fleet/api-server.ts';
import { FaultStage } from '../support/fleet-fault-stage.ts';
import { entryOf } from '../support/fleet-clusters.ts';
import type { TruthCluster } from '../support/fleet-truth.ts';

let stage: FaultStage;
let server: ApiServer;

beforeEach(async () => {
  stage = await FaultStage.open(2);
  server = stage.server('cluster-1');
});

afterEach(async () => {
  expect(await stage.close()).toEqual([]);
});

/** How the cluster is asked now by an administrator; of an authority that it believes since it was struck, or as before. */
async function access(isReissued: boolean): Promise<TruthCluster> {
  const { url, authority } = server;
  const issued = isReissued
    ? await stage.strikes.issue(server, 'admin', ['system:masters'])
    : await stage.demo.issue('admin', ['system:masters']);
  return { name: 'cluster-1', url, authority, ...issued };
}

function untilReason(code: string): Promise<unknown> {
  return stage.until(
    (all) => all.get('cluster-1')?.reason?.code === code && all.get('cluster-2')?.state === 'ok',
    60_000,
  );
}

test('a server of another authority is not believed until the connection says so; then nothing is listed anew', async () => {
  server.counts.forget();
  await stage.strikes.strike(server, { type: 'changeAuthority' });
  await untilReason('CertificateUnknown');
  stage.reach(await access(false), true);
  await stage.untilOk(['cluster-1']);
  expect(server.counts.counted.lists['pods']).toBeUndefined();
  await stage.heal();
});

test('credentials that are refused: denied, and not called ok; with new ones it goes on', async () => {
  await stage.strikes.strike(server, { type: 'revoke' });
  await stage.until((all) => all.get('cluster-1')?.state === 'denied', 60_000);
  stage.reach(await access(true), true);
  await stage.heal();
});

test('a token that is renewed in its file is read again when the server refuses the old one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'callboard-token-'));
  try {
    const path = join(folder, 'token');
    const { tokens } = server.cluster.access;
    const admin = { user: { name: 'reader', groups: ['system:masters'] } };
    tokens.set('first', admin);
    writeFileSync(path, 'first\n');
    const cluster = await access(false);
    const entry = entryOf(cluster);
    stage.clusters.put({ ...entry, connection: { ...entry.connection, credential: { type: 'tokenFile', path } } });
    await stage.heal();
    writeFileSync(path, 'second\n');
    tokens.clear();
    tokens.set('second', admin);
    server.cutConnections();
    await stage.heal();
    expect(server.counts.counted.refused['401'] ?? 0).toBeLessThan(40);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a cluster that is rebuilt at the same address is another one: nothing of the old is shown as its own', async () => {
  const { store } = server.cluster;
  const deployments = server.cluster.resource('apps', 'deployments');
  await stage.strikes.strike(server, { type: 'rebuild' });
  const gone = store.find(deployments, 'default', 'work-3');
  if (gone) store.remove(deployments, gone);
  await untilReason('CertificateUnknown');
  stage.reach(await access(true), true);
  await stage.heal();
});
