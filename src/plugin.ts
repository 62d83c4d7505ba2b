/**
 * The public face for authors of plugins. A plugin is an ES module with an export `manifest: Manifest`, named in the
 * configuration under `plugins`; it may also export `pluginApiVersion`, the version it was made for.
 *
 * @module
 * @example
 * import { defineRoute, Type, type Manifest } from 'callboard/plugin';
 *
 * export const pluginApiVersion = 1;
 * export const manifest: Manifest = {
 *   id: 'hello',
 *   title: 'Hello',
 *   routes: [
 *     {
 *       contract: defineRoute({
 *         method: 'GET',
 *         path: '/api/plugins/hello/count',
 *         summary: 'Number of components that you may see',
 *         tag: 'Hello',
 *         permission: 'catalog.entity.read',
 *         response: Type.Object({ count: Type.Integer() }),
 *       }),
 *       handle: ({ view }) => ({ count: view.list({ limit: 0 }).total }),
 *     },
 *   ],
 * };
 */
export { Type, type Static } from 'typebox';
export type { Principal } from './access/principal.ts';
export { defineRoute, type HttpMethod, type PermissionName, type RouteContract } from './api/route.ts';
export type {
  GraphReader,
  ListRequest,
  ListResult,
  View,
  VolatileFact,
  WatchBatch,
  WatchChange,
  WatchRequest,
} from './graph/view.ts';
export type { Collector, DomainContext, FactSchema, Manifest, Page, Route, RouteRequest } from './manifest/manifest.ts';
export { pluginApiVersion } from './manifest/plugin-api.ts';
export type { Entity, EntityMetadata, RenderedEntity } from './model/entity.ts';
export type { Fact, Lease } from './model/fact.ts';
export type { JsonArray, JsonObject, JsonValue } from './model/json.ts';
export type { KindDefinition, RelationField } from './model/kinds.ts';
export { EVERYTHING, type Predicate } from './model/predicate.ts';
export type { CommitResult, EntityWrite, Store, Write, WriteOutcome } from './store/store.ts';
