import { isMap, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import type { TSchema } from 'typebox';
import { Check, Errors } from 'typebox/value';
import { BindingBody, BindingItem, RoleBody } from '../../api/roles.ts';
import { errorMessage } from '../../base/errors.ts';
import { nearestName } from '../../base/nearest-name.ts';
import type { ExpressionProblem } from '../../cel/problem.ts';
import { builtInRoleNames } from './built-in.ts';
import type { PolicyLayer, PolicyProblem } from './policy-set.ts';
import { checkBinding, checkRole, type BodyProblem, type PolicyGround } from './role-check.ts';
import type { Binding, Role } from './rule.ts';
import { canonicalSubject } from './subject.ts';

/** What a policy file says. Where `isGood` is false it is not to be in force. */
export interface ReadPolicy {
  readonly layer: PolicyLayer;
  readonly problems: readonly PolicyProblem[];
  readonly isGood: boolean;
}

type Path = readonly (string | number)[];

/** The two parts of a policy file. */
const parts = ['roles', 'bindings'] as const;

/**
 * Reads the text of a policy file: YAML (or JSON) with `roles` and `bindings`, each a map by name. Everything that is wrong
 * is named with line and column.
 *
 * @param label how messages name the file
 */
export function readPolicy(text: string, label: string, ground: PolicyGround): ReadPolicy {
  return new PolicyReader(text, label, ground).read();
}

class PolicyReader {
  readonly #text: string;
  readonly #label: string;
  readonly #ground: PolicyGround;
  readonly #lines = new LineCounter();
  readonly #document: Document;
  readonly #problems: PolicyProblem[] = [];
  #isGood = true;

  constructor(text: string, label: string, ground: PolicyGround) {
    this.#text = text;
    this.#label = label;
    this.#ground = ground;
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
  }

  read(): ReadPolicy {
    const content = this.#content();
    const roles = this.#items(content, 'roles', RoleBody).map(([name, body]) => this.#role(name, body as RoleBody));
    const bindings = this.#items(content, 'bindings', BindingBody).map(([name, body]) =>
      this.#binding(name, body as BindingBody),
    );
    return { layer: { roles, bindings }, problems: this.#problems, isGood: this.#isGood };
  }

  #content(): Readonly<Record<string, unknown>> {
    for (const { message, pos } of this.#document.errors) this.#addAt(pos[0], message.split('\n')[0] ?? '', true);
    if (!this.#isGood) return {};
    let content: unknown;
    try {
      content = this.#document.toJS({ maxAliasCount: 100 });
    } catch (error) {
      this.#addAt(0, errorMessage(error), true);
    }
    if (content === undefined || content === null) return {};
    if (!isRecord(content)) {
      this.#addAt(0, `A policy is a map of ${parts.join(' and ')}.`, true);
      return {};
    }
    for (const key of Object.keys(content)) {
      if (parts.some((part) => part === key)) continue;
      const near = nearestName(key, parts);
      this.#add(
        [key],
        `Unknown key ${key}; ${near === undefined ? `known: ${parts.join(', ')}` : `did you mean ${near}?`}`,
      );
    }
    return content;
  }

  /** The bodies of one part that have the right form, by name. */
  #items(
    content: Readonly<Record<string, unknown>>,
    part: (typeof parts)[number],
    schema: TSchema,
  ): [string, unknown][] {
    const items = content[part] ?? {};
    if (!isRecord(items)) {
      this.#add([part], `${part} is a map by name.`);
      return [];
    }
    return Object.entries(items).filter(([name, body]) => {
      const path = [part, name];
      const isName: boolean = Check(BindingItem.properties.name, name);
      if (!isName) {
        this.#add(
          path,
          `The name ${JSON.stringify(name.slice(0, 80))} must be lower-case letters, digits and dashes, at most 63.`,
        );
        return false;
      }
      const [fault] = Check(schema, body) ? [] : Errors(schema, body);
      if (fault === undefined) return true;
      const inside = fault.instancePath.split('/').slice(1);
      this.#add([...path, ...inside], formMessage(inside, fault.message));
      return false;
    });
  }

  #role(name: string, body: RoleBody): Role {
    const path = ['roles', name];
    if (builtInRoleNames.has(name)) this.#add(path, `The role ${name} is built in and cannot be another.`);
    for (const problem of checkRole(body, this.#ground)) this.#addBody(path, problem);
    return { name, ...body, origin: { kind: 'file', place: this.#placeOf(path) } };
  }

  #binding(name: string, body: BindingBody): Binding {
    const path = ['bindings', name];
    for (const problem of checkBinding(body)) this.#addBody(path, problem);
    const subjects = body.subjects.flatMap((subject) => canonicalSubject(subject) ?? []);
    return { name, role: body.role, subjects, origin: { kind: 'file', place: this.#placeOf(path) } };
  }

  #addBody(path: Path, { path: inside, message, condition, isFatal }: BodyProblem): void {
    const full = [...path, ...inside];
    const offset = condition && this.#offsetInCondition(full, condition);
    if (offset !== undefined) this.#addAt(offset, message, isFatal);
    else this.#add(full, message, isFatal);
  }

  #add(path: Path, message: string, isFatal = true): void {
    this.#addAt(this.#offsetOf(path), message, isFatal);
  }

  #addAt(offset: number, message: string, isFatal: boolean): void {
    const { line, col } = this.#lines.linePos(offset);
    this.#problems.push({ place: `${this.#label}:${line}:${col}`, message });
    if (isFatal) this.#isGood = false;
  }

  #placeOf(path: Path): string {
    return `${this.#label}:${this.#lines.linePos(this.#offsetOf(path)).line}`;
  }

  /** Where something begins: a value of a map at its key, for that is where a person looks. */
  #offsetOf(path: Path): number {
    const parent: unknown = path.length > 1 ? this.#document.getIn(path.slice(0, -1), true) : this.#document.contents;
    const last = path.at(-1);
    if (isMap(parent)) {
      const key = parent.items.find((item) => isScalar(item.key) && String(item.key.value) === String(last))?.key;
      if (isScalar(key) && key.range) return key.range[0];
    }
    const node = this.#document.getIn(path, true);
    if (isScalar(node) && node.range) return node.range[0];
    return path.length === 0 ? 0 : this.#offsetOf(path.slice(0, -1));
  }

  /** Where in the file a place of a condition is; undefined where the text stands otherwise in the file. */
  #offsetInCondition(path: Path, { line, column }: ExpressionProblem): number | undefined {
    const node = this.#document.getIn(path, true);
    if (!isScalar(node) || !node.range || typeof node.value !== 'string') return undefined;
    const [start] = node.range;
    const written = node.value.split('\n')[line - 1] ?? '';
    // The line of the condition as it stands in the file, from the scalar's start on.
    const at = this.#text.indexOf(written, start);
    return at >= 0 && at < node.range[1] ? at + column - 1 : undefined;
  }
}

function formMessage(path: readonly string[], message: string): string {
  const where = path.length === 0 ? 'it' : path.join('.');
  // How a key is told of that the schema has not.
  return message === 'schema is false' ? `${where} is no key that is known here` : `${where} ${message}`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
