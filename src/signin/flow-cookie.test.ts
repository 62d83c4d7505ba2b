import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { plainVault } from '../../test/support/plain-vault.ts';
import { FLOW_MS, FlowCookies, type Flow } from './flow-cookie.ts';

const flowOf = (state: string, startedAt: number): Flow => ({
  provider: 'okta',
  state,
  nonce: 'n',
  verifier: 'v',
  form: 'redirect',
  redirectPath: '/',
  startedAt,
});

function cookies(baseUrl = 'https://portal.example'): { flows: FlowCookies; clock: ManualClock } {
  const clock = new ManualClock(1_000_000);
  return { flows: new FlowCookies({ baseUrl, vault: plainVault(), clock }), clock };
}

const pair = (line = ''): string => line.split(';')[0] ?? '';
const expired = expect.objectContaining({ code: 'SIGN_IN_EXPIRED' }) as Error;

describe('the cookie of a sign-in under way', () => {
  test('is bound to host and encryption, unseen by scripts, unreadable, and ends with the sign-in', () => {
    const { flows, clock } = cookies();
    const [line = ''] = flows.write(flowOf('state', clock.now()), undefined);
    expect(line).toMatch(
      /^__Host-callboard-flow-[\w-]{12}=[\w-]+; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    expect(line).not.toContain(Buffer.from('"nonce"').toString('base64url'));
    const [plain = ''] = cookies('http://localhost:7007').flows.write(flowOf('state', clock.now()), undefined);
    expect(plain).toMatch(/^callboard-flow-/);
    expect(plain).not.toContain('Secure');
  });

  test('gives back what was begun, once', () => {
    const { flows, clock } = cookies();
    const flow = flowOf('state', clock.now());
    const [line] = flows.write(flow, undefined);
    expect(flows.take('okta', 'state', pair(line))).toEqual(flow);
    expect(() => flows.take('okta', 'state', pair(line))).toThrow(expired);
    expect(flows.cleared('state')).toContain('Max-Age=0');
  });

  test('ten minutes long', () => {
    const { flows, clock } = cookies();
    const [line] = flows.write(flowOf('state', clock.now()), undefined);
    clock.advance(FLOW_MS);
    expect(() => flows.take('okta', 'state', pair(line))).toThrow(expired);
  });

  test('at the provider and with the state that it was made for, in the browser that has it', () => {
    const { flows, clock } = cookies();
    const [one] = flows.write(flowOf('one', clock.now()), undefined);
    const [two] = flows.write(flowOf('two', clock.now()), undefined);
    const value = pair(two).split('=')[1] ?? '';
    const swapped = `${pair(one).split('=')[0] ?? ''}=${value}`;
    const refused: [string, string | null, string | undefined][] = [
      ['other', 'one', pair(one)],
      ['okta', 'three', pair(one)],
      ['okta', null, pair(one)],
      ['okta', 'one', undefined],
      ['okta', 'one', swapped],
      ['okta', 'one', `${pair(one).split('=')[0] ?? ''}=made-up`],
    ];
    for (const parts of refused) expect(() => flows.take(...parts)).toThrow(expired);
    expect(flows.take('okta', 'one', `${pair(two)}; ${pair(one)}`).state).toBe('one');
  });

  test('begun at one server is ended at another that has the same keys', () => {
    const clock = new ManualClock(1_000_000);
    const vault = plainVault();
    const [one, two] = [0, 1].map(() => new FlowCookies({ baseUrl: 'https://portal.example', vault, clock }));
    const [line] = one?.write(flowOf('state', clock.now()), undefined) ?? [];
    expect(two?.take('okta', 'state', pair(line)).state).toBe('state');
  });

  test('tabs have their own, and a browser keeps five', () => {
    const { flows, clock } = cookies();
    const jar: string[] = [];
    for (const state of ['a', 'b', 'c', 'd', 'e']) {
      const lines = flows.write(flowOf(state, clock.now()), jar.join('; '));
      expect(lines).toHaveLength(1);
      jar.push(pair(lines[0]));
    }
    const lines = flows.write(flowOf('f', clock.now()), jar.join('; '));
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/Max-Age=0/);
  });
});
