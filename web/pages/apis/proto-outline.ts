import type { ApiGroup, ApiOperation, Reading, SchemaField } from './api-outline.ts';
import { parseProto, type ProtoField, type ProtoFile, type ProtoMethod, type ProtoType } from './proto-file.ts';
import { ProtoSyntaxError } from './proto-tokens.ts';

type ProtoTypes = ReadonlyMap<string, ProtoType>;

/** Outline of a proto file: its services, messages and enumerations. */
export function readProto(text: string): Reading {
  try {
    return { status: 'read', outline: outlineOf(parseProto(text)) };
  } catch (thrown) {
    if (!(thrown instanceof ProtoSyntaxError)) return { status: 'failed', message: 'The proto file cannot be read' };
    return { status: 'failed', message: thrown.message, line: thrown.line };
  }
}

function outlineOf(file: ProtoFile): Extract<Reading, { status: 'read' }>['outline'] {
  const types = new Map(file.types.map((type) => [type.name, type]));
  const services = file.services.map(({ name, comment, methods }): ApiGroup => ({
    id: `service ${name}`,
    title: name,
    description: comment,
    operations: methods.map((method) => methodEntry(name, method, file, types)),
  }));
  const entries = file.types.map((type) => typeEntry(type, file, types));
  return {
    format: `gRPC, ${file.syntax}`,
    title: file.packageName,
    facts: file.imports.length === 0 ? [] : [{ label: 'Imports', values: file.imports }],
    groups: entries.length === 0 ? services : [...services, { id: 'group-types', title: 'Types', operations: entries }],
    remarks: [],
  };
}

function methodEntry(service: string, method: ProtoMethod, file: ProtoFile, types: ProtoTypes): ApiOperation {
  const streams = [method.isInputStream && 'takes a stream', method.isOutputStream && 'answers with a stream'];
  const [first = '', ...more] = (method.comment ?? '').split('\n');
  const said = streams.filter(Boolean).join(', ');
  return {
    id: `${service}.${method.name}`,
    verb: 'RPC',
    name: method.name,
    summary: first === '' ? said : first,
    description: [more.join('\n').trim(), first === '' ? '' : said && `${sentence(said)}.`]
      .filter(Boolean)
      .join('\n\n'),
    isDeprecated: method.isDeprecated,
    parts: () => [
      {
        title: 'Request',
        detail: method.isInputStream ? 'stream' : undefined,
        fields: [typeRow('', method.input, '', file, types, new Set())],
        examples: [],
      },
      {
        title: 'Response',
        detail: method.isOutputStream ? 'stream' : undefined,
        fields: [typeRow('', method.output, '', file, types, new Set())],
        examples: [],
      },
    ],
  };
}

function typeEntry(type: ProtoType, file: ProtoFile, types: ProtoTypes): ApiOperation {
  return {
    id: `type ${type.name}`,
    verb: type.kind.toUpperCase(),
    name: type.name,
    summary: type.comment?.split('\n')[0],
    description: type.comment?.includes('\n') ? type.comment : undefined,
    isDeprecated: false,
    parts: () => [{ title: 'Shape', fields: rowsOf(type, file, types, new Set([type.name])), examples: [] }],
  };
}

function rowsOf(
  type: ProtoType,
  file: ProtoFile,
  types: ProtoTypes,
  above: ReadonlySet<string>,
): readonly SchemaField[] {
  return type.fields.map((field) => fieldRow(field, type.name, file, types, above));
}

function fieldRow(
  field: ProtoField,
  message: string,
  file: ProtoFile,
  types: ProtoTypes,
  above: ReadonlySet<string>,
): SchemaField {
  const row = typeRow(field.name, field.type, message, file, types, above);
  const isChoice = field.label !== undefined && !['optional', 'required', 'repeated'].includes(field.label);
  return {
    ...row,
    type: field.label === 'repeated' ? `list of ${field.type}` : field.type,
    isRequired: field.label === 'required',
    isDeprecated: field.isDeprecated,
    description: field.comment,
    notes: [`= ${field.number}`, ...(isChoice ? [`one of ${field.label}`] : []), ...row.notes],
  };
}

/** @param scope full name of the message that the type is named in */
function typeRow(
  name: string,
  written: string,
  scope: string,
  file: ProtoFile,
  types: ProtoTypes,
  above: ReadonlySet<string>,
): SchemaField {
  const inner = /^map<\w+, (.*)>$/.exec(written)?.[1] ?? written;
  const type = findType(inner, scope, file.packageName, types);
  const isCircle = type !== undefined && above.has(type.name);
  return {
    name,
    type: written,
    isRequired: false,
    isDeprecated: false,
    notes: isCircle ? ['as above'] : [],
    fields:
      type === undefined || isCircle ? undefined : () => rowsOf(type, file, types, new Set([...above, type.name])),
  };
}

/** A name means the type of that name that stands nearest: in the message, in those around it, in the file. */
function findType(
  written: string,
  scope: string,
  packageName: string | undefined,
  types: ProtoTypes,
): ProtoType | undefined {
  const scopes = scope === '' ? [] : scope.split('.');
  for (let depth = scopes.length; depth > 0; depth -= 1) {
    const found = types.get([...scopes.slice(0, depth), written].join('.'));
    if (found !== undefined) return found;
  }
  const bare = written.replace(/^\./, '');
  const isOwn = packageName !== undefined && bare.startsWith(`${packageName}.`);
  return types.get(isOwn ? bare.slice(packageName.length + 1) : bare);
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
