import { hash } from 'node:crypto';
import { compareText } from '../base/text-order.ts';
import { isJsonObject, type JsonArray, type JsonObject, type JsonValue } from '../model/json.ts';
import type { Entity } from '../model/entity.ts';
import { DEFAULT_NAMESPACE } from '../model/ref.ts';
import type { AllowedKind } from '../model/catalog-rule.ts';
import { isAllowed } from './allowed-kinds.ts';
import { parseDocuments, type DescriptorDocument, type ParsedDocument, type Place } from './document.ts';
import { isMeantAsDescriptor, isTakenFromSearch, isTemplateSkeleton, type ReadMode } from './descriptor-search.ts';
import { exactFindings, exactSeverity, isWhollyBroken } from './exact-reading.ts';
import { showValue, type Finding, type Path } from './finding.ts';
import { resolvePlaceholders, type Include } from './placeholders.ts';
import { validateEntity, type KindChecks } from './validate.ts';

/** Where a descriptor comes from. */
export interface DescriptorOrigin {
  /** Location ref of the file, e.g. `file:/srv/catalog/a.yaml`. */
  readonly location: string;
  /** Location ref that was configured and led here. */
  readonly origin: string;
  readonly mode: ReadMode;
  /** How the targets of placeholders are read. */
  readonly include: Include;
  /** True where a placeholder that cannot be read leaves the entity as it is written: its file need not be at hand. */
  readonly keepsPlaceholders?: boolean | undefined;
  /** The kinds that may come from there; absent: all. */
  readonly allowed?: readonly AllowedKind[] | undefined;
  /** True where the file is read as Backstage reads it, see `exact-reading.ts`. */
  readonly exact?: boolean | undefined;
  /** Annotations that the location gives its entities; a value in the file wins. */
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}

/** An entity as a location declares it, ready for the store. */
export interface DeclaredEntity {
  readonly ref: string;
  readonly body: string;
  readonly hash: string;
  readonly line: number;
}

/** A further file that a Location entity names. */
export interface LocationTarget {
  /** `file`, `url` or another type, as written or taken over from the location. */
  readonly type: string;
  readonly target: string;
  /** True where a missing target is no problem. */
  readonly optional: boolean;
  /** Ref of the Location entity. */
  readonly entityRef: string;
  readonly path: Path;
  readonly place: Place;
}

/** Everything that one descriptor file says. */
export interface Descriptor {
  readonly entities: readonly DeclaredEntity[];
  readonly findings: readonly Finding[];
  readonly targets: readonly LocationTarget[];
  /** Refs of documents that are invalid now: what was good of them before stays. */
  readonly invalidRefs: readonly string[];
  /** True where a document could not be read at all, so that nobody knows which entity it declares. */
  readonly hasUnreadable: boolean;
  /** Documents that are no descriptors, in a file that a folder search found. */
  readonly ignored: number;
  /** Targets of placeholders as they are written. */
  readonly includes: readonly string[];
  /** Those that must be fetched before the descriptor can be read; it says nothing else until then. */
  readonly unknownIncludes: readonly string[];
  /** True where, read as Backstage reads it, the file as a whole is refused. */
  readonly isBroken: boolean;
}

/** A descriptor that says nothing. */
export const emptyDescriptor: Descriptor = {
  entities: [],
  findings: [],
  targets: [],
  invalidRefs: [],
  hasUnreadable: false,
  ignored: 0,
  includes: [],
  unknownIncludes: [],
  isBroken: false,
};

/** The store takes no longer text; the server adds a uid to it. */
const MAX_BODY = 8 * 1024 * 1024 - 1024;

const LINK_ANNOTATIONS = ['backstage.io/view-url', 'backstage.io/edit-url'] as const;
const REJECTED_URL = 'https://backstage.io/annotation-rejected-for-security-reasons';

/** Arrays of refs that have no order; they are sorted so that reordering them changes nothing. As in Backstage. */
const UNORDERED = [
  'providesApis',
  'consumesApis',
  'dependsOn',
  'dependencyOf',
  'memberOf',
  'children',
  'members',
] as const;

/** What one document of a descriptor file says. */
export interface DescribedDocument {
  /** 1-based line of its first key. */
  readonly line: number;
  /** Absent where it could not be read. */
  readonly value: JsonValue | undefined;
  /** Canonical ref, where kind and name can be read, also of an invalid document. */
  readonly ref: string | undefined;
  /** Present where the document is valid. */
  readonly entity?: Entity | undefined;
  /** True where a folder search came upon it and it is no descriptor. */
  readonly ignored: boolean;
  readonly findings: readonly Finding[];
  readonly targets: readonly LocationTarget[];
  /** True where the entity's kind may not come from there: what it declared before goes. */
  readonly isDenied: boolean;
  readonly includes: readonly string[];
  readonly unknownIncludes: readonly string[];
}

