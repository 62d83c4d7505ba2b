import type { JsonObject } from './json.ts';
import type { KindDefinition, RelationField } from './kinds.ts';

// The kinds that Callboard understands without any declaration. Fields, requirements and relations are those of
// Backstage's catalog model 1.10, so that its files are read unchanged; unknown fields in a spec are always allowed.

/** Versions that the core kinds are written in; both mean the same. */
const CORE_VERSIONS = ['backstage.io/v1alpha1', 'backstage.io/v1beta1'] as const;

const text: JsonObject = { type: 'string', minLength: 1 };
const texts: JsonObject = { type: 'array', items: text };
const profile: JsonObject = {
  type: 'object',
  properties: { displayName: text, email: text, picture: text },
};

const owner: RelationField = { field: 'owner', defaultKind: 'Group', type: 'ownedBy', reverse: 'ownerOf' };
const system: RelationField = { field: 'system', defaultKind: 'System', type: 'partOf', reverse: 'hasPart' };
const dependsOn: RelationField = { field: 'dependsOn', type: 'dependsOn', reverse: 'dependencyOf' };
const dependencyOf: RelationField = { field: 'dependencyOf', type: 'dependencyOf', reverse: 'dependsOn' };

function spec(required: readonly string[], properties: JsonObject, more: JsonObject = {}): JsonObject {
  return { type: 'object', required, properties, ...more };
}

const component: KindDefinition = {
  kind: 'Component',
  apiVersions: CORE_VERSIONS,
  description: 'A piece of software: a service, a website, a library.',
  spec: spec(['type', 'lifecycle', 'owner'], {
    type: text,
    lifecycle: text,
    owner: text,
    system: text,
    subcomponentOf: text,
    providesApis: texts,
    consumesApis: texts,
    dependsOn: texts,
    dependencyOf: texts,
  }),
  relations: [
    owner,
    system,
    { field: 'subcomponentOf', defaultKind: 'Component', type: 'partOf', reverse: 'hasPart' },
    { field: 'providesApis', defaultKind: 'API', type: 'providesApi', reverse: 'apiProvidedBy' },
    { field: 'consumesApis', defaultKind: 'API', type: 'consumesApi', reverse: 'apiConsumedBy' },
    dependsOn,
    dependencyOf,
  ],
};

const api: KindDefinition = {
  kind: 'API',
  apiVersions: CORE_VERSIONS,
  description:
    'An interface that components provide and consume. Type mcp-server lists remotes instead of a definition.',
  spec: spec(
    ['type', 'lifecycle', 'owner'],
    { type: text, lifecycle: text, owner: text, system: text },
    {
      if: { properties: { type: { const: 'mcp-server' } }, required: ['type'] },
      // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
      then: {
        required: ['remotes'],
        properties: {
          remotes: {
            type: 'array',
            minItems: 1,
            items: { type: 'object', required: ['type', 'url'], properties: { type: text, url: text } },
          },
        },
      },
      else: { required: ['definition'], properties: { definition: text } },
    },
  ),
  relations: [owner, system],
};

const resource: KindDefinition = {
  kind: 'Resource',
  apiVersions: CORE_VERSIONS,
  description: 'Infrastructure that software needs: a database, a bucket, a cluster.',
  spec: spec(['type', 'owner'], { type: text, owner: text, system: text, dependsOn: texts, dependencyOf: texts }),
  relations: [owner, system, dependsOn, dependencyOf],
};

const systemKind: KindDefinition = {
  kind: 'System',
  apiVersions: CORE_VERSIONS,
  description: 'Components, APIs and resources that together do one thing.',
  spec: spec(['owner'], { owner: text, domain: text, type: text }),
  relations: [owner, { field: 'domain', defaultKind: 'Domain', type: 'partOf', reverse: 'hasPart' }],
};

const domain: KindDefinition = {
  kind: 'Domain',
  apiVersions: CORE_VERSIONS,
  description: 'A part of the organisation’s business that systems belong to.',
  spec: spec(['owner'], { owner: text, subdomainOf: text, type: text }),
  relations: [owner, { field: 'subdomainOf', defaultKind: 'Domain', type: 'partOf', reverse: 'hasPart' }],
};

