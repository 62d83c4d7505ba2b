import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts';
import type { Entity } from '../model/entity.ts';
import type { KindDefinition } from '../model/kinds.ts';
import { formatEntityRef, DEFAULT_NAMESPACE } from '../model/ref.ts';
import { createKindTable, relationsOf, type KindTable } from '../model/relations.ts';
import { nearestName } from '../base/nearest-name.ts';
import type { DescriptorDocument } from './document.ts';
import { checkEnvelope } from './envelope.ts';
import { checkKeyCase } from './key-case.ts';
import { showValue, type Finding, type Path } from './finding.ts';
import { compileSpecCheck, isPlaceholder, type SpecCheck } from './kind-schema.ts';
import { mayHavePlaceholder } from './placeholders.ts';

/** Kinds made ready for checking documents. */
export interface KindChecks {
  readonly table: KindTable;
  /** API groups (the part of `apiVersion` before the slash) that the kinds are written in. */
  readonly groups: ReadonlySet<string>;
  /** The check of a kind's spec, compiled when first asked for: a few milliseconds each. */
  specCheck(kind: KindDefinition): SpecCheck;
}

/** What checking one document says. */
export interface ValidatedDocument {
  /** The entity as declared, only where nothing is wrong with it. */
  readonly entity: Entity | undefined;
  /** Canonical ref, where kind and name can be read, also of an invalid document. */
  readonly ref: string | undefined;
  readonly findings: readonly Finding[];
}

/**
 * Makes kinds ready for checking documents.
 * @throws Error when a kind is defined twice (a fault of a manifest)
 */
export function prepareKinds(kinds: readonly KindDefinition[]): KindChecks {
  const compiled = new Map<KindDefinition, SpecCheck>();
  return {
    table: createKindTable(kinds),
    groups: new Set(kinds.flatMap((kind) => kind.apiVersions.map((version) => version.split('/')[0] ?? ''))),
    specCheck: (kind) => {
      const check = compiled.get(kind) ?? compileSpecCheck(kind);
      compiled.set(kind, check);
      return check;
    },
  };
}

/**
 * Checks one document as an entity: envelope, kind, spec, references. Every finding carries its place.
 * Warnings leave the entity valid.
 */
export function validateEntity(document: DescriptorDocument, kinds: KindChecks): ValidatedDocument {
  const { value } = document;
  if (!isJsonObject(value)) {
    const message = `The document must be a map with apiVersion, kind and metadata but is ${showValue(value)}`;
    const finding: Finding = { code: 'not-an-entity', severity: 'error', message, path: [] };
    return { entity: undefined, ref: undefined, findings: placed([finding], document, undefined) };
  }
  const ref = declaredRef(value);
  const found = [...checkEnvelope(value), ...checkKind(value, kinds), ...checkKeyCase(value, [])];
  const valid = found.every((finding) => finding.severity !== 'error');
  // The checks above have shown that the value has an entity's shape.
  const entity = valid ? (value as unknown as Entity) : undefined;
  if (entity)
    found.push(...checkReferences(entity, kinds), ...(mayHavePlaceholder(value) ? placeholderFindings(value, []) : []));
  return { entity, ref, findings: placed(found, document, ref) };
}

function placed(
  findings: readonly Finding[],
  document: DescriptorDocument,
  ref: string | undefined,
): readonly Finding[] {
  return findings.map((finding) => ({ ...finding, entityRef: ref, place: document.place(finding.path ?? []) }));
}

/** The ref that a document declares, as far as it can be read. */
export function declaredRef(value: JsonValue): string | undefined {
  if (!isJsonObject(value) || !isJsonObject(value['metadata'])) return undefined;
  const { name, namespace } = value['metadata'];
  const kind = value['kind'];
  if (typeof kind !== 'string' || typeof name !== 'string' || kind === '' || name === '') return undefined;
  return formatEntityRef({ kind, name, namespace: typeof namespace === 'string' ? namespace : DEFAULT_NAMESPACE });
}

function checkKind(entity: JsonObject, kinds: KindChecks): readonly Finding[] {
  const { kind, apiVersion, spec } = entity;
  if (typeof kind !== 'string' || typeof apiVersion !== 'string') return [];
  const definition = kinds.table.get(kind);
  if (definition === undefined) {
    const near = nearestName(kind, kinds.table.keys());
    const known = `Known kinds: ${[...kinds.table.keys()].join(', ')}`;
    return [kindFinding(`Unknown kind ${showValue(kind)}`, ['kind'], near ? `Did you mean ${near}?` : known)];
  }
  if (!definition.apiVersions.includes(apiVersion)) {
    const message = `Kind ${kind} has no version ${showValue(apiVersion)}`;
    return [kindFinding(message, ['apiVersion'], `Use ${definition.apiVersions.join(' or ')}`)];
  }
  return kinds.specCheck(definition)(spec);
}

function kindFinding(message: string, path: Path, fix: string): Finding {
  return { code: 'unknown-kind', severity: 'error', message, path, fix };
}

function checkReferences(entity: Entity, kinds: KindChecks): readonly Finding[] {
  return relationsOf(entity, kinds.table).unreadable.map(({ path, value }) => ({
    code: 'ref-unreadable',
    severity: 'warning',
    message: `${path} holds ${showValue(value)}, which names no entity`,
    fix: `Write it with its kind, e.g. component:${value.replace(/^.*:/, '') || 'name'}`,
    path: path.split('.'),
  }));
}

/** Placeholders are kept as they stand; this says so instead of passing them off as content. */
function placeholderFindings(value: JsonValue, path: Path): readonly Finding[] {
  if (isPlaceholder(value)) {
    const message = `${showValue(value)} is not replaced: placeholders are not read from this source`;
    return [{ code: 'placeholder-unsupported', severity: 'warning', message, path }];
  }
  if (Array.isArray(value)) return value.flatMap((item, index) => placeholderFindings(item, [...path, index]));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    item === undefined ? [] : placeholderFindings(item, [...path, key]),
  );
}
