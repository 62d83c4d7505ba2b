import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isJsonObject } from '../model/json.ts';
import type { KindDefinition } from '../model/kinds.ts';
import { errorMessage } from '../base/errors.ts';
import { builtinKinds } from '../model/builtin-kinds.ts';
import { blankDocument, describeDocuments, duplicateRef, type DescribedDocument } from './descriptor.ts';
import type { ReadMode } from './descriptor-search.ts';
import { openScope } from './file-scope.ts';
import { formatPath, type Finding } from './finding.ts';
import { loadFile } from './guarded-file.ts';
import { includeFile } from './included-file.ts';
import type { Included } from './placeholders.ts';
import { followTargets, type FollowOptions } from './target-files.ts';
import { prepareKinds, type KindChecks } from './validate.ts';

/** One thing that is wrong, as the command line shows it. */
export interface VerdictItem {
  /** Path of the field, e.g. `metadata.tags[0]`; empty for the document as a whole. */
  readonly path: string;
  readonly message: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  readonly code: string;
  readonly fix?: string | undefined;
}

/** The verdict on one document. */
export interface DocumentVerdict {
  /** 1-based line of its first key. */
  readonly line: number;
  readonly kind?: string | undefined;
  /** Canonical ref, where kind and name can be read. */
  readonly ref?: string | undefined;
  readonly ok: boolean;
  readonly errors: readonly VerdictItem[];
  /** What does not keep the entity out of the catalog. */
  readonly warnings: readonly VerdictItem[];
}

/** The verdict on one file. */
export interface FileVerdict {
  /** Absolute path. */
  readonly file: string;
  readonly documents: readonly DocumentVerdict[];
}

/** Without a server nothing is remembered of other files, and what is closed shows as missing. */
const FOLLOWING: FollowOptions = { onClosed: () => undefined, isBroken: () => false, needsAll: false };

interface Pending {
  readonly path: string;
  /** Folder that targets may not lead out of, as it was named. */
  readonly root: string;
  /** The same with links followed: what a link leads to must lie in it. */
  readonly realRoot: string;
  readonly mode: ReadMode;
}

interface Draft {
  readonly file: string;
  readonly documents: readonly { readonly described: DescribedDocument; readonly findings: Finding[] }[];
}

/**
 * Validates descriptors without a server: files, folders (searched as a server would) and globs, and the files that
 * their Location entities name. What is wrong only beside other files is a warning: a missing target, a second
 * declaration of one entity.
 *
 * @param paths as given by the user; relative ones are meant from the working directory
 * @param kinds all known kinds
 */
export async function validatePaths(
  paths: readonly string[],
  kinds: readonly KindDefinition[] = builtinKinds,
): Promise<readonly FileVerdict[]> {
  const checks = prepareKinds(kinds);
  const drafts = new Map<string, Draft>();
  for (const path of paths) {
    const queue = await startOf(resolve(path), drafts);
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      if (drafts.has(next.path)) continue;
      queue.push(...(await validateFile(next, checks, drafts)));
    }
  }
  markDuplicates([...drafts.values()]);
  return [...drafts.values()].map(({ file, documents }) => ({ file, documents: documents.map(verdictOf) }));
}

async function startOf(target: string, drafts: Map<string, Draft>): Promise<Pending[]> {
  const pending: Pending[] = [];
  try {
    const scope = await openScope(target);
    const { root } = scope;
    const realRoot = await realpath(root);
    const onClosed = (closed: { readonly path: string; readonly error: Error }): void => {
      drafts.set(closed.path, failedDraft(closed.path, 'file-unreadable', closed.error.message));
    };
    for await (const files of scope.find(onClosed)) {
      pending.push(...files.map((path) => ({ path, root, realRoot, mode: scope.modeOf(path) })));
    }
  } catch (thrown) {
    drafts.set(target, failedDraft(target, 'source-unreadable', errorMessage(thrown)));
  }
  return pending;
}

/** Adds the file's draft; returns the files that its Locations name. */
async function validateFile(
  file: Pending,
  checks: KindChecks,
  drafts: Map<string, Draft>,
): Promise<readonly Pending[]> {
  const loaded = await loadFile(file.path, file.realRoot);
  if (loaded.status !== 'loaded') {
    const code = loaded.status === 'unreadable' ? loaded.code : 'target-missing';
    const message = loaded.status === 'unreadable' ? loaded.message : 'The file does not exist';
    drafts.set(file.path, failedDraft(file.path, code, message));
    return [];
  }
  const location = `file:${file.path}`;
  const include = (target: string): Included => includeFile(target, file.path, file.realRoot);
  // What a placeholder stands for may be elsewhere where the document is validated.
  const from = { location, origin: location, mode: file.mode, include, keepsPlaceholders: true };
  const documents = describeDocuments(loaded.bytes.toString('utf8'), from, checks)
    .filter((described) => !described.ignored)
    .map((described) => ({ described, findings: [...described.findings] }));
  if (documents.length > 0 || file.mode === 'named') drafts.set(file.path, { file: file.path, documents });
  const { root, realRoot } = file;
  const pending: Pending[] = [];
  for (const { described, findings } of documents) {
    const followed = await followTargets(described.targets, file.path, root, FOLLOWING);
    // The document itself is right; what it names may be elsewhere where it is validated.
    findings.push(...followed.findings.map((finding) => ({ ...finding, severity: 'warning' as const })));
    pending.push(...[...followed.paths.keys()].map((path) => ({ path, root, realRoot, mode: 'named' as const })));
  }
  return pending;
}

function failedDraft(file: string, code: string, message: string): Draft {
  const described: DescribedDocument = { ...blankDocument, line: 1 };
  return { file, documents: [{ described, findings: [{ code, severity: 'error', message }] }] };
}

function markDuplicates(drafts: readonly Draft[]): void {
  const owners = new Map<string, { readonly file: string; readonly line: number }>();
  for (const { file, documents } of drafts) {
    for (const { described, findings } of documents) {
      const { ref, line } = described;
      if (ref === undefined || findings.some((finding) => finding.severity === 'error')) continue;
      const owner = owners.get(ref);
      if (owner === undefined) owners.set(ref, { file, line });
      // The document itself is right, and the two need not be read by one server.
      else
        findings.push({
          ...duplicateRef(ref, `file:${owner.file}`, owner.line, { line, column: 1 }),
          severity: 'warning',
        });
    }
  }
}

function verdictOf({ described, findings }: Draft['documents'][number]): DocumentVerdict {
  const kind = isJsonObject(described.value) ? described.value['kind'] : undefined;
  const items = (severity: Finding['severity']): readonly VerdictItem[] =>
    findings.filter((finding) => finding.severity === severity).map((finding) => itemOf(finding, described.line));
  const errors = items('error');
  return {
    line: described.line,
    ...(typeof kind === 'string' && { kind }),
    ...(described.ref !== undefined && { ref: described.ref }),
    ok: errors.length === 0,
    errors,
    warnings: items('warning'),
  };
}

function itemOf(finding: Finding, line: number): VerdictItem {
  return {
    path: formatPath(finding.path ?? []),
    message: finding.message,
    line: finding.place?.line ?? line,
    column: finding.place?.column ?? 1,
    code: finding.code,
    ...(finding.fix !== undefined && { fix: finding.fix }),
  };
}
