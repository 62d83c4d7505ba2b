import type { ClusterConnection } from '../kube/connection.ts';

/** What is said of a cluster beside how it is reached. */
export interface EntryFace {
  readonly title?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly isProtected?: boolean | undefined;
  readonly dashboardUrl?: string | undefined;
}

/** Longer ones are no labels, titles or URLs. */
const MAX_TEXT = 2048;
const MAX_LABELS = 64;

/**
 * Reads the extension `callboard.dev/cluster` of a kubeconfig: `{title, labels, protected, dashboardUrl}`.
 *
 * @returns what is wrong with it where it cannot be taken
 */
export function readFaceExtension(value: unknown): EntryFace | string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'is no map';
  const { title, labels, protected: isProtected, dashboardUrl, ...rest } = value as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(rest)[0];
  if (unknown !== undefined) return 'has a key beside title, labels, protected and dashboardUrl';
  if (!isText(title)) return 'has a title that is no text';
  if (isProtected !== undefined && typeof isProtected !== 'boolean') return 'has protected as neither true nor false';
  if (dashboardUrl !== undefined && !isWebUrl(dashboardUrl)) return 'has a dashboardUrl that is no http(s) URL';
  const pairs = Object.entries(typeof labels === 'object' && labels !== null ? labels : {});
  if (labels !== undefined && (typeof labels !== 'object' || pairs.length > MAX_LABELS))
    return 'has labels that are no map';
  if (!pairs.every(([, text]) => typeof text === 'string' && isText(text))) return 'has labels that are no texts';
  return {
    title,
    isProtected,
    dashboardUrl: dashboardUrl as string | undefined,
    ...(labels !== undefined && { labels: Object.fromEntries(pairs) as Record<string, string> }),
  };
}

function isText(value: unknown): value is string | undefined {
  return value === undefined || (typeof value === 'string' && value.length <= MAX_TEXT);
}

/** True for an http(s) URL that may be shown as a link. */
export function isWebUrl(value: unknown): value is string {
  const url = typeof value === 'string' && value.length <= MAX_TEXT ? URL.parse(value) : null;
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
}

/** What should be known of a connection though it works. */
export function connectionWarnings({ server, isInsecure }: Pick<ClusterConnection, 'server' | 'isInsecure'>): string[] {
  const { protocol, hostname } = new URL(server);
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  if (protocol === 'http:')
    return isLocal ? [] : ['It is read without TLS: whoever is on the way can read and change everything.'];
  return isInsecure ? ['Its certificate is not checked: whoever is on the way can pretend to be it.'] : [];
}
