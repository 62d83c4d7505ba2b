import type { Json } from './kube-object.ts';

/** What fills the holes of a template. */
export type Holes = Readonly<Record<string, string | number | undefined>>;

/**
 * JSON text with holes: what thousands of objects share is held once. `{name}` within a text is a hole in it; a text that is
 * `{#name}` alone is replaced whole, by a number or a piece of JSON.
 */
export interface Template {
  readonly pieces: readonly string[];
  readonly names: readonly string[];
  /** The object that it was made of. */
  readonly object: Json;
}

/** Makes a template of an object with holes in its texts. */
export function templateOf(object: Json): Template {
  const parts = JSON.stringify(object).split(/"\{#([a-zA-Z]+)\}"|\{([a-z][a-zA-Z]*)\}/);
  const pieces: string[] = [parts[0] ?? ''];
  const names: string[] = [];
  for (let at = 1; at < parts.length; at += 3) {
    names.push(parts[at] ?? parts[at + 1] ?? '');
    pieces.push(parts[at + 2] ?? '');
  }
  return { pieces, names, object };
}

/** The text of a template. What fills a hole must need no escapes in JSON. @throws Error for a hole that nothing fills */
export function fill({ pieces, names }: Template, ...from: readonly Holes[]): string {
  let text = pieces[0] ?? '';
  for (const [at, name] of names.entries()) {
    let value: string | number | undefined;
    for (const holes of from) value ??= holes[name];
    if (value === undefined) throw new Error(`Nothing fills ${name}`);
    text += String(value) + (pieces[at + 1] ?? '');
  }
  return text;
}

/** A template in which some holes are filled already; the others stay. */
export function fillSome({ pieces, names, object }: Template, from: Holes): Template {
  const [first = ''] = pieces;
  const left = { pieces: [] as string[], names: [] as string[], object };
  let text = first;
  for (const [at, name] of names.entries()) {
    const value = from[name];
    const next = pieces[at + 1] ?? '';
    if (value !== undefined) {
      text += String(value) + next;
      continue;
    }
    left.pieces.push(text);
    left.names.push(name);
    text = next;
  }
  left.pieces.push(text);
  return left;
}

/**
 * Templates in which what many objects share is filled already: of each, the last one is kept. One that comes by itself, as in a watch, is
 * not worth filling one for.
 */
export class Filled<Kind extends object> {
  readonly #last = new Map<Kind, { readonly by: object; filled?: Kind }>();
  readonly #fill: (template: Kind, holes: Holes) => Kind;

  constructor(fillOne: (template: Kind, holes: Holes) => Kind) {
    this.#fill = fillOne;
  }

  /** @param by whose holes they are */
  get(template: Kind, by: object, holes: () => Holes): Kind {
    const last = this.#last.get(template);
    if (last?.by === by) return (last.filled ??= this.#fill(template, holes()));
    this.#last.set(template, { by });
    return template;
  }
}

/** `fieldsV1` of everything in an object, as its manager owns it. Lists are keyed as the API server keys those of pods. */
export function fieldsOf(value: Json | undefined): Json {
  if (value === null || typeof value !== 'object') return {};
  if (!Array.isArray(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [`f:${name}`, fieldsOf(part as Json)]));
  }
  const keyed = (value as readonly Json[]).map((part) => [keyOf(part), { '.': {}, ...(fieldsOf(part) as object) }]);
  return Object.fromEntries(keyed) as Json;
}

function keyOf(part: Json): string {
  if (part === null || typeof part !== 'object') return `v:${JSON.stringify(part)}`;
  const fields = part as Readonly<Record<string, Json>>;
  for (const name of ['name', 'mountPath', 'containerPort', 'type', 'uid', 'ip', 'key']) {
    const found = fields[name];
    if (typeof found === 'string' || typeof found === 'number') return `k:${JSON.stringify({ [name]: found })}`;
  }
  return `k:${JSON.stringify(fields)}`;
}
