import { createHash } from 'node:crypto';
import type { LocationTarget } from './descriptor.ts';
import type { FileResult } from './file-read.ts';
import type { TreeFile } from './file-tree.ts';
import type { Finding } from './finding.ts';
import { missingTarget, targetFinding } from './location-target.ts';
import type { TargetLink } from './source.ts';
import type { ContentState } from './url-content.ts';
import type { ResolvedUrlTarget } from './url-target.ts';

/** What a run knows of one URL beside its place among the others. */
export interface UrlNode {
  readonly file: TreeFile;
  /** Locations on the way from the root. */
  readonly depth: number;
  /** `new`: not looked at yet. */
  status: 'new' | 'ok' | 'missing' | 'failed';
  /** What is wrong. */
  message: string;
  /** What tells a change; absent: it is fetched and read whatever it says. */
  content: ContentState | undefined;
  /** True where it is no problem that there is nothing. */
  optional: boolean;
  /** Failed looks one after the other. */
  failures: number;
  /** Not looked at by itself before this time, ms since the epoch. */
  notBefore: number;
  /** How the URLs that it names were, when it was told. */
  toldChildren: string;
}

/** A file that was read and is not told yet. */
export interface HeldReading {
  readonly node: UrlNode;
  readonly result: Extract<FileResult, { readonly status: 'read' }>;
  readonly targets: readonly ResolvedUrlTarget[];
}

/** A URL that was never looked at. */
export function newNode(file: TreeFile, depth: number): UrlNode {
  return {
    file,
    depth,
    status: 'new',
    message: '',
    content: undefined,
    optional: false,
    failures: 0,
    notBefore: 0,
    toldChildren: '',
  };
}

/** How the URLs that a file names are: an equal text says that it need not be told again. */
export function childrenOf(file: TreeFile, nodes: ReadonlyMap<string, UrlNode>): string {
  const states = Array.from(file.children, (url) => {
    const child = nodes.get(url);
    return child === undefined || isFine(child) ? '' : `${url} ${child.status} ${child.message}`;
  });
  return states.every((state) => state === '') ? '' : hash(states.join('\n'));
}

/** What the targets of a file lead to. */
export interface Aims {
  readonly findings: readonly Finding[];
  readonly links: readonly TargetLink[];
  /** Refs of Location entities that lead nowhere. */
  readonly aimless: ReadonlySet<string>;
}

/** @param needsAll true where a Location with one bad target leads nowhere, as in Backstage */
export function aimsOf(
  targets: readonly ResolvedUrlTarget[],
  nodes: ReadonlyMap<string, UrlNode>,
  needsAll: boolean,
): Aims {
  const findings: Finding[] = [];
  const useful = new Map<string, boolean>();
  for (const resolved of targets) {
    const finding = faultOf(resolved, nodes);
    if (finding !== undefined) findings.push(finding);
    const child = resolved.type === 'url' ? nodes.get(resolved.url) : undefined;
    const isUseful = finding === undefined && child?.file.isBroken !== true;
    const { entityRef } = resolved.target;
    const before = useful.get(entityRef);
    useful.set(entityRef, needsAll ? (before ?? true) && isUseful : before === true || isUseful);
  }
  const links = targets.flatMap((resolved) => (resolved.type === 'link' ? [resolved.link] : []));
  const aimless = new Set([...useful].filter(([, isUseful]) => !isUseful).map(([ref]) => ref));
  return { findings, links, aimless };
}

function faultOf(resolved: ResolvedUrlTarget, nodes: ReadonlyMap<string, UrlNode>): Finding | undefined {
  if (resolved.type === 'refused') return resolved.finding;
  const child = resolved.type === 'url' ? nodes.get(resolved.url) : undefined;
  if (child?.status === 'missing')
    return resolved.target.optional ? undefined : missing(resolved.target, child.message);
  return child?.status === 'failed' ? unreadable(resolved.target, child.message) : undefined;
}

function missing(target: LocationTarget, message: string): Finding {
  return { ...missingTarget(target, false), message };
}

function unreadable(target: LocationTarget, message: string): Finding {
  return { ...targetFinding(target, UNREADABLE, 'error', '', KEPT), message };
}

/** Code of a location that cannot be read for now. */
export const UNREADABLE = 'location-unreadable';
/** What becomes of the entities of such a location. */
export const KEPT = 'What it held before is kept until it can be read again';

function isFine({ status, file, optional }: UrlNode): boolean {
  return !file.isBroken && (status === 'ok' || status === 'new' || (status === 'missing' && optional));
}

/** A short text that stands for a long one. */
export function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
