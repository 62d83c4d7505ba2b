import { ProtoSyntaxError, protoTokens, type ProtoToken } from './proto-tokens.ts';

/** A method of a service. */
export interface ProtoMethod {
  readonly name: string;
  readonly comment: string | undefined;
  readonly input: string;
  readonly output: string;
  readonly isInputStream: boolean;
  readonly isOutputStream: boolean;
  readonly isDeprecated: boolean;
}

/** A field of a message, or a value of an enumeration. */
export interface ProtoField {
  readonly name: string;
  /** `string`, `map<string, Seat>`, a message; of a value of an enumeration `value`. */
  readonly type: string;
  /** `repeated`, `optional`, `required`, or the name of the oneof that it is a choice of. */
  readonly label: string | undefined;
  readonly number: string;
  readonly comment: string | undefined;
  readonly isDeprecated: boolean;
}

/** A message or an enumeration. */
export interface ProtoType {
  /** Full name, without the package: `Show.Cue`. */
  readonly name: string;
  readonly kind: 'message' | 'enum';
  readonly comment: string | undefined;
  readonly fields: readonly ProtoField[];
}

/** A service. */
export interface ProtoService {
  readonly name: string;
  readonly comment: string | undefined;
  readonly methods: readonly ProtoMethod[];
}

/** What a proto file declares. Extensions and options other than `deprecated` are read over. */
export interface ProtoFile {
  /** `proto2`, `proto3`, `edition 2023`. */
  readonly syntax: string;
  readonly packageName: string | undefined;
  readonly imports: readonly string[];
  readonly services: readonly ProtoService[];
  readonly types: readonly ProtoType[];
}

/** Messages in messages at most. */
const MAX_LEVELS = 40;

/** Reads a proto file (proto2, proto3 or an edition); throws ProtoSyntaxError. */
export function parseProto(text: string): ProtoFile {
  return new ProtoParser(text).file();
}

class ProtoParser {
  readonly #tokens: readonly ProtoToken[];
  readonly #types: ProtoType[] = [];
  readonly #services: ProtoService[] = [];
  #at = 0;

  constructor(text: string) {
    this.#tokens = protoTokens(text);
  }

  file(): ProtoFile {
    const imports: string[] = [];
    let syntax = 'proto2';
    let packageName: string | undefined;
    for (let token = this.#next(); token.text !== ''; token = this.#next()) {
      if (token.text === 'syntax' || token.text === 'edition') {
        this.#expect('=');
        const said = unquoted(this.#next().text);
        syntax = token.text === 'syntax' ? said : `edition ${said}`;
        this.#expect(';');
      } else if (token.text === 'package') {
        packageName = this.#next().text;
        this.#expect(';');
      } else if (token.text === 'import') {
        const words = this.#until(';');
        imports.push(unquoted(words.at(-1) ?? ''));
      } else if (token.text === 'message') this.#message(token, '', 0);
      else if (token.text === 'enum') this.#enum(token, '');
      else if (token.text === 'service') this.#service(token);
      else if (token.text === 'option') this.#until(';');
      else if (token.text === 'extend') this.#skipBlock();
      else if (token.text !== ';') this.#fail(token);
    }
    return { syntax, packageName, imports, services: this.#services, types: this.#types };
  }

  #message(start: ProtoToken, outer: string, level: number): void {
    if (level > MAX_LEVELS) throw new ProtoSyntaxError('Messages are nested too deep', start.line);
    const name = `${outer}${this.#name()}`;
    this.#expect('{');
    // The place of a message is before those that stand in it.
    const at = this.#types.length;
    const fields: ProtoField[] = [];
    this.#fields(name, fields, undefined, level);
    this.#types.splice(at, 0, { name, kind: 'message', comment: start.above, fields });
  }

  /** Everything up to the closing brace. `choice` is the oneof that the fields stand in. */
  #fields(name: string, fields: ProtoField[], choice: string | undefined, level: number): void {
    for (let token = this.#next(); token.text !== '}'; token = this.#next()) {
      const next = this.#peek();
      // Any keyword may also be the name of a field's type, so what follows decides.
      if (token.text === 'message' && isName(next)) this.#message(token, `${name}.`, level + 1);
      else if (token.text === 'enum' && isName(next)) this.#enum(token, `${name}.`);
      else if (token.text === 'oneof' && isName(next)) {
        const oneof = this.#name();
        this.#expect('{');
        this.#fields(name, fields, oneof, level);
      } else if (token.text === 'extend') this.#skipBlock();
      else if (['option', 'reserved', 'extensions'].includes(token.text)) this.#until(';');
      else if (token.text !== ';') this.#field(token, name, fields, choice, level);
    }
  }

