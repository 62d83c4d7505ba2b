import { Type, type Static } from 'typebox';
import { defineRoute } from './route.ts';
import { Abilities, PrincipalItem, SignInProvider } from './session.ts';

/** A page that a manifest adds to the web interface. */
export const UiPage = Type.Object({
  manifest: Type.String({ description: 'Id of the manifest that adds it' }),
  path: Type.String({ description: 'Path in the web interface', examples: ['/hello'] }),
  title: Type.String(),
  module: Type.Optional(
    Type.String({
      description: 'URL path of the ES module whose default export is the React component; absent for built-in pages',
      examples: ['/plugins/hello/page.js'],
    }),
  ),
});
export type UiPage = Static<typeof UiPage>;

/** What the web interface must know before it can show anything. */
export const Ui = Type.Object({
  organization: Type.String({ description: 'Name of the organisation whose catalog this is' }),
  version: Type.String({ description: 'Version of this server' }),
  demo: Type.Boolean({ description: 'True while the demo organisation is shown because nothing else was configured' }),
  principal: PrincipalItem,
  signIn: Type.Object(
    {
      providers: Type.Array(SignInProvider),
      contact: Type.String({ description: 'Whom to ask for access, one sentence.' }),
    },
    { description: 'How to sign in; no providers: nobody can, everybody is a guest.' },
  ),
  abilities: Abilities,
  pages: Type.Array(UiPage),
});
export type Ui = Static<typeof Ui>;

/** What the web interface starts from. */
export const getUi = defineRoute({
  method: 'GET',
  path: '/api/v1/ui',
  summary: 'What the web interface starts from: organisation, principal, pages of all manifests',
  tag: 'Interface',
  permission: 'public',
  response: Ui,
});
