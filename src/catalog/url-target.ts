import type { LocationTarget } from './descriptor.ts';
import type { Finding } from './finding.ts';
import { targetFinding } from './location-target.ts';
import type { TargetLink } from './source.ts';

/** What a target of a Location means that stands in a file behind a URL. */
export type ResolvedUrlTarget =
  | { readonly type: 'url'; readonly url: string; readonly target: LocationTarget }
  /** What another source must read. */
  | { readonly type: 'link'; readonly link: TargetLink; readonly target: LocationTarget }
  | { readonly type: 'refused'; readonly finding: Finding; readonly target: LocationTarget };

/** A repository that is not a folder of this machine. */
const REMOTE_REPOSITORY = /^(?:(?:https|ssh):\/\/|[\w.-]+@[\w.-]+:)/i;

/**
 * Resolves a target. A full URL is taken as it is written; anything else is meant from the URL of the file. Files and
 * folders of this machine are never named from afar.
 *
 * @param base URL of the file
 * @param isForeign true for a URL that another source reads
 */
export function resolveUrlTarget(
  target: LocationTarget,
  base: string,
  isForeign: (url: string) => boolean,
): ResolvedUrlTarget {
  const { type, target: written, entityRef, optional } = target;
  const refuse = (code: string, what: string, fix: string): ResolvedUrlTarget => {
    return { type: 'refused', target, finding: targetFinding(target, code, 'error', what, fix) };
  };
  if (type === 'git') {
    if (REMOTE_REPOSITORY.test(written)) {
      return { type: 'link', target, link: { location: `git:${written}`, entityRef, optional } };
    }
    return refuse('target-outside', 'A file behind a URL may only name remote repositories', 'Name it by https or ssh');
  }
  if (type !== 'url') {
    const what = `A file behind a URL may not name targets of type ${type}`;
    return refuse('target-unsupported', what, 'Use the type url; a target may be relative to this file');
  }
  const url = URL.canParse(written) ? written : URL.parse(written, base)?.href;
  if (url === undefined || !/^https?:\/\//i.test(url)) {
    return refuse(
      'target-unsupported',
      'The target is no http(s) URL',
      'Name an http(s) URL, or one relative to this file',
    );
  }
  if (written === '' || written.endsWith('/')) {
    return refuse('target-missing', 'A target must name a file', 'Add the name of the file');
  }
  if (isForeign(url)) return { type: 'link', target, link: { location: `url:${url}`, entityRef, optional } };
  return { type: 'url', url, target };
}
