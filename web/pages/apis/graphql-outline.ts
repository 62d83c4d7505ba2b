import {
  GraphQLError,
  Kind,
  parse,
  print,
  type DefinitionNode,
  type DirectiveNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  type TypeDefinitionNode,
  type TypeExtensionNode,
  type TypeNode,
} from 'graphql';
import type { ApiGroup, ApiOperation, OperationPart, Reading, SchemaField } from './api-outline.ts';

/** Tokens of a schema at most: a hundred times what big schemas have is refused before it costs anything. */
const MAX_TOKENS = 400_000;

type RootKind = 'query' | 'mutation' | 'subscription';
const ROOTS: readonly (readonly [RootKind, string, string])[] = [
  ['query', 'Query', 'Queries'],
  ['mutation', 'Mutation', 'Mutations'],
  ['subscription', 'Subscription', 'Subscriptions'],
];

/** A type with the extensions of it. */
interface NamedType {
  readonly definition: TypeDefinitionNode | TypeExtensionNode;
  readonly fields: readonly (FieldDefinitionNode | InputValueDefinitionNode)[];
}

type NamedTypes = ReadonlyMap<string, NamedType>;

/** Outline of a schema in GraphQL's definition language. */
export function readGraphql(text: string): Reading {
  try {
    const { definitions } = parse(text, { maxTokens: MAX_TOKENS });
    const types = namedTypes(definitions);
    const rootNames = rootTypes(definitions);
    const groups = ROOTS.flatMap(([kind, , title]): readonly ApiGroup[] => {
      const fields = types.get(rootNames[kind])?.fields ?? [];
      const operations = fields.map((field) => fieldOperation(kind, field, types));
      return operations.length === 0 ? [] : [{ id: `group-${kind}`, title, operations }];
    });
    const others = [...types].filter(([name]) => !Object.values(rootNames).includes(name));
    const operations = others.map(([name, type]) => typeEntry(name, type, types));
    const typeGroup = { id: 'group-types', title: 'Types', operations };
    return {
      status: 'read',
      outline: {
        format: 'GraphQL',
        facts: [],
        groups: operations.length === 0 ? groups : [...groups, typeGroup],
        remarks: [],
      },
    };
  } catch (thrown) {
    if (!(thrown instanceof GraphQLError)) return { status: 'failed', message: 'The schema cannot be read' };
    return { status: 'failed', message: thrown.message, line: thrown.locations?.[0]?.line };
  }
}

/** Names of the types that operations start from: as `schema { … }` says, else the usual ones. */
function rootTypes(definitions: readonly DefinitionNode[]): Readonly<Record<RootKind, string>> {
  const names = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' };
  for (const node of definitions) {
    if (node.kind !== Kind.SCHEMA_DEFINITION && node.kind !== Kind.SCHEMA_EXTENSION) continue;
    for (const { operation, type } of node.operationTypes ?? []) names[operation] = type.name.value;
  }
  return names;
}

function namedTypes(definitions: readonly DefinitionNode[]): NamedTypes {
  const types = new Map<string, NamedType>();
  for (const node of definitions) {
    if (!isType(node)) continue;
    const known = types.get(node.name.value);
    const fields = 'fields' in node ? (node.fields ?? []) : [];
    types.set(node.name.value, {
      definition: known?.definition ?? node,
      fields: [...(known?.fields ?? []), ...fields],
    });
  }
  return types;
}

function isType(node: DefinitionNode): node is TypeDefinitionNode | TypeExtensionNode {
  return /Type(Definition|Extension)$/.test(node.kind) && 'name' in node && node.kind !== Kind.OPERATION_DEFINITION;
}

function fieldOperation(
  kind: RootKind,
  field: FieldDefinitionNode | InputValueDefinitionNode,
  types: NamedTypes,
): ApiOperation {
  const given = 'arguments' in field ? (field.arguments ?? []) : [];
  const { text, reason } = describe(field);
  const [first] = (text ?? '').split('\n');
  return {
    id: `${kind} ${field.name.value}`,
    verb: kind.toUpperCase(),
    name: field.name.value,
    summary: first === '' ? `gives ${print(field.type)}` : first,
    description: text === first ? reason : [text, reason].filter(Boolean).join('\n\n'),
    isDeprecated: reason !== undefined,
    parts: () => {
      const argumentsPart: OperationPart = {
        title: 'Arguments',
        fields: given.map((one) => fieldRow(one, types, new Set())),
        examples: [],
      };
      const answer = { ...typeRow('', field.type, types, new Set()), isRequired: false };
      const answerPart: OperationPart = { title: 'Gives', fields: [answer], examples: [] };
      return given.length === 0 ? [answerPart] : [argumentsPart, answerPart];
    },
  };
}

