import { createHash } from 'node:crypto';
import type { ResolverConfig } from '../config/sign-in-config.ts';
import type { GraphReader, View } from '../graph/view.ts';
import { formatEntityRef, parseEntityRef } from '../model/ref.ts';
import { textClaim, type Identity } from './identity.ts';

/** Which entity an identity stands for. */
export type Resolution =
  | { readonly status: 'resolved'; readonly ref: string; readonly by: string; readonly name?: string | undefined }
  /** No rule found one. `tried`: the rules that had something to look for. */
  | { readonly status: 'unknown'; readonly tried: readonly string[] }
  /** A rule found several. */
  | { readonly status: 'ambiguous'; readonly by: string; readonly refs: readonly string[] };

/** How identities are resolved. */
export interface ResolveOptions {
  readonly graph: GraphReader;
  readonly rules: readonly ResolverConfig[];
  readonly allowUnknown: boolean;
}

/** Candidates of one look-up; exact comparison comes after the index, which does not know letter case. */
const CANDIDATES = 50;

/**
 * Finds the User entity of an identity: the first rule that finds one. A rule that finds several ends the search, since
 * the next one would choose between them at random.
 *
 * Looks at the whole catalog: nobody is signed in yet.
 */
export function resolveIdentity(identity: Identity, { graph, rules, allowUnknown }: ResolveOptions): Resolution {
  const view = graph.view({ kind: 'all', key: 'all', principal: { ref: 'system:sign-in', claims: new Set() } });
  const tried: string[] = [];
  for (const rule of rules) {
    const found = candidates(view, identity, rule);
    if (found === undefined) continue;
    const [ref, ...others] = found;
    if (ref === undefined) tried.push(ruleName(rule));
    else if (others.length > 0) return { status: 'ambiguous', by: ruleName(rule), refs: found };
    else return { status: 'resolved', ref, by: ruleName(rule), name: displayName(view, ref) };
  }
  if (!allowUnknown) return { status: 'unknown', tried };
  return { status: 'resolved', ref: unknownUserRef(identity), by: 'unknown user' };
}

/**
 * The ref of one who has no entity: in the provider’s own namespace, with a mark made of the subject. Nobody else of any
 * provider gets the same, and no name that somebody chooses there makes it another’s.
 */
export function unknownUserRef({ provider, subject, login, email }: Identity): string {
  const mark = createHash('sha256').update(`${provider}\n${subject}`).digest('hex').slice(0, 12);
  const spoken = (login ?? email?.split('@')[0] ?? 'user').toLowerCase();
  const slug = spoken.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
  const name = `${slug.slice(0, 40) || 'user'}-${mark}`;
  return formatEntityRef({ kind: 'user', namespace: provider, name });
}

/** Refs that a rule finds; `undefined` where the identity has nothing that the rule could look for. */
function candidates(view: View, identity: Identity, rule: ResolverConfig): readonly string[] | undefined {
  switch (rule.by) {
    case 'email': {
      const email = allowedEmail(identity, rule);
      return email === undefined ? undefined : usersWith(view, ['spec', 'profile', 'email'], email, 'any case');
    }
    case 'emailLocalPart': {
      const local = allowedEmail(identity, rule)?.split('@')[0];
      return local === undefined ? undefined : userNamed(view, local, rule);
    }
    case 'login':
      return identity.login === undefined ? undefined : userNamed(view, identity.login, rule);
    case 'annotation': {
      const value = claimOf(identity, rule.claim);
      if (value === undefined || rule.annotation === undefined) return undefined;
      // User names and addresses have no case of their own; subjects have.
      const letters = rule.claim === 'login' || rule.claim === 'email' ? 'any case' : 'exact';
      return usersWith(view, ['metadata', 'annotations', rule.annotation], value, letters);
    }
    case 'ref': {
      const value = claimOf(identity, rule.claim);
      return value === undefined ? undefined : userOfRef(view, value, rule);
    }
  }
}

function claimOf(identity: Identity, claim = 'subject'): string | undefined {
  if (claim === 'subject' || claim === 'login' || claim === 'email') return identity[claim];
  return textClaim(identity.claims, claim);
}

function allowedEmail({ email }: Identity, { allowedDomains }: ResolverConfig): string | undefined {
  const [local, domain, ...more] = email?.split('@') ?? [];
  if (!local || !domain || more.length > 0) return undefined;
  return allowedDomains === undefined || allowedDomains.includes(domain.toLowerCase()) ? email : undefined;
}

/** People may choose these names themselves: they are names and nothing else, never a ref into another namespace. */
function userNamed(view: View, name: string, rule: ResolverConfig): readonly string[] {
  return /[:/]/.test(name) ? [] : userOfRef(view, name, rule);
}

function userOfRef(view: View, written: string, { namespace }: ResolverConfig): readonly string[] {
  const parts = parseEntityRef(written, { defaultKind: 'user', defaultNamespace: namespace });
  if (parts?.kind.toLowerCase() !== 'user') return [];
  const ref = formatEntityRef(parts);
  return view.find(ref) === undefined ? [] : [ref];
}

function usersWith(
  view: View,
  path: readonly string[],
  value: string,
  letters: 'exact' | 'any case',
): readonly string[] {
  const { ids } = view.list({
    where: {
      op: 'and',
      args: [
        { op: 'field', key: 'kind', values: ['user'] },
        { op: 'field', key: path.join('.').toLowerCase(), values: [value.toLowerCase()] },
      ],
    },
    limit: CANDIDATES,
  });
  const fits = (written: unknown): boolean =>
    typeof written === 'string' &&
    (letters === 'exact' ? written === value : written.toLowerCase() === value.toLowerCase());
  return ids.filter((id) => fits(valueAt(view.document(id), path))).map((id) => view.refOf(id));
}

function displayName(view: View, ref: string): string | undefined {
  const id = view.find(ref);
  const name = id === undefined ? undefined : valueAt(view.document(id), ['spec', 'profile', 'displayName']);
  return typeof name === 'string' ? name : undefined;
}

function valueAt(root: unknown, path: readonly string[]): unknown {
  let value = root;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return value;
}

function ruleName({ by, annotation }: ResolverConfig): string {
  return annotation === undefined ? by : `${by} ${annotation}`;
}