const group: KindDefinition = {
  kind: 'Group',
  apiVersions: CORE_VERSIONS,
  description: 'A team or a unit of the organisation.',
  spec: spec(['type', 'children'], { type: text, children: texts, parent: text, members: texts, profile }),
  relations: [
    { field: 'parent', defaultKind: 'Group', type: 'childOf', reverse: 'parentOf' },
    { field: 'children', defaultKind: 'Group', type: 'parentOf', reverse: 'childOf' },
    { field: 'members', defaultKind: 'User', type: 'hasMember', reverse: 'memberOf' },
  ],
};

const user: KindDefinition = {
  kind: 'User',
  apiVersions: CORE_VERSIONS,
  description: 'A person.',
  spec: spec(['memberOf'], { memberOf: texts, profile }),
  relations: [{ field: 'memberOf', defaultKind: 'Group', type: 'memberOf', reverse: 'hasMember' }],
};

const location: KindDefinition = {
  kind: 'Location',
  apiVersions: CORE_VERSIONS,
  description: 'Names further files to read.',
  spec: spec([], { type: text, target: text, targets: texts, presence: { enum: ['required', 'optional'] } }),
  relations: [],
};

const template: KindDefinition = {
  kind: 'Template',
  apiVersions: ['scaffolder.backstage.io/v1beta3'],
  description: 'A form and the steps that make new software from its answers.',
  spec: spec(['type', 'steps'], {
    type: text,
    owner: text,
    lifecycle: text,
    parameters: { oneOf: [{ type: 'object' }, { type: 'array', items: { type: 'object' } }] },
    steps: {
      type: 'array',
      items: {
        type: 'object',
        required: ['action'],
        properties: {
          id: { type: 'string' },
          name: { type: 'string' },
          action: { type: 'string' },
          input: { type: 'object' },
          if: { type: ['string', 'boolean'] },
          each: { type: ['string', 'array'] },
        },
      },
    },
    output: {
      type: 'object',
      properties: {
        links: {
          type: 'array',
          items: {
            type: 'object',
            properties: { url: text, entityRef: text, title: text, icon: text, type: text },
          },
        },
        text: { type: 'array', items: { type: 'object', properties: { title: text, icon: text, content: text } } },
      },
    },
    secrets: { type: 'object', properties: { schema: { type: 'object' } } },
    presentation: {
      type: 'object',
      properties: {
        buttonLabels: {
          type: 'object',
          properties: { backButtonText: text, createButtonText: text, reviewButtonText: text },
        },
      },
    },
    formDecorators: {
      type: 'array',
      items: { type: 'object', required: ['id'], properties: { id: { type: 'string' }, input: { type: 'object' } } },
    },
  }),
  relations: [owner],
};

function whenType(type: string, required: readonly string[], properties: JsonObject): JsonObject {
  return {
    if: { properties: { type: { const: type } }, required: ['type'] },
    // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
    then: { required, properties },
  };
}

const aiResource: KindDefinition = {
  kind: 'AiResource',
  apiVersions: ['backstage.io/v1alpha1'],
  description: 'Something that coding agents use: a skill, a rule, a plugin or a marketplace of plugins.',
  spec: spec(
    ['type', 'lifecycle', 'owner'],
    { type: text, lifecycle: text, owner: text, system: text },
    {
      allOf: [
        whenType('skill', [], { disciplines: texts, categories: texts, agents: texts, dependsOn: texts }),
        whenType('rule', ['category', 'rationale'], { disciplines: texts, category: text, rationale: text }),
        whenType('plugin', ['skills'], { skills: texts, version: text }),
        whenType('marketplace', ['plugins'], { plugins: texts, version: text }),
      ],
    },
  ),
  relations: [
    owner,
    system,
    { field: 'skills', defaultKind: 'AiResource', type: 'hasPart', reverse: 'partOf' },
    { field: 'plugins', defaultKind: 'AiResource', type: 'hasPart', reverse: 'partOf' },
  ],
};

/** Every kind that is known without a declaration. */
export const builtinKinds: readonly KindDefinition[] = [
  component,
  api,
  resource,
  systemKind,
  domain,
  group,
  user,
  location,
  template,
  aiResource,
];
