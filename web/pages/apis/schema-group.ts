import type { JsonValue } from '../../../src/model/json.ts';
import type { ApiGroup } from './api-outline.ts';
import { entriesOf, textOf, type LocalRefs } from './local-refs.ts';
import { schemaField } from './schema-fields.ts';

/** References that are named; more would help nobody. */
const NAMED_REFS = 5;

/** The named schemas of a document as a group of its own; none where there are none. */
export function schemaGroup(schemas: JsonValue | undefined, refs: LocalRefs): readonly ApiGroup[] {
  const operations = entriesOf(schemas).map(([name, schema]) => {
    const { value } = refs.resolve(schema);
    return {
      id: `schema ${name}`,
      verb: 'SCHEMA',
      name,
      summary: textOf(value?.['title']),
      description: undefined,
      isDeprecated: value?.['deprecated'] === true,
      parts: () => [{ title: 'Shape', fields: [schemaField('', schema, { refs, above: new Set() })], examples: [] }],
    };
  });
  return operations.length === 0 ? [] : [{ id: 'group-schemas', title: 'Schemas', operations }];
}

/** What is said of references that lead out of the document: they are not followed. */
export function elsewhere(refs: LocalRefs): readonly string[] {
  const { broken } = refs;
  if (broken.length === 0) return [];
  const named = broken.slice(0, NAMED_REFS).join(', ');
  const more = broken.length > NAMED_REFS ? ` and ${broken.length - NAMED_REFS} more` : '';
  return [`References that lead nowhere in this document are not followed: ${named}${more}.`];
}