/** A document that says nothing. */
export const blankDocument: Omit<DescribedDocument, 'line'> = {
  value: undefined,
  ref: undefined,
  ignored: false,
  findings: [],
  targets: [],
  isDenied: false,
  includes: [],
  unknownIncludes: [],
};

/** Checks every document of a descriptor file by itself. */
export function describeDocuments(
  text: string,
  from: DescriptorOrigin,
  kinds: KindChecks,
): readonly DescribedDocument[] {
  return parseDocuments(text).map((parsed) => {
    const { line } = parsed.ok ? parsed.document : parsed.unreadable;
    if (!isWanted(parsed, from, kinds)) return { ...blankDocument, line, ignored: true };
    if (parsed.ok) return describeDocument(parsed.document, from, kinds);
    const { code, message, place } = parsed.unreadable;
    return { ...blankDocument, line, findings: [{ code, severity: 'error', message, place }] };
  });
}

/** Checks one document: its placeholders, then the entity that it declares, then whether that may come from there. */
export function describeDocument(
  written: DescriptorDocument,
  from: DescriptorOrigin,
  kinds: KindChecks,
): DescribedDocument {
  const resolved = resolvePlaceholders(written, from.include, from.keepsPlaceholders ? 'warning' : 'error');
  const { document } = resolved;
  const checked = validateEntity(document, kinds);
  const { ref } = checked;
  const own = resolved.findings.map((finding) => ({ ...finding, entityRef: ref }));
  const findings = [...own, ...(from.exact ? checked.findings.map(exactSeverity) : checked.findings)];
  if (from.exact) findings.push(...exactFindings(document, ref));
  const kind = isJsonObject(document.value) ? document.value['kind'] : undefined;
  const isDenied = typeof kind === 'string' && !isAllowed(from.allowed, kind, specType(document.value));
  if (isDenied) findings.push(notAllowed(kind, document, ref, from));
  const entity = findings.some((finding) => finding.severity === 'error') ? undefined : checked.entity;
  return {
    line: document.line,
    value: document.value,
    ref,
    entity,
    ignored: false,
    findings: findings.map((finding) =>
      finding.place ? finding : { ...finding, place: document.place(finding.path ?? []) },
    ),
    targets: entity && ref ? locationTargets(entity, ref, document, from) : [],
    isDenied,
    includes: resolved.targets,
    unknownIncludes: resolved.unknown,
  };
}

function specType(value: JsonValue): JsonValue | undefined {
  const spec = isJsonObject(value) ? value['spec'] : undefined;
  return isJsonObject(spec) ? spec['type'] : undefined;
}

function notAllowed(
  kind: string,
  document: DescriptorDocument,
  ref: string | undefined,
  from: DescriptorOrigin,
): Finding {
  const path = ['kind'];
  return {
    code: 'kind-not-allowed',
    severity: 'error',
    message: `Kind ${showValue(kind)} may not come from ${from.origin}`,
    fix: 'Allow it in catalog.rules of the configuration, or declare it in a location that may hold it',
    entityRef: ref,
    path,
    place: document.place(path),
  };
}

/** Reads the text of one descriptor file: pure, no files, no clock. */
export function readDescriptor(text: string, from: DescriptorOrigin, kinds: KindChecks): Descriptor {
  const entities = new Map<string, DeclaredEntity>();
  const findings: Finding[] = [];
  const targets: LocationTarget[] = [];
  const invalidRefs: string[] = [];
  let ignored = 0;
  let hasUnreadable = false;
  const documents = describeDocuments(text, from, kinds);
  const includes = [...new Set(documents.flatMap((document) => document.includes))];
  const unknownIncludes = [...new Set(documents.flatMap((document) => document.unknownIncludes))];
  if (unknownIncludes.length > 0) return { ...emptyDescriptor, includes, unknownIncludes };
  for (const document of documents) {
    const { ref, entity, line } = document;
    findings.push(...document.findings);
    if (document.ignored) ignored += 1;
    if (!document.ignored && document.value === undefined) hasUnreadable = true;
    if (entity === undefined || ref === undefined) {
      if (ref !== undefined && !document.isDenied) invalidRefs.push(ref);
      continue;
    }
    const earlier = entities.get(ref);
    if (earlier) {
      findings.push(duplicateRef(ref, from.location, earlier.line, { line, column: 1 }));
      continue;
    }
    const declared = declare(entity, ref, line, from);
    if (declared.body.length <= MAX_BODY) entities.set(ref, declared);
    else {
      findings.push(tooLarge(declared));
      invalidRefs.push(ref);
    }
    targets.push(...document.targets);
  }
  const rest = { findings, invalidRefs, ignored, includes, unknownIncludes };
  if (from.exact && documents.some(isWhollyBroken)) {
    return { ...rest, entities: [], targets: [], hasUnreadable: true, isBroken: true };
  }
  return { ...rest, entities: [...entities.values()], targets, hasUnreadable, isBroken: false };
}

