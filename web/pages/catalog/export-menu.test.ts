import { expect, test } from 'vitest';
import { commandText, exportPath } from './export-menu.tsx';

test('an export asks what the list asks: question, order and columns', () => {
  const search = { kind: 'api', q: "pay 'in'", sort: '-type', cols: 'owner,facts.completeness.score' };
  const url = new URL(exportPath(search, 'csv', ['api:default/a']), 'http://x');
  expect(Object.fromEntries(url.searchParams)).toEqual({
    format: 'csv',
    search: "kind:api pay 'in'",
    order: 'spec.type:desc',
    columns: 'metadata.name,metadata.namespace,relations.ownedBy,facts.completeness.score',
    ref: 'api:default/a',
  });
});

test('the command asks the same, and quotes what a shell would take apart', () => {
  expect(commandText({ kind: 'api', q: "it's" })).toBe(
    String.raw`callboard query --search 'kind:api it'\''s' --order metadata.name:asc`,
  );
  expect(commandText({ where: 'kind == "API"' })).toBe(`callboard query 'kind == "API"' --order metadata.name:asc`);
  expect(commandText({})).toBe('callboard query true --order metadata.name:asc');
});
