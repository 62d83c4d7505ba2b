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
  const method = call.method === 'get' ? '' : `-X ${call.method.toUpperCase()} `;
  const headers = headersOf(call).map((header) => `-H ${quoted(header)}`);
  return [`curl ${method}${quoted(address)}`, ...headers, ...bodyOf(call)].join(' \\\n  ');
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
  return scalarText(parameter['example'] ?? sampleValue(parameter['schema'] ?? parameter, refs));
}

/** The options of curl that send a body: JSON where it is taken, else a form. */
function bodyOf(call: CallParts): readonly string[] {
  const { refs } = call;
  const body = call.parameters.all.find((one) => one['in'] === 'body');
  if (body !== undefined) return jsonOptions('application/json', sampleValue(body['schema'], refs));
  const form = call.parameters.all.filter((one) => one['in'] === 'formData' && one['required'] === true);
  if (form.length > 0)
    return form.map((one) => formOption(textOf(one['name']) ?? '', parameterSample(one, refs), false));
  const content = entriesOf(refs.resolve(call.operation['requestBody']).value?.['content'], 20);
  const [media, written] = content.find(([name]) => /[/+]json\b/i.test(name)) ?? content[0] ?? [];
  if (media === undefined) return [];
  const [named] = entriesOf(objectOf(written)['examples'], 1);
  const example = objectOf(written)['example'] ?? refs.resolve(named?.[1]).value?.['value'];
  const sample = example ?? sampleValue(objectOf(written)['schema'], refs);
  if (/[/+]json\b/i.test(media)) return jsonOptions(media, sample);
  const isParts = media.startsWith('multipart/');
  if (!isParts && !media.includes('urlencoded'))
    return [`-H ${quoted(`content-type: ${media}`)}`, '--data-binary @FILE'];
  return entriesOf(sample, 50).map(([name, value]) => formOption(name, scalarText(value), isParts));
}

function jsonOptions(media: string, value: JsonValue): readonly string[] {
  return [`-H ${quoted(`content-type: ${media}`)}`, `-d ${quoted(JSON.stringify(value))}`];
}

function formOption(name: string, value: string, isParts: boolean): string {
  return `${isParts ? '-F' : '--data-urlencode'} ${quoted(`${name}=${value}`)}`;
}

function scalarText(value: JsonValue): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
