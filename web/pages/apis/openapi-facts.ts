import type { JsonObject, JsonValue } from '../../../src/model/json.ts';
import type { OperationPart } from './api-outline.ts';
import { entriesOf, listOf, objectOf, textOf, type LocalRefs } from './local-refs.ts';

/** Addresses of a document or an operation, with the usual values of their variables. */
export function serverUrls(holder: JsonObject): readonly string[] {
  const servers = listOf(holder['servers'])
    .slice(0, 20)
    .map(objectOf)
    .flatMap((server) => {
      const url = textOf(server['url']);
      if (url === undefined) return [];
      const variables = objectOf(server['variables']);
      return [
        url.replaceAll(/\{([^{}]+)\}/g, (all, name: string) => textOf(objectOf(variables[name])['default']) ?? all),
      ];
    });
  const host = textOf(holder['host']);
  if (servers.length > 0 || host === undefined) return servers;
  const schemes = listOf(holder['schemes'])
    .map(textOf)
    .filter((scheme) => scheme !== undefined);
  const base = textOf(holder['basePath']) ?? '';
  return (schemes.length === 0 ? ['https'] : schemes).map((scheme) => `${scheme}://${host}${base === '/' ? '' : base}`);
}

/** The declared ways to sign in. */
export function signInWays(document: JsonObject, refs: LocalRefs): readonly string[] {
  return entriesOf(securitySchemes(document), 50).map(([name, scheme]) => {
    const way = wayOf(refs.resolve(scheme).value ?? {});
    return way === '' ? name : `${name}: ${way}`;
  });
}

/** Named security schemes of a document: at the top in 2.0, among the components since 3.0. */
export function securitySchemes(document: JsonObject): JsonValue | undefined {
  return document['securityDefinitions'] ?? objectOf(document['components'])['securitySchemes'];
}

function wayOf(scheme: JsonObject): string {
  const type = textOf(scheme['type']) ?? '';
  if (type === 'http') return `HTTP ${textOf(scheme['scheme']) ?? ''}`.trim();
  if (type === 'apiKey') return `key in ${textOf(scheme['in']) ?? 'the request'} “${textOf(scheme['name']) ?? ''}”`;
  if (type === 'oauth2') return 'OAuth 2';
  return type === 'openIdConnect' ? 'OpenID Connect' : type;
}

/** What an operation asks of who calls it: one line for each way that suffices. */
export function signInOf(operation: JsonObject, document: JsonObject): readonly OperationPart[] {
  const asked = operation['security'] ?? document['security'];
  if (asked === undefined) return [];
  const ways = listOf(asked)
    .slice(0, 20)
    .map((way) => {
      const all = entriesOf(way, 20).map(([name, scopes]) => {
        const list = listOf(scopes)
          .map(textOf)
          .filter((scope) => scope !== undefined);
        return list.length === 0 ? name : `${name} (${list.join(', ')})`;
      });
      return all.length === 0 ? 'nothing' : all.join(' and ');
    });
  const description = ways.length === 0 ? 'None is needed.' : `Needs ${ways.join(', or ')}.`;
  return [{ title: 'Sign-in', description, fields: [], examples: [] }];
}
