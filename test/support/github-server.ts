import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An account of the stand-in, with what its API would say. */
export interface GithubAccount {
  readonly id: number;
  readonly login: string;
  readonly name?: string | null;
  /** Public address of the profile, which anybody may type in. */
  readonly email?: string | null;
  readonly emails?: readonly { readonly email: string; readonly primary: boolean; readonly verified: boolean }[];
  readonly organizations?: readonly string[];
  /** `organization/slug`. */
  readonly teams?: readonly string[];
}

/** A stand-in for GitHub Enterprise Server on loopback: its OAuth and REST answers as its documentation has them. */
export interface GithubServer {
  readonly url: string;
  /** Who is signed in there and agrees at once; undefined: somebody who does not agree. */
  account: GithubAccount | undefined;
  readonly requests: string[];
  close(): Promise<void>;
}

interface Grant {
  readonly account: GithubAccount;
  readonly challenge: string;
  readonly redirect: string;
  readonly scopes: readonly string[];
}

/** Starts the stand-in with one OAuth app. */
export async function startGithubServer(app: {
  readonly clientId: string;
  readonly clientSecret: string;
}): Promise<GithubServer> {
  const codes = new Map<string, Grant>();
  const tokens = new Map<string, Grant>();
  const requests: string[] = [];
  const state: { account: GithubAccount | undefined } = { account: undefined };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://local');
    requests.push(`${request.method ?? ''} ${url.pathname}`);
    void answer(request, response, url);
  });

  async function answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    if (url.pathname === '/login/oauth/authorize') authorize(response, url.searchParams);
    else if (url.pathname === '/login/oauth/access_token') json(response, 200, exchange(await formOf(request)));
    else if (url.pathname.startsWith('/api/v3/')) {
      const [status, body] = api(url, request.headers.authorization ?? '');
      json(response, status, body);
    } else json(response, 404, { message: 'Not Found' });
  }

  function authorize(response: ServerResponse, query: URLSearchParams): void {
    const back = new URL(query.get('redirect_uri') ?? '');
    back.searchParams.set('state', query.get('state') ?? '');
    if (state.account === undefined) {
      back.searchParams.set('error', 'access_denied');
      back.searchParams.set('error_description', 'The user has denied your application access.');
    } else {
      const code = `code-${codes.size}`;
      const [challenge, scope] = [query.get('code_challenge') ?? '', query.get('scope') ?? ''];
      codes.set(code, {
        account: state.account,
        challenge,
        redirect: query.get('redirect_uri') ?? '',
        scopes: scope.split(' '),
      });
      back.searchParams.set('code', code);
    }
    response.writeHead(302, { location: back.href }).end();
  }

  /** Errors have status 200 here. */
  function exchange(form: URLSearchParams): object {
    const refusal = (error: string): object => ({
      error,
      error_description: 'See the documentation.',
      error_uri: 'https://docs',
    });
    if (form.get('client_id') !== app.clientId || form.get('client_secret') !== app.clientSecret) {
      return refusal('incorrect_client_credentials');
    }
    const code = form.get('code') ?? '';
    const grant = codes.get(code);
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (grant === undefined || grant.challenge !== challenge) return refusal('bad_verification_code');
    if (grant.redirect !== form.get('redirect_uri')) return refusal('redirect_uri_mismatch');
    codes.delete(code);
    const token = `gho_${tokens.size}`;
    tokens.set(token, grant);
    return { access_token: token, token_type: 'bearer', scope: grant.scopes.join(',') };
  }

  function api(url: URL, authorization: string): readonly [number, unknown] {
    const grant = tokens.get(authorization.replace(/^Bearer /, ''));
    if (grant === undefined) return [401, { message: 'Bad credentials' }];
    const { account, scopes } = grant;
    const page = Number(url.searchParams.get('page') ?? '1');
    const perPage = Number(url.searchParams.get('per_page') ?? '30');
    const list = (items: readonly unknown[]): readonly [number, unknown] => [
      200,
      items.slice((page - 1) * perPage, page * perPage),
    ];
    switch (url.pathname) {
      case '/api/v3/user': {
        const { id, login, name = null, email = null } = account;
        return [200, { id, login, name, email, avatar_url: `https://avatars.example/${id}` }];
      }
      case '/api/v3/user/emails':
        return scopes.includes('user:email') ? list(account.emails ?? []) : [404, { message: 'Not Found' }];
      case '/api/v3/user/orgs':
        return scopes.includes('read:org')
          ? list((account.organizations ?? []).map((login) => ({ login })))
          : [403, {}];
      case '/api/v3/user/teams':
        return scopes.includes('read:org') ? list((account.teams ?? []).map(teamOf)) : [403, {}];
      default:
        return [404, { message: 'Not Found' }];
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    get account() {
      return state.account;
    },
    set account(account) {
      state.account = account;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function teamOf(team: string): object {
  const [login, slug] = team.split('/');
  return { slug, name: slug, organization: { login } };
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const part of request) text += String(part);
  return new URLSearchParams(text);
}