function tooLarge({ ref, line, body }: DeclaredEntity): Finding {
  const message = `The entity has ${body.length} characters as JSON; at most ${MAX_BODY} can be stored`;
  return { code: 'document-limit', severity: 'error', message, entityRef: ref, place: { line, column: 1 } };
}

function isWanted(parsed: ParsedDocument, from: DescriptorOrigin, kinds: KindChecks): boolean {
  if (from.mode === 'named') return true;
  if (parsed.ok) {
    const wanted = from.mode === 'catalog-info' || isTakenFromSearch(parsed.document.value, kinds.groups);
    return wanted && !isTemplateSkeleton(parsed.document.value);
  }
  return isMeantAsDescriptor(parsed.unreadable.text, from.mode, kinds.groups);
}

/** The problem of declaring an entity that another document declares already. */
export function duplicateRef(ref: string, ownerLocation: string, ownerLine: number, place: Place | undefined): Finding {
  const owner = `${ownerLocation.replace(/^file:/, '')}:${ownerLine}`;
  return {
    code: 'duplicate-ref',
    severity: 'error',
    message: `${ref} is declared already in ${owner}; this declaration is not used`,
    fix: 'Rename one of the two, or remove one; this one takes over when the other is gone',
    entityRef: ref,
    path: ['metadata', 'name'],
    place,
  };
}

function declare(entity: Entity, ref: string, line: number, from: DescriptorOrigin): DeclaredEntity {
  const { name, namespace = DEFAULT_NAMESPACE, uid: _serverMade, annotations, ...metadata } = entity.metadata;
  const declared: JsonObject = {
    apiVersion: entity.apiVersion,
    kind: entity.kind,
    metadata: {
      name,
      namespace,
      ...metadata,
      annotations: {
        ...from.annotations,
        ...withoutScripts(annotations),
        'backstage.io/managed-by-location': from.location,
        'backstage.io/managed-by-origin-location': from.origin,
      },
    },
    ...(entity.spec && { spec: sortUnordered(entity.spec) }),
  };
  const body = JSON.stringify(declared);
  return { ref, body, hash: hash('sha256', body).slice(0, 32), line };
}

/** Links that a page shows as they are may not run scripts; Backstage puts the same URL in their place. */
function withoutScripts(annotations: Entity['metadata']['annotations']): Entity['metadata']['annotations'] {
  const unsafe = LINK_ANNOTATIONS.filter((key) => {
    const value = annotations?.[key];
    return value !== undefined && URL.canParse(value) && !/^https?:$/.test(new URL(value).protocol);
  });
  if (unsafe.length === 0) return annotations;
  return { ...annotations, ...Object.fromEntries(unsafe.map((key) => [key, REJECTED_URL])) };
}

function sortUnordered(spec: JsonObject): JsonObject {
  const sorted: Record<string, JsonValue | undefined> = {};
  for (const field of UNORDERED) {
    const value = spec[field];
    const refs = Array.isArray(value) ? (value as JsonArray).filter((item) => typeof item === 'string') : [];
    if (Array.isArray(value) && refs.length === value.length) sorted[field] = refs.toSorted(compareText);
  }
  return { ...spec, ...sorted };
}

function locationTargets(
  entity: Entity,
  ref: string,
  document: DescriptorDocument,
  from: DescriptorOrigin,
): readonly LocationTarget[] {
  if (entity.kind !== 'Location' || !isJsonObject(entity.spec)) return [];
  const { type, target, targets, presence } = entity.spec;
  const written: { readonly target: JsonValue; readonly path: Path }[] = [];
  if (target !== undefined) written.push({ target, path: ['spec', 'target'] });
  if (Array.isArray(targets)) {
    written.push(...targets.map((item, index) => ({ target: item as JsonValue, path: ['spec', 'targets', index] })));
  }
  return written.flatMap((item) =>
    typeof item.target !== 'string'
      ? []
      : [
          {
            type: typeof type === 'string' ? type : typeOfTarget(item.target, from),
            target: item.target,
            optional: presence === 'optional',
            entityRef: ref,
            path: item.path,
            place: document.place(item.path),
          },
        ],
  );
}

/** A target without a type is of the type of its file; but a web address in a repository is one of a page or a file. */
function typeOfTarget(target: string, { location }: DescriptorOrigin): string {
  const [type = 'file'] = location.split(':', 1);
  return type === 'git' && /^https?:\/\//i.test(target) ? 'url' : type;
}
