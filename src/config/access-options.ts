import type { Option } from './options.ts';
import { resolvers } from './provider-keys.ts';
import type { SignInConfig } from './sign-in-config.ts';
import { providers } from './sign-in-value.ts';
import { truth, wholeNumber } from './value.ts';

/** The settings of who may see and do what. */
export interface AccessSettings {
  readonly signInProviders: SignInConfig['providers'];
  readonly signInResolvers: SignInConfig['resolvers'];
  readonly allowUnknownUsers: boolean;
  readonly sessionIdleHours: number;
  readonly sessionMaxHours: number;
}

/** Their rows of the table of options. */
export const accessOptions: { readonly [Name in keyof AccessSettings]: Option<AccessSettings[Name]> } = {
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
};
