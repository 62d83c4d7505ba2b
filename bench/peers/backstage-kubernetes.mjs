// Backstage's Kubernetes backend alone, with one entity in place of a catalog: node backstage-kubernetes.mjs --config <file>,
// run in the folder in which its packages are installed.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(join(process.cwd(), 'package.json'));
const { createBackend } = require('@backstage/backend-defaults');
const { createServiceFactory } = require('@backstage/backend-plugin-api');
const { catalogServiceRef } = require('@backstage/plugin-catalog-node');

const name = process.env.BENCH_ENTITY;
const entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name, namespace: 'default', annotations: { 'backstage.io/kubernetes-id': name } },
  spec: { type: 'service', lifecycle: 'production', owner: 'team' },
};

const backend = createBackend();
backend.add(
  createServiceFactory({
    service: catalogServiceRef,
    deps: {},
    factory: () => ({ getEntityByRef: async () => entity, getEntities: async () => ({ items: [entity] }) }),
  }),
);
backend.add(import(pathToFileURL(require.resolve('@backstage/plugin-kubernetes-backend')).href));
await backend.start();
