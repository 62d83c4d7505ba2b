import { compatibleError } from './errors.ts';

/** A request to a cluster as a client wrote it. */
export interface ProxiedPath {
  /** From the root of the API server, as it was written. */
  readonly path: string;
  /** As it was written, without `?`. */
  readonly query: string;
  /** The namespace that it stands in. */
  readonly namespace: string | undefined;
}

const roots: ReadonlySet<string> = new Set(['api', 'apis', 'openapi', 'version']);
/** What opens a way past the API: into containers, or to whatever listens behind a pod, a service or a node. */
const shells: Readonly<Record<string, string>> = {
  exec: 'exec',
  attach: 'attach',
  portforward: 'port-forward',
  proxy: 'proxy',
};
const MOST_CHARACTERS = 4_096;

/**
 * Reads what follows the proxy's own path. Only paths of the Kubernetes API pass, and only in one spelling: what a server behind
 * this one could read otherwise (dot segments, encoded slashes, empty segments) is refused.
 *
 * @param written path and query as they were sent, undecoded
 * @throws KUBERNETES_PROXY_PATH, KUBERNETES_PROXY_SHELL
 */
export function proxiedPath(written: string): ProxiedPath {
  const at = written.indexOf('?');
  const path = at < 0 ? written : written.slice(0, at);
  const query = at < 0 ? '' : written.slice(at + 1);
  if (written.length > MOST_CHARACTERS) throw wrong('it is too long');
  if (!/^[!-~]*$/.test(written) || /[\\#]/.test(written)) throw wrong('it has characters that must be encoded');
  const [first, root = '', ...rest] = path.split('/').map(decoded);
  if (first !== '' || !roots.has(root)) throw wrong('it begins with /api, /apis, /openapi or /version');
  const parts = rest.at(-1) === '' ? rest.slice(0, -1) : rest;
  if (parts.some((part) => part === '')) throw wrong('it has an empty segment');
  const { namespace, words } = placeOf(root === 'apis' ? parts.slice(2) : parts.slice(1));
  const verb = shells[words[2] ?? ''] ?? (words[0] === 'proxy' ? 'proxy' : undefined);
  if (verb !== undefined) throw compatibleError('KUBERNETES_PROXY_SHELL', { verb });
  return { path, query, namespace };
}

/** Namespace and `resource/name/subresource`, of what follows group and version. */
function placeOf(parts: readonly string[]): {
  readonly namespace: string | undefined;
  readonly words: readonly string[];
} {
  const from = parts[0] === 'watch' ? 1 : 0;
  const isIn = parts[from] === 'namespaces' && parts.length > from + 1;
  return { namespace: isIn ? parts[from + 1] : undefined, words: parts.slice(isIn ? from + 2 : from) };
}

function decoded(segment: string): string {
  let text: string;
  try {
    text = decodeURIComponent(segment);
  } catch (thrown) {
    if (!(thrown instanceof URIError)) throw thrown;
    throw wrong('a segment cannot be decoded');
  }
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused
  if (text === '.' || text === '..' || /[/\\\u0000-\u001f\u007f%]/.test(text)) throw wrong('a segment leads elsewhere');
  return text;
}

function wrong(problem: string): Error {
  return compatibleError('KUBERNETES_PROXY_PATH', { problem });
}
