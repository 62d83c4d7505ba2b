import type { JsonValue } from '../../../src/model/json.ts';
import type { ApiGroup } from './api-outline.ts';
import { entriesOf, textOf, type LocalRefs } from './local-refs.ts';
import { schemaField } from './schema-fields.ts';

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
