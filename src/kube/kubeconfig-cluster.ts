import { resolve } from 'node:path';
import type { ClusterConnection } from './connection.ts';
import type { KubeconfigFields } from './kubeconfig-file.ts';

/** What a kubeconfig says of a cluster. */
export interface KubeconfigCluster {
  readonly server: string;
  readonly connection: Omit<ClusterConnection, 'name' | 'server' | 'credential'>;
  /** By name, as JSON has them. */
  readonly extensions: Readonly<Record<string, unknown>>;
  /** True where something says that it speaks TLS. */
  readonly hasTls: boolean;
}

/** Longer ones are no URLs that anybody wrote. */
const MAX_URL = 2048;
const proxySchemes: ReadonlySet<string> = new Set(['http:', 'https:', 'socks5:']);

/**
 * Reads the cluster of an entry of `clusters`, with the fields of client-go's clientcmd/api/v1.
 *
 * @throws FieldFault for what kubectl would refuse
 */
export function readKubeconfigCluster(fields: KubeconfigFields): KubeconfigCluster {
  const server = fields.text('server');
  if (server === undefined) throw fields.fault('names no server: write the URL of its API server');
  const isInsecure = fields.truth('insecure-skip-tls-verify');
  const authority = fields.decoded('certificate-authority-data');
  const authorityFile = fields.text('certificate-authority');
  if (authority !== undefined && authorityFile !== undefined) {
    throw fields.faultAt('certificate-authority', 'stands beside certificate-authority-data: keep one of them');
  }
  if (isInsecure && (authority !== undefined || authorityFile !== undefined)) {
    throw fields.faultAt('insecure-skip-tls-verify', 'stands beside a certificate authority: keep one of them');
  }
  if (authority !== undefined && !authority.includes('-----BEGIN CERTIFICATE-----')) {
    throw fields.faultAt('certificate-authority-data', 'holds no PEM certificate');
  }
  return {
    server,
    hasTls: isInsecure || authority !== undefined || authorityFile !== undefined,
    extensions: readExtensions(fields),
    connection: {
      authority,
      authorityPath: authorityFile === undefined ? undefined : resolve(fields.file.folder, authorityFile),
      tlsServerName: fields.text('tls-server-name'),
      isInsecure,
      proxyUrl: readProxy(fields),
      disableCompression: fields.truth('disable-compression'),
    },
  };
}

/**
 * The URL of a server as it is asked: with a scheme, and without what would be a secret in it.
 *
 * @param hasTls what a server without a scheme speaks, as client-go has it
 * @throws FieldFault where it is no http(s) URL
 */
export function serverUrl(fields: KubeconfigFields, server: string, hasTls: boolean): string {
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(server);
  if (!hasScheme && !hasTls) throw fields.faultAt('server', 'has no scheme: write https:// before it');
  const url = server.length > MAX_URL ? null : URL.parse(hasScheme ? server : `https://${server}`);
  if (url === null || !/^https?:$/.test(url.protocol)) throw fields.faultAt('server', 'is no http(s) URL');
  if (url.username !== '' || url.password !== '') {
    throw fields.faultAt('server', 'holds a user name: put credentials into the user');
  }
  if (url.search !== '' || url.hash !== '') throw fields.faultAt('server', 'has a query or fragment: take it away');
  return url.href.replace(/\/+$/, '');
}

function readProxy(fields: KubeconfigFields): string | undefined {
  const written = fields.text('proxy-url');
  if (written === undefined) return undefined;
  const url = written.length > MAX_URL ? null : URL.parse(written);
  if (url === null || !proxySchemes.has(url.protocol) || url.hostname === '') {
    throw fields.faultAt('proxy-url', 'is no URL of a proxy: http, https and socks5 are known');
  }
  return url.href.replace(/\/$/, '');
}

/** Extensions of a cluster or a context by their names. */
export function readExtensions(fields: KubeconfigFields): Readonly<Record<string, unknown>> {
  const found: [string, unknown][] = [];
  for (const entry of fields.list('extensions')) {
    const name = entry.text('name');
    if (name === undefined) throw entry.fault('has no name');
    found.push([name, entry.plain('extension')]);
  }
  return Object.fromEntries(found);
}
