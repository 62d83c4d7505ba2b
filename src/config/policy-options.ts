import { formatEntityRef, parseEntityRef } from '../model/ref.ts';
import type { Option } from './options.ts';
import { noPolicy, type PolicyConfig } from './policy-config.ts';
import { path, scalarText, seconds, text, webUrl, wholeNumber, type Parser } from './value.ts';

/** The settings of what is allowed. */
export interface PolicySettings {
  readonly policyFile: string;
  readonly admins: readonly string[];
  readonly accessContact: string;
  readonly opaUrl: string;
  readonly opaTimeoutMs: number;
  readonly opaCacheSeconds: number;
}

/** Refs of users, groups and services; canonical. */
function admins(): Parser<readonly string[]> {
  const expected = 'a list of refs such as user:default/jane, group:default/platform or service:default/ci';
  return (node) => {
    const found: string[] = [];
    for (const item of node.kind === 'list' ? node.items : [node]) {
      const written = scalarText(item) ?? '';
      const parts = /^(user|group|service):/i.test(written) ? parseEntityRef(written) : undefined;
      if (parts === undefined) return { ok: false, expected, at: item };
      found.push(formatEntityRef(parts));
    }
    return { ok: true, value: found };
  };
}

/** Their rows of the table of options. */
export const policyOptions: { readonly [Name in keyof PolicySettings]: Option<PolicySettings[Name]> } = {
  policyFile: {
    yaml: 'access.policy',
    env: ['CALLBOARD_ACCESS_POLICY'],
    type: 'path',
    byDefault: 'none: roles and bindings are those of the pages, where they can be changed',
    description: 'File with roles and bindings; it is watched. docs/how-to/permissions.md shows one.',
    parse: path(),
  },
  admins: {
    yaml: 'access.admins',
    env: ['CALLBOARD_ADMINS'],
    split: (written) => written.split(','),
    type: 'list of refs of users, groups and services',
    byDefault: 'none',
    description: 'Who may do everything, whatever roles and bindings say. In the environment separated by commas.',
    parse: admins(),
  },
  accessContact: {
    yaml: 'access.contact',
    env: ['CALLBOARD_ACCESS_CONTACT'],
    type: 'text',
    byDefault: 'whoever runs Callboard',
    description: 'Whom to ask for a permission, in a sentence; every refusal says it.',
    parse: text(),
  },
  opaUrl: {
    yaml: 'access.opa.url',
    env: ['CALLBOARD_OPA_URL'],
    type: 'http(s) URL',
    byDefault: 'none: roles and bindings decide',
    description:
      'Document of an Open Policy Agent that decides instead of roles, as its data API names it: ' +
      'http://localhost:8181/v1/data/callboard/decision.',
    parse: webUrl(),
  },
  opaTimeoutMs: {
    yaml: 'access.opa.timeoutMs',
    env: [],
    type: 'whole number',
    unit: 'ms',
    byDefault: '1000',
    description: 'How long the Open Policy Agent may take to answer; later is a denial.',
    parse: wholeNumber(10, 30_000),
  },
  opaCacheSeconds: {
    yaml: 'access.opa.cacheSeconds',
    env: [],
    type: 'number or time such as 1m',
    unit: 'seconds',
    byDefault: '10',
    description: 'How long an answer of the Open Policy Agent holds.',
    parse: seconds(3600),
  },
};

/** What the settings mean together. */
export function settlePolicy(all: { readonly [Name in keyof PolicySettings]?: PolicySettings[Name] }): PolicyConfig {
  return {
    file: all.policyFile,
    admins: all.admins ?? noPolicy.admins,
    opa:
      all.opaUrl === undefined
        ? undefined
        : { url: all.opaUrl, timeoutMs: all.opaTimeoutMs ?? 1000, cacheSeconds: all.opaCacheSeconds ?? 10 },
    contact: all.accessContact,
  };
}