function typeEntry(name: string, type: NamedType, types: NamedTypes): ApiOperation {
  const { definition } = type;
  const text = 'description' in definition ? definition.description?.value : undefined;
  return {
    id: `type ${name}`,
    verb: typeWord(definition.kind),
    name,
    summary: text?.split('\n')[0],
    description: text?.includes('\n') ? text : undefined,
    isDeprecated: false,
    parts: () => [{ title: 'Shape', fields: rowsOf(name, types, new Set([name])), examples: [] }],
  };
}

/** `ObjectTypeDefinition` is an object, `InputObjectTypeExtension` an input. */
function typeWord(kind: string): string {
  return kind
    .replace(/Type(Definition|Extension)$/, '')
    .replace('InputObject', 'Input')
    .toUpperCase();
}

/** What a type consists of: fields, values of an enumeration, members of a union. */
function rowsOf(name: string, types: NamedTypes, above: ReadonlySet<string>): readonly SchemaField[] {
  const type = types.get(name);
  if (type === undefined) return [];
  const { definition, fields } = type;
  if ('values' in definition) {
    return (definition.values ?? []).map((value) => plainRow(value.name.value, 'value', describe(value)));
  }
  if ('types' in definition) {
    return (definition.types ?? []).map((member) => typeRow(member.name.value, member, types, above));
  }
  return fields.map((field) => fieldRow(field, types, above));
}

function fieldRow(
  field: FieldDefinitionNode | InputValueDefinitionNode,
  types: NamedTypes,
  above: ReadonlySet<string>,
): SchemaField {
  const row = typeRow(field.name.value, field.type, types, above);
  const { text, reason } = describe(field);
  const given = 'arguments' in field && field.arguments !== undefined && field.arguments.length > 0;
  const notes = [
    ...('defaultValue' in field && field.defaultValue !== undefined ? [`default ${print(field.defaultValue)}`] : []),
    ...(given ? [`takes ${field.arguments.map((one) => `${one.name.value}: ${print(one.type)}`).join(', ')}`] : []),
    ...(reason === undefined ? [] : [reason]),
    ...row.notes,
  ];
  // What a caller must give; that an answer holds a field for sure is said by its type.
  const isRequired = field.kind === Kind.INPUT_VALUE_DEFINITION && row.isRequired && field.defaultValue === undefined;
  return { ...row, isRequired, description: text, notes, isDeprecated: reason !== undefined };
}

function typeRow(name: string, written: TypeNode, types: NamedTypes, above: ReadonlySet<string>): SchemaField {
  let inner = written;
  while (inner.kind !== Kind.NAMED_TYPE) inner = inner.type;
  const typeName = inner.name.value;
  const isCircle = above.has(typeName);
  const known = types.get(typeName);
  const isScalar = known === undefined || known.definition.kind.startsWith('Scalar');
  return {
    name,
    type: print(written),
    isRequired: written.kind === Kind.NON_NULL_TYPE,
    isDeprecated: false,
    notes: isCircle ? ['as above'] : [],
    fields: isCircle || isScalar ? undefined : () => rowsOf(typeName, types, new Set([...above, typeName])),
  };
}

function plainRow(name: string, type: string, { text, reason }: ReturnType<typeof describe>): SchemaField {
  const notes = reason === undefined ? [] : [reason];
  return { name, type, isRequired: false, isDeprecated: reason !== undefined, description: text, notes };
}

/** The words of a node, and why it is deprecated if it is. */
function describe(node: {
  readonly description?: { readonly value: string } | undefined;
  readonly directives?: readonly DirectiveNode[] | undefined;
}): { readonly text: string | undefined; readonly reason: string | undefined } {
  const deprecated = node.directives?.find(({ name }) => name.value === 'deprecated');
  const told = deprecated?.arguments?.find(({ name }) => name.value === 'reason')?.value;
  const reason = told?.kind === Kind.STRING ? told.value : 'No longer supported';
  return { text: node.description?.value, reason: deprecated === undefined ? undefined : reason };
}
