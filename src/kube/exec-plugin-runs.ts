import { readFile } from 'node:fs/promises';
import type { Clock } from '../base/clock.ts';
import { SecretMask } from '../telemetry/mask.ts';
import type { ClusterConnection, ExecPlugin } from './connection.ts';
import type { Proof } from './credential.ts';
import { runExecPlugin } from './exec-plugin.ts';
import { readPluginAnswer } from './exec-plugin-answer.ts';

/** What a plugin is told of a cluster. */
export type PluginCluster = Pick<
  ClusterConnection,
  'server' | 'authority' | 'authorityPath' | 'tlsServerName' | 'isInsecure' | 'proxyUrl' | 'disableCompression'
>;

/** A proof of a plugin, or why there is none, in words without secrets. */
export type PluginProof = { readonly proof: Proof } | { readonly reason: string };

/** One who was refused with a new credential is not helped by another so soon, ms. */
const REFUSAL_MS = 30_000;
/** After a failed run the next one waits this long: many watches ask at once, ms. */
const FAILURE_MS = 5_000;
/** A credential is not used in its last moments: a request takes time. */
const LEEWAY_MS = 10_000;

interface Held {
  running?: Promise<PluginProof> | undefined;
  last?: { readonly result: PluginProof; readonly until: number } | undefined;
  refusedAt: number;
}

/**
 * Runs exec plugins, and keeps what they gave until it expires. Clusters whose plugins are run in the same way share one run:
 * a login for all clusters of a company is asked once.
 */
export class PluginRuns {
  readonly #clock: Clock;
  readonly #environment: Readonly<Record<string, string | undefined>>;
  readonly #held = new Map<string, Held>();

  /** @param environment what plugins see of it: all but Callboard's own variables */
  constructor(clock: Clock, environment: Readonly<Record<string, string | undefined>>) {
    this.#clock = clock;
    this.#environment = environment;
  }

  /** What is valid now; from memory where it has not expired. */
  proof(plugin: ExecPlugin, cluster: PluginCluster): Promise<PluginProof> {
    const held = this.#heldOf(plugin, cluster);
    if (held.last !== undefined && this.#clock.now() < held.last.until) return Promise.resolve(held.last.result);
    held.running ??= this.#run(plugin, cluster, held).finally(() => (held.running = undefined));
    return held.running;
  }

  /** The server refused a proof. @returns false where a new one was refused only just */
  refuse(plugin: ExecPlugin, cluster: PluginCluster, proof: Proof): boolean {
    const held = this.#heldOf(plugin, cluster);
    const { last } = held;
    // Another one has come in its place already, or is on its way.
    if (last === undefined || !('proof' in last.result) || !isSameProof(last.result.proof, proof)) return true;
    if (this.#clock.monotonic() - held.refusedAt < REFUSAL_MS) return false;
    held.refusedAt = this.#clock.monotonic();
    held.last = undefined;
    return true;
  }

  #heldOf(plugin: ExecPlugin, cluster: PluginCluster): Held {
    const key = JSON.stringify([plugin, plugin.provideClusterInfo ? cluster : undefined]);
    const held = this.#held.get(key) ?? { refusedAt: -Infinity };
    this.#held.set(key, held);
    return held;
  }

  async #run(plugin: ExecPlugin, cluster: PluginCluster, held: Held): Promise<PluginProof> {
    const result = await this.#ask(plugin, cluster);
    const now = this.#clock.now();
    const { expiresAt = Infinity, ...told } = 'proof' in result ? result : { ...result, expiresAt: now + FAILURE_MS };
    // What lasts for seconds only is used for most of them.
    const leeway = 'proof' in result ? Math.min(LEEWAY_MS, Math.max(0, (expiresAt - now) / 4)) : 0;
    held.last = { result: told, until: expiresAt - leeway };
    return told;
  }

  async #ask(
    plugin: ExecPlugin,
    cluster: PluginCluster,
  ): Promise<{ readonly proof: Proof; readonly expiresAt?: number | undefined } | { readonly reason: string }> {
    const info = await execInfo(plugin, cluster);
    if (info === undefined)
      return { reason: `the certificate authority ${cluster.authorityPath ?? ''} cannot be read` };
    const run = await runExecPlugin(plugin, { clock: this.#clock, environment: this.#environment, info });
    if (!run.ok) return { reason: told(plugin, cluster, run.reason, run.complaint) };
    const answer = readPluginAnswer(run.output, plugin.apiVersion);
    if (typeof answer === 'string') return { reason: told(plugin, cluster, answer, '') };
    return answer;
  }
}

function isSameProof(left: Proof, right: Proof): boolean {
  return left.authorization === right.authorization && left.certificate?.certificate === right.certificate?.certificate;
}

/** `KUBERNETES_EXEC_INFO`; undefined where the authority's file cannot be read. */
async function execInfo(plugin: ExecPlugin, cluster: PluginCluster): Promise<string | undefined> {
  const spec: Record<string, unknown> = { interactive: false };
  if (plugin.provideClusterInfo) {
    const { authorityPath } = cluster;
    let authority = cluster.authority;
    if (authorityPath !== undefined) authority = await readFile(authorityPath, 'utf8').catch(() => undefined);
    if (authorityPath !== undefined && authority === undefined) return undefined;
    spec['cluster'] = {
      server: cluster.server,
      'tls-server-name': cluster.tlsServerName,
      'insecure-skip-tls-verify': cluster.isInsecure || undefined,
      'certificate-authority-data': authority && Buffer.from(authority).toString('base64'),
      'proxy-url': cluster.proxyUrl,
      'disable-compression': cluster.disableCompression || undefined,
      config: plugin.clusterConfig ?? null,
    };
  }
  return JSON.stringify({ kind: 'ExecCredential', apiVersion: plugin.apiVersion, spec });
}

/** What stands behind flags such as `--client-secret`, in the same argument or the next. */
function secretArguments(args: readonly string[]): readonly string[] {
  return args.flatMap((arg, at) => {
    const flag = /^--?[\w-]*(?:secret|password|token|key)[\w-]*(?:=(.*))?$/is.exec(arg);
    return flag === null ? [] : (flag[1] ?? args[at + 1] ?? []);
  });
}

/** How much of what a plugin complains of is told. */
const MAX_TOLD_CHARS = 1_000;

/** A sentence of how a plugin failed, with what it said of it, but for secrets. */
function told(plugin: ExecPlugin, { proxyUrl }: PluginCluster, reason: string, complaint: string): string {
  const mask = new SecretMask();
  for (const value of [...Object.values(plugin.env), ...secretArguments(plugin.args)]) mask.add(value);
  for (const value of passwordsOf(proxyUrl)) mask.add(value);
  // Tokens in the form of JWT, and whatever stands behind Bearer.
  const said = mask
    .mask(complaint)
    .replace(/eyJ[\w-]{10,}(\.[\w-]*){0,2}/g, '***')
    .replace(/(bearer\s+)\S+/gi, '$1***')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(-MAX_TOLD_CHARS);
  const hint = plugin.installHint === undefined ? '' : `; ${plugin.installHint.replace(/\s+/g, ' ').trim()}`;
  return `the plugin ${plugin.command}: ${reason}${said === '' ? '' : `: ${said}`}${hint}`;
}

/** The password of a proxy as it is written, and as it is meant. */
function passwordsOf(proxyUrl: string | undefined): readonly string[] {
  const password = proxyUrl !== undefined && URL.canParse(proxyUrl) ? new URL(proxyUrl).password : '';
  if (password === '') return [];
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    // A percent sign that begins no escape stands for itself.
    return [password];
  }
}
