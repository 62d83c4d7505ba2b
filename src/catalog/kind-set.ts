import { createHash } from 'node:crypto';
import { canonicalJson } from '../base/canonical-json.ts';
import type { KindDefinition } from '../model/kinds.ts';

/** The kinds of this installation and a fingerprint of the rules that descriptors are read by. */
export interface KindSet {
  readonly kinds: readonly KindDefinition[];
  readonly fingerprint: string;
}

/** Changes whenever the same file would be read differently, so that a new version reads everything once more. */
const RULES_VERSION = 1;

/** Describes a list of kinds. */
export function kindSet(kinds: readonly KindDefinition[]): KindSet {
  const fingerprint = createHash('sha256')
    .update(`${RULES_VERSION}${canonicalJson(kinds)}`)
    .digest('hex')
    .slice(0, 16);
  return { kinds, fingerprint };
}