  #field(start: ProtoToken, message: string, fields: ProtoField[], choice: string | undefined, level: number): void {
    const isLabel = ['optional', 'required', 'repeated'].includes(start.text) && isName(this.#peek());
    const label = isLabel ? start.text : choice;
    const typeToken = isLabel ? this.#next() : start;
    if (!isName(typeToken)) this.#fail(typeToken);
    if (typeToken.text === 'group') {
      const group = this.#peek().text;
      this.#until('=');
      fields.push({ ...this.#rest(start, group, `${message}.${group}`, label, '{') });
      this.#fields(`${message}.${group}`, fields, undefined, level + 1);
      return;
    }
    const type = typeToken.text === 'map' && this.#peek().text === '<' ? this.#mapType() : typeToken.text;
    const name = this.#name();
    this.#expect('=');
    fields.push(this.#rest(start, name, type, label, ';'));
  }

  #mapType(): string {
    this.#expect('<');
    const key = this.#next().text;
    this.#expect(',');
    const value = this.#next().text;
    this.#expect('>');
    return `map<${key}, ${value}>`;
  }

  /** Number and options of a field, up to `end`. */
  #rest(start: ProtoToken, name: string, type: string, label: string | undefined, end: string): ProtoField {
    const words = this.#until(end);
    const [first = '', second = ''] = words;
    return {
      name,
      type,
      label,
      number: first === '-' ? `-${second}` : first,
      comment: start.above ?? this.#tokens[this.#at - 1]?.behind,
      isDeprecated: isMarkedDeprecated(words),
    };
  }

  #enum(start: ProtoToken, outer: string): void {
    const name = `${outer}${this.#name()}`;
    this.#expect('{');
    const fields: ProtoField[] = [];
    for (let token = this.#next(); token.text !== '}'; token = this.#next()) {
      if (token.text === ';') continue;
      if (this.#peek().text === '=') {
        this.#expect('=');
        fields.push(this.#rest(token, token.text, 'value', undefined, ';'));
      } else if (token.text === 'option' || token.text === 'reserved') this.#until(';');
      else this.#fail(token);
    }
    this.#types.push({ name, kind: 'enum', comment: start.above, fields });
  }

  #service(start: ProtoToken): void {
    const name = this.#name();
    this.#expect('{');
    const methods: ProtoMethod[] = [];
    for (let token = this.#next(); token.text !== '}'; token = this.#next()) {
      if (token.text === 'rpc') methods.push(this.#method(token));
      else if (token.text === 'option') this.#until(';');
      else if (token.text !== ';') this.#fail(token);
    }
    this.#services.push({ name, comment: start.above, methods });
  }

  #method(start: ProtoToken): ProtoMethod {
    const name = this.#name();
    const input = this.#operand();
    this.#expect('returns');
    const output = this.#operand();
    const end = this.#next();
    if (end.text !== ';' && end.text !== '{') this.#fail(end);
    const words = end.text === '{' ? this.#block() : [];
    return {
      name,
      comment: start.above ?? end.behind,
      input: input.type,
      output: output.type,
      isInputStream: input.isStream,
      isOutputStream: output.isStream,
      isDeprecated: isMarkedDeprecated(words),
    };
  }

  /** `(Seat)` or `(stream Seat)`. */
  #operand(): { readonly type: string; readonly isStream: boolean } {
    this.#expect('(');
    const first = this.#next();
    const isStream = first.text === 'stream' && this.#peek().text !== ')';
    const type = isStream ? this.#next() : first;
    if (!isName(type)) this.#fail(type);
    this.#expect(')');
    return { type: type.text, isStream };
  }

  #next(): ProtoToken {
    const token = this.#peek();
    this.#at += 1;
    if (token.text === '' && this.#at > this.#tokens.length) this.#fail(token);
    return token;
  }

  #peek(): ProtoToken {
    return (
      this.#tokens[this.#at] ?? { text: '', line: this.#tokens.at(-1)?.line ?? 1, above: undefined, behind: undefined }
    );
  }

  #name(): string {
    const token = this.#next();
    if (!isName(token)) this.#fail(token);
    return token.text;
  }

  #expect(text: string): void {
    const token = this.#next();
    if (token.text !== text) this.#fail(token, text);
  }

  /** The words before the next `end` outside of brackets; the end itself is passed. */
  #until(end: string): readonly string[] {
    const words: string[] = [];
    let depth = 0;
    for (let token = this.#next(); ; token = this.#next()) {
      if (token.text === '') this.#fail(token, end);
      if (depth === 0 && token.text === end) return words;
      if (token.text === '[' || token.text === '{') depth += 1;
      if (token.text === ']' || token.text === '}') depth -= 1;
      words.push(token.text);
    }
  }

  /** The words of a block whose opening brace was read. */
  #block(): readonly string[] {
    return this.#until('}');
  }

  #skipBlock(): void {
    this.#until('{');
    this.#block();
  }

  #fail(token: ProtoToken, wanted?: string): never {
    const met = token.text === '' ? 'The file ends' : `Unexpected ${token.text}`;
    const more = wanted === undefined ? '' : `, ${wanted} was expected`;
    throw new ProtoSyntaxError(`${met}${more}`, token.line);
  }
}

function isName(token: ProtoToken): boolean {
  return /^[A-Za-z_.][\w.]*$/.test(token.text);
}

function unquoted(text: string): string {
  return text.replace(/^["']|["']$/g, '');
}

function isMarkedDeprecated(words: readonly string[]): boolean {
  const at = words.indexOf('deprecated');
  return at !== -1 && words[at + 1] === '=' && words[at + 2] === 'true';
}
