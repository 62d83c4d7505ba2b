import type { JsonObject, JsonValue } from '../../../src/model/json.ts';
import { entriesOf, listOf, objectOf, textOf, type LocalRefs } from './local-refs.ts';
import { securitySchemes } from './openapi-facts.ts';
import type { Parameters } from './openapi-parts.ts';
import { sampleValue } from './sample-value.ts';

/** What a call is made of. */
export interface CallParts {
  readonly method: string;
  readonly path: string;
  /** Address of the server; perhaps empty or relative. */
  readonly server: string;
  readonly operation: JsonObject;
  readonly document: JsonObject;
  readonly parameters: Parameters;
  readonly refs: LocalRefs;
}

/**
 * A command line that makes the call, with sample values where some must stand. Everything from the definition is
 * quoted: whoever pastes it runs curl and nothing else.
 */
export function curlText(call: CallParts): string {
  const query = call.parameters.all
    .filter((one) => one['in'] === 'query' && one['required'] === true)
    .map(
      (one) =>
        `${encodeURIComponent(textOf(one['name']) ?? '')}=${encodeURIComponent(parameterSample(one, call.refs))}`,
    );
  const address = `${base(call.server)}${call.path}${query.length === 0 ? '' : `?${query.join('&')}`}`;
  const parts = ['curl'];
  if (call.method !== 'get') parts.push(`-X ${call.method.toUpperCase()}`);
  parts.push(quoted(address));
  for (const header of headersOf(call)) parts.push(`-H ${quoted(header)}`);
  const body = bodyOf(call);
  if (body !== undefined) parts.push(`-H ${quoted(`content-type: ${body.media}`)}`, `-d ${quoted(body.text)}`);
  return parts.join(' \\\n  ');
}

/** A relative or missing address is for the reader to complete. */
function base(server: string): string {
  const clean = server.replace(/\/+$/, '');
  return /^[a-z][a-z0-9+.-]*:/i.test(clean) ? clean : `https://HOST${clean}`;
}

/** Text for a shell: between single quotes nothing has a meaning but the quote itself; a terminal obeys control characters. */
function quoted(text: string): string {
  const clean = text.replaceAll(/\p{Cc}/gu, ' ');
  return `'${clean.replaceAll("'", String.raw`'\''`)}'`;
}

function headersOf(call: CallParts): readonly string[] {
  const required = call.parameters.all
    .filter((one) => one['in'] === 'header' && one['required'] === true)
    .map((one) => `${textOf(one['name']) ?? ''}: ${parameterSample(one, call.refs)}`);
  const [way] = listOf(call.operation['security'] ?? call.document['security']);
  const schemes = objectOf(securitySchemes(call.document));
  const [name] = Object.keys(objectOf(way));
  const scheme = name === undefined ? undefined : call.refs.resolve(schemes[name]).value;
  if (scheme === undefined) return required;
  const kind = textOf(scheme['type']);
  if (kind === 'apiKey') {
    return scheme['in'] === 'header' ? [...required, `${textOf(scheme['name']) ?? ''}: KEY`] : required;
  }
  const isBasic = kind === 'basic' || textOf(scheme['scheme'])?.toLowerCase() === 'basic';
  return [...required, isBasic ? 'authorization: Basic CREDENTIALS' : 'authorization: Bearer TOKEN'];
}

function parameterSample(parameter: JsonObject, refs: LocalRefs): string {
  const sample = parameter['example'] ?? sampleValue(parameter['schema'] ?? parameter, refs);
  return typeof sample === 'object' ? JSON.stringify(sample) : String(sample);
}

function bodyOf(call: CallParts): { readonly media: string; readonly text: string } | undefined {
  const { refs } = call;
  const old = call.parameters.all.find((one) => one['in'] === 'body');
  if (old !== undefined) return { media: 'application/json', text: json(sampleValue(old['schema'], refs)) };
  const content = entriesOf(refs.resolve(call.operation['requestBody']).value?.['content'], 20);
  const found = content.find(([media]) => /[/+]json\b/i.test(media));
  if (found === undefined) return undefined;
  const [media, written] = found;
  const [named] = entriesOf(objectOf(written)['examples'], 1);
  const example = objectOf(written)['example'] ?? refs.resolve(named?.[1]).value?.['value'];
  return { media, text: json(example ?? sampleValue(objectOf(written)['schema'], refs)) };
}

function json(value: JsonValue): string {
  return JSON.stringify(value);
}
