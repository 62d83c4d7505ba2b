import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { isMap, type Json, listAt, textAt } from './kube-object.ts';

/** Something that runs in clusters of the demo: a component of the catalog, or something that nobody registered. */
export interface Program {
  readonly name: string;
  /** System that it belongs to, and the namespace that it runs in. */
  readonly system: string;
  readonly team: string;
  readonly type: 'service' | 'website' | 'worker' | 'data-pipeline';
  readonly lifecycle: 'production' | 'experimental' | 'deprecated';
  readonly tags: readonly string[];
  /** Value of the label `backstage.io/kubernetes-id`; absent: it has no such label. */
  readonly id?: string;
}

/** Annotations by which a descriptor says that something of it runs in clusters. */
const ID = 'backstage.io/kubernetes-id';
const SELECTOR = 'backstage.io/kubernetes-label-selector';
const types: readonly string[] = ['service', 'website', 'worker', 'data-pipeline'];

/** Components that are in the catalog and run nowhere. */
const idle: readonly string[] = ['gift-vouchers', 'customs-papers', 'food-props'];

/** What runs and is in no catalog. */
const unlisted: readonly Program[] = [
  unlistedProgram('poster-printer', 'ticketing', 'box-office', 'php'),
  unlistedProgram('raffle-test', 'foyer', 'ushers', 'python'),
  unlistedProgram('old-season-site', 'seating', 'box-office', 'php'),
  unlistedProgram('smoke-machine-timer', 'lighting-control', 'lighting', 'go'),
];

function unlistedProgram(name: string, system: string, team: string, language: string): Program {
  return { name, system, team, type: 'service', lifecycle: 'deprecated', tags: [language] };
}

/**
 * What runs in the demo: components of the descriptors that say by their annotation that they run, and a few more.
 * @param folder of the descriptors of the demo organisation: one folder a system, with a `catalog-info.yaml`
 */
export function readCatalogue(folder: string): readonly Program[] {
  const systems = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const listed = systems.flatMap(({ name }) => {
    const file = join(folder, name, 'catalog-info.yaml');
    return name === 'company' ? [] : programsOf(readFileSync(file, 'utf8'));
  });
  return [...listed.filter(({ name }) => !idle.includes(name)), ...unlisted];
}

function programsOf(text: string): readonly Program[] {
  return parseAllDocuments(text).flatMap((document) => {
    const entity = document.toJS() as Json;
    const id = textAt(entity, 'metadata', 'annotations', ID);
    const isRunning = id !== '' || textAt(entity, 'metadata', 'annotations', SELECTOR) !== '';
    const type = textAt(entity, 'spec', 'type');
    if (!isMap(entity) || entity['kind'] !== 'Component' || !isRunning || !types.includes(type)) return [];
    const program: Program = {
      name: textAt(entity, 'metadata', 'name'),
      system: textAt(entity, 'spec', 'system'),
      team: textAt(entity, 'spec', 'owner'),
      type: type as Program['type'],
      lifecycle: textAt(entity, 'spec', 'lifecycle') as Program['lifecycle'],
      tags: listAt(entity, 'metadata', 'tags').map(String),
      ...(id !== '' && { id }),
    };
    return [program];
  });
}
