import type { JsonObject } from '../../../src/model/json.ts';
import type { Reading } from './api-outline.ts';

/** Characters of a definition that an outline is made of; more would hold up the page. */
const MAX_CHARACTERS = 3_000_000;

/** Reads a definition by the `spec.type` of its API. What reads a format is fetched when one is shown. */
export async function readDefinition(type: string, definition: string): Promise<Reading> {
  if (definition.trim() === '') return { status: 'plain', reason: 'The definition is empty.' };
  if (definition.length > MAX_CHARACTERS) {
    const sizeMb = (definition.length / 1_000_000).toFixed(1);
    return { status: 'plain', reason: `The definition is too large for an outline (${sizeMb} million characters).` };
  }
  switch (type.toLowerCase()) {
    case 'openapi':
    case 'swagger': {
      const { readOpenApi } = await import('./openapi-outline.ts');
      return readDocument(definition, readOpenApi);
    }
    case 'asyncapi': {
      const { readAsyncApi } = await import('./asyncapi-outline.ts');
      return readDocument(definition, readAsyncApi);
    }
    case 'graphql': {
      const { readGraphql } = await import('./graphql-outline.ts');
      return readGraphql(definition);
    }
    case 'grpc': {
      const { readProto } = await import('./proto-outline.ts');
      return readProto(definition);
    }
    default:
      return { status: 'plain', reason: `There is no outline for definitions of the type ${type}.` };
  }
}

async function readDocument(definition: string, read: (document: JsonObject) => Reading): Promise<Reading> {
  const { parseDefinition } = await import('./definition-document.ts');
  const parsed = parseDefinition(definition);
  return parsed.ok ? read(parsed.document) : { status: 'failed', message: parsed.message, line: parsed.line };
}
