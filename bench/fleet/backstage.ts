import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { cpuSeconds } from '../catalog/load.ts';
import { stop } from '../catalog/pinned.ts';

const program = fileURLToPath(new URL('../peers/backstage-kubernetes.mjs', import.meta.url));
const LONGEST_START_MS = 120_000;

interface Kubeconfig {
  readonly clusters: readonly {
    readonly name: string;
    readonly cluster: { readonly server: string; readonly 'certificate-authority-data': string };
  }[];
  readonly users: readonly { readonly user: { readonly token: string } }[];
}

/** How Backstage is started. */
export interface BackstageOptions {
  /** Folder in which its packages are installed. */
  readonly peers: string;
  /** A folder for its configuration. */
  readonly folder: string;
  readonly kubeconfig: string;
  /** How many of the clusters it is told of. */
  readonly clusters: number;
  /** Name of the entity whose page is asked for. */
  readonly entity: string;
}

/** Whether its packages are installed. */
export function hasBackstage(peers: string): boolean {
  return existsSync(join(peers, 'node_modules', '@backstage', 'plugin-kubernetes-backend'));
}

/** Backstage's Kubernetes backend, in a process of its own. */
export class Backstage {
  readonly #child: ChildProcess;
  readonly #url: string;
  readonly #entity: string;

  private constructor(child: ChildProcess, url: string, entity: string) {
    this.#child = child;
    this.#url = url;
    this.#entity = entity;
  }

  /** Starts it and waits until it answers. */
  static async start(options: BackstageOptions): Promise<Backstage> {
    const { peers, folder, entity } = options;
    mkdirSync(folder, { recursive: true });
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const config = join(folder, 'app-config.json');
    writeFileSync(config, JSON.stringify(configOf(options, port)), { mode: 0o600 });
    const child = spawn(process.execPath, [program, '--config', config], {
      cwd: peers,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, NODE_ENV: 'production', BENCH_ENTITY: entity },
    });
    const backstage = new Backstage(child, `http://127.0.0.1:${port}`, entity);
    try {
      await backstage.#untilUp();
    } catch (error) {
      await backstage.close();
      throw error;
    }
    return backstage;
  }

  /** CPU time of all threads, ms. */
  get cpuMs(): number {
    return cpuSeconds(this.#child.pid) * 1_000;
  }

  /** What the page of the entity asks for. @returns the size of the answer, bytes */
  async page(): Promise<number> {
    return (await this.#answered()).byteLength;
  }

  /** The answer to the same, read. */
  async objects(): Promise<unknown> {
    return JSON.parse(Buffer.from(await this.#answered()).toString()) as unknown;
  }

  close(): Promise<void> {
    return stop(this.#child);
  }

  async #answered(): Promise<ArrayBuffer> {
    const { status, body } = await this.#ask();
    if (status !== 200) throw new Error(`Backstage answers ${status}`);
    return body;
  }

  async #untilUp(): Promise<void> {
    const begun = performance.now();
    while (performance.now() - begun < LONGEST_START_MS) {
      if (this.#child.exitCode !== null) throw new Error('Backstage ended');
      try {
        if ((await this.#ask()).status === 200) return;
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
      }
      await sleep(500);
    }
    throw new Error('Backstage does not answer');
  }

  async #ask(): Promise<{ readonly status: number; readonly body: ArrayBuffer }> {
    const metadata = { name: this.#entity, annotations: { 'backstage.io/kubernetes-id': this.#entity } };
    const entity = { apiVersion: 'backstage.io/v1alpha1', kind: 'Component', metadata, spec: {} };
    const reply = await fetch(`${this.#url}/api/kubernetes/services/${this.#entity}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ entity }),
    });
    return { status: reply.status, body: await reply.arrayBuffer() };
  }
}

/** Keys from files, so that it needs no database; who asks is not checked. */
function configOf({ folder, kubeconfig, clusters }: BackstageOptions, port: number): object {
  const { publicKey, privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const [publicKeyFile, privateKeyFile] = [join(folder, 'public.pem'), join(folder, 'private.pem')];
  writeFileSync(publicKeyFile, publicKey);
  writeFileSync(privateKeyFile, privateKey, { mode: 0o600 });
  const read = JSON.parse(readFileSync(kubeconfig, 'utf8')) as Kubeconfig;
  const serviceAccountToken = read.users[0]?.user.token;
  return {
    app: { baseUrl: `http://127.0.0.1:${port}` },
    backend: {
      baseUrl: `http://127.0.0.1:${port}`,
      listen: { host: '127.0.0.1', port },
      database: { client: 'pg', connection: { host: '127.0.0.1', port: 1 } },
      auth: {
        dangerouslyDisableDefaultAuthPolicy: true,
        pluginKeyStore: { type: 'static', static: { keys: [{ publicKeyFile, privateKeyFile, keyId: 'bench' }] } },
      },
    },
    kubernetes: {
      serviceLocatorMethod: { type: 'multiTenant' },
      clusterLocatorMethods: [
        {
          type: 'config',
          clusters: read.clusters.slice(0, clusters).map(({ name, cluster }) => ({
            name,
            url: cluster.server,
            authProvider: 'serviceAccount',
            serviceAccountToken,
            caData: cluster['certificate-authority-data'],
            skipMetricsLookup: true,
          })),
        },
      ],
    },
  };
}
