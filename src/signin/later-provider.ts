import type { RedirectProvider } from './provider.ts';

/** What a provider does where all that it may do is done. */
type FullProvider = Required<RedirectProvider>;

/**
 * A provider whose code is loaded when it is first needed: the libraries of OpenID Connect take longer to load, and more
 * memory, than everything else that a server at rest needs of signing in.
 *
 * @param load makes the provider; called once
 */
export function laterProvider(id: string, load: () => Promise<FullProvider>): FullProvider {
  let loading: Promise<FullProvider> | undefined;
  const provider = (): Promise<FullProvider> => (loading ??= load());
  return {
    id,
    authorizationUrl: async (secrets) => (await provider()).authorizationUrl(secrets),
    identify: async (callback, flow) => (await provider()).identify(callback, flow),
    recheck: async (session) => (await provider()).recheck(session),
    leave: async (session) => (await provider()).leave(session),
    logoutOf: async (token) => (await provider()).logoutOf(token),
  };
}
