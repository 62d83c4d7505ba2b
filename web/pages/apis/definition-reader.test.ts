import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseDocuments } from '../../../src/catalog/document.ts';
import { isJsonObject } from '../../../src/model/json.ts';
import { hasSharedInputs, sharedInputs } from '../../../test/support/shared-inputs.ts';
import { readDefinition } from './definition-reader.ts';

test.each([
  ['openapi', 'openapi: 3.1.0\n  paths: {}', { status: 'failed', line: 2 }],
  ['openapi', '{"openapi": "3.1.0", "paths": {}}', { status: 'read' }],
  ['openapi', '{"openapi": "3.1.0",\n "paths": [1, 2}', { status: 'failed', line: 2 }],
  ['openapi', 'just words', { status: 'failed' }],
  ['openapi', 'a: [\n'.repeat(5000), { status: 'failed' }],
  ['AsyncAPI', 'asyncapi: 3.0.0', { status: 'read' }],
  ['graphql', 'type Query { a: Int }', { status: 'read' }],
  ['grpc', 'syntax = "proto3";', { status: 'read' }],
  ['mcp', 'anything', { status: 'plain' }],
  ['openapi', ' \n', { status: 'plain' }],
  ['openapi', '#'.repeat(3_000_001), { status: 'plain' }],
])('%s %#', async (type, definition, reading) => {
  expect(await readDefinition(type, definition)).toMatchObject(reading);
});

/** Definitions of the APIs in the files of a folder. */
function* definitionsIn(folder: string): Generator<{ readonly type: string; readonly definition: string }> {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.ya?ml$/.test(entry.name)) continue;
    const text = readFileSync(join(entry.parentPath, entry.name), 'utf8');
    if (!/^kind: *["']?API/m.test(text)) continue;
    for (const parsed of parseDocuments(text)) {
      const entity = parsed.ok ? parsed.document.value : undefined;
      const spec = isJsonObject(entity) && entity['kind'] === 'API' ? entity['spec'] : undefined;
      if (!isJsonObject(spec) || typeof spec['type'] !== 'string' || typeof spec['definition'] !== 'string') continue;
      yield { type: spec['type'], definition: spec['definition'] };
    }
  }
}

test.runIf(hasSharedInputs)('definitions of public catalogs are read or refused, and never throw', async () => {
  let read = 0;
  let all = 0;
  for (const folder of ['catalog', 'catalog-trees', 'http-catalog']) {
    for (const { type, definition } of definitionsIn(join(sharedInputs, folder))) {
      const reading = await readDefinition(type, definition);
      all += 1;
      if (reading.status !== 'read') continue;
      read += 1;
      for (const { operations } of reading.outline.groups) {
        for (const operation of operations) {
          expect(Array.isArray(operation.parts())).toBe(true);
          operation.command?.();
        }
      }
    }
  }
  expect(all).toBeGreaterThan(20);
  expect(read).toBeGreaterThan(5);
});
