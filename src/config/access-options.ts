import { auditOptions, type AuditSettings } from './audit-options.ts';
import type { BackstageConfig } from './backstage-config.ts';
import { externalAccess, origins } from './backstage-value.ts';
import type { Option } from './options.ts';
import { policyOptions, type PolicySettings } from './policy-options.ts';
import { resolvers } from './provider-keys.ts';
import type { SignInConfig } from './sign-in-config.ts';
import { providers } from './sign-in-value.ts';
import { seconds, truth, wholeNumber } from './value.ts';

/** The settings of who may see and do what. */
export interface AccessSettings extends PolicySettings, AuditSettings {
  readonly signInProviders: SignInConfig['providers'];
  readonly signInResolvers: SignInConfig['resolvers'];
  readonly allowUnknownUsers: boolean;
  readonly sessionIdleHours: number;
  readonly sessionMaxHours: number;
  readonly externalAccess: BackstageConfig['externalAccess'];
  readonly appOrigins: BackstageConfig['appOrigins'];
  readonly identityTokenSeconds: number;
}

/** Their rows of the table of options. */
export const accessOptions: { readonly [Name in keyof AccessSettings]: Option<AccessSettings[Name]> } = {
  ...policyOptions,
  ...auditOptions,
  signInProviders: {
    yaml: 'signIn.providers',
    env: [],
    type: 'list of {id, type, ...}, the type one of oidc, github, proxy',
    byDefault: 'none: nobody can sign in',
    description: 'The ways to sign in; docs/how-to/sign-in.md has the keys of each type.',
    secret: true,
    parse: providers(),
  },
  signInResolvers: {
    yaml: 'signIn.resolvers',
    env: [],
    type: 'list of {by, ...}, by one of email, emailLocalPart, login, annotation, ref',
    byDefault: '[{by: email}]',
    description:
      'How the entity of a person who signs in is found; the first rule that finds exactly one wins. A provider may have ' +
      'resolvers of its own.',
    parse: resolvers(),
  },
  allowUnknownUsers: {
    yaml: 'signIn.allowUnknownUsers',
    env: ['CALLBOARD_ALLOW_UNKNOWN_USERS'],
    type: 'true or false',
    byDefault: 'false',
    description:
      'Whether somebody who has no User entity may sign in, as user:<provider>/<name>-<mark>, a ref that no other can get.',
    parse: truth(),
  },
  sessionIdleHours: {
    yaml: 'signIn.sessions.idleHours',
    env: ['CALLBOARD_SESSION_IDLE_HOURS'],
    type: 'whole number',
    unit: 'hours',
    byDefault: '12',
    description: 'A session that is not used for this long ends.',
    parse: wholeNumber(1, 8760),
  },
  sessionMaxHours: {
    yaml: 'signIn.sessions.maxHours',
    env: ['CALLBOARD_SESSION_MAX_HOURS'],
    type: 'whole number',
    unit: 'hours',
    byDefault: '168',
    description: 'A session ends after this long, however it is used.',
    parse: wholeNumber(1, 8760),
  },
  externalAccess: {
    yaml: 'backstage.externalAccess',
    env: [],
    type: 'list of {type, options, accessRestrictions}, the type one of static, legacy, jwks',
    byDefault: 'none',
    description:
      'Callers from outside that bring a token of Backstage’s kind, as its backend.auth.externalAccess names them; ' +
      'docs/how-to/backstage-auth.md has the keys.',
    secret: true,
    parse: externalAccess(),
  },
  appOrigins: {
    yaml: 'backstage.appOrigins',
    env: ['CALLBOARD_BACKSTAGE_APP_ORIGINS'],
    split: (written) => written.split(','),
    type: 'list of origins',
    byDefault: 'none but that of baseUrl',
    description:
      'Origins of Backstage frontends that are served from elsewhere. Their pages may act here for whoever is signed in: ' +
      'name only what you run yourself. In the environment separated by commas.',
    parse: origins(),
  },
  identityTokenSeconds: {
    yaml: 'backstage.identityTokenSeconds',
    env: [],
    type: 'number or time such as 30m, from 10m to 24h',
    unit: 'seconds',
    byDefault: '3600',
    description: 'How long an identity token for Backstage’s clients holds; they fetch a new one before.',
    parse: seconds(86_400, 600),
  },
};
