import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/base/clock.ts';

/** A kube-apiserver with its etcd, for tests that a fake must not pass alone. */
export interface RealApiServer {
  readonly url: string;
  /** Of a member of `system:masters`. */
  readonly token: string;
  close(): Promise<void>;
}

const READY_MS = 90_000;

/** Folder with `etcd` and `kube-apiserver`, as the tests of Kubernetes' own tools find them; undefined: there is none. */
export function realAssets(): string | undefined {
  return process.env['KUBEBUILDER_ASSETS'];
}

/** Starts etcd and a kube-apiserver on loopback, without controllers. */
export async function startRealApiServer(assets: string): Promise<RealApiServer> {
  const folder = mkdtempSync(join(tmpdir(), 'callboard-apiserver-'));
  const [etcdPort, peerPort, port] = [await freePort(), await freePort(), await freePort()];
  const token = 'callboard-test-token';
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  writeFileSync(join(folder, 'sa.key'), privateKey, { mode: 0o600 });
  writeFileSync(join(folder, 'sa.pub'), publicKey);
  writeFileSync(join(folder, 'tokens.csv'), `${token},admin,1,"system:masters"\n`, { mode: 0o600 });
  const etcdUrl = `http://127.0.0.1:${etcdPort}`;
  const processes = [
    spawn(
      join(assets, 'etcd'),
      [
        `--data-dir=${folder}/etcd`,
        `--listen-client-urls=${etcdUrl}`,
        `--advertise-client-urls=${etcdUrl}`,
        `--listen-peer-urls=http://127.0.0.1:${peerPort}`,
        '--unsafe-no-fsync',
      ],
      { stdio: 'ignore' },
    ),
    spawn(
      join(assets, 'kube-apiserver'),
      [
        `--etcd-servers=${etcdUrl}`,
        `--secure-port=${port}`,
        '--bind-address=127.0.0.1',
        `--cert-dir=${folder}/certificates`,
        '--authorization-mode=RBAC',
        `--token-auth-file=${folder}/tokens.csv`,
        '--service-cluster-ip-range=10.0.0.0/24',
        `--service-account-issuer=https://127.0.0.1:${port}`,
        `--service-account-key-file=${folder}/sa.pub`,
        `--service-account-signing-key-file=${folder}/sa.key`,
        '--disable-admission-plugins=ServiceAccount',
        '--endpoint-reconciler-type=none',
      ],
      { stdio: 'ignore' },
    ),
  ];
  const close = async (): Promise<void> => {
    for (const each of processes.reverse()) await stop(each);
    rmSync(folder, { recursive: true, force: true });
  };
  return { url: `https://127.0.0.1:${port}`, token, close };
}

/** Asks until a server is ready. @throws Error after a minute and a half */
export async function untilReady(isReady: () => Promise<boolean>): Promise<void> {
  const end = systemClock.monotonic() + READY_MS;
  while (systemClock.monotonic() < end) {
    if (await isReady()) return;
    await systemClock.sleep(500);
  }
  throw new Error('The kube-apiserver did not become ready');
}

async function stop(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null) return;
  const ended = once(program, 'exit');
  program.kill('SIGTERM');
  await ended;
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
