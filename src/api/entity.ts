import { Type } from 'typebox';
import type { RenderedEntity } from '../model/entity.ts';
import type { JsonValue } from '../model/json.ts';

const EXAMPLE: RenderedEntity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    namespace: 'default',
    name: 'ticket-desk',
    uid: '0f4c2f0e-8b57-4f0b-9a53-0d3f5b1c7c11',
    etag: '9b1deb4d3b7d4bad9bdd2b0d7b3dcb6d00000000',
    description: 'Sells seats at the counter',
  },
  spec: { type: 'service', lifecycle: 'production', owner: 'box-office' },
  relations: [{ type: 'ownedBy', targetRef: 'group:default/box-office' }],
};

/** A fact in a list of entities. */
export interface ListedFact {
  readonly value: JsonValue;
  /** True where it is stale or its observation failed: the value is what was known last. */
  readonly unknown?: true;
}

/** An entity as a list shows it: with the facts that `fields` names, by `<collector>.<path>`. */
export type ListedEntity = RenderedEntity & { readonly facts?: Readonly<Record<string, ListedFact>> | undefined };

/**
 * An entity as reads answer it. Only the envelope is described: `metadata` and `spec` keep what the descriptor says.
 * With `fields` any part may be missing.
 */
export const Entity = Type.Unsafe<RenderedEntity>({
  type: 'object',
  description:
    "An entity in Backstage's envelope with its relations. `metadata.uid` stays while the entity exists, " +
    '`metadata.etag` changes with every change.',
  properties: {
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: { type: 'object', additionalProperties: true },
    spec: { type: 'object', additionalProperties: true },
    facts: {
      type: 'object',
      description: 'In lists, where `fields` names facts: value by path, and whether it is unknown now.',
      additionalProperties: true,
    },
    relations: {
      type: 'array',
      items: { type: 'object', properties: { type: { type: 'string' }, targetRef: { type: 'string' } } },
    },
  },
  additionalProperties: true,
  examples: [EXAMPLE],
});

/** Path parameters that name one entity, in any letter case. */
export const EntityParams = Type.Object({
  kind: Type.String({ minLength: 1, maxLength: 63, description: 'Kind, e.g. `component`.', examples: ['component'] }),
  namespace: Type.String({ minLength: 1, maxLength: 63, description: 'Namespace.', examples: ['default'] }),
  name: Type.String({ minLength: 1, maxLength: 63, description: 'Name.', examples: ['ticket-desk'] }),
});

/** A canonical entity ref in an answer. */
export const EntityRef = Type.String({
  description: 'Entity ref, `kind:namespace/name` in lower case.',
  examples: ['component:default/ticket-desk'],
});
