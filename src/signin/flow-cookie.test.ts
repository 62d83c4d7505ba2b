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
const expired = { code: 'SIGN_IN_EXPIRED' };

describe('the cookie of a sign-in under way', () => {
  test('is bound to host and encryption, unseen by scripts, unreadable, and ends with the sign-in', async () => {
    const { flows, clock } = cookies();
    const [line = ''] = await flows.write(flowOf('state', clock.now()), undefined);
    expect(line).toMatch(
      /^__Host-callboard-flow-[\w-]{12}=[\w-]+; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    expect(line).not.toContain(Buffer.from('"nonce"').toString('base64url'));
    const [plain = ''] = await cookies('http://localhost:7007').flows.write(flowOf('state', clock.now()), undefined);
    expect(plain).toMatch(/^callboard-flow-/);
    expect(plain).not.toContain('Secure');
  });

  test('gives back what was begun, once', async () => {
    const { flows, clock } = cookies();
    const flow = flowOf('state', clock.now());
    const [line] = await flows.write(flow, undefined);
    expect(await flows.take('okta', 'state', pair(line))).toEqual(flow);
    await expect(flows.take('okta', 'state', pair(line))).rejects.toMatchObject(expired);
    expect(flows.cleared('state')).toContain('Max-Age=0');
  });

  test('ten minutes long', async () => {
    const { flows, clock } = cookies();
    const [line] = await flows.write(flowOf('state', clock.now()), undefined);
    clock.advance(FLOW_MS);
    await expect(flows.take('okta', 'state', pair(line))).rejects.toMatchObject(expired);
  });

  test('at the provider and with the state that it was made for, in the browser that has it', async () => {
    const { flows, clock } = cookies();
    const [one] = await flows.write(flowOf('one', clock.now()), undefined);
    const [two] = await flows.write(flowOf('two', clock.now()), undefined);
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
    for (const parts of refused) await expect(flows.take(...parts)).rejects.toMatchObject(expired);
    expect((await flows.take('okta', 'one', `${pair(two)}; ${pair(one)}`)).state).toBe('one');
  });

  test('tabs have their own, and a browser keeps five', async () => {
    const { flows, clock } = cookies();
    const jar: string[] = [];
    for (const state of ['a', 'b', 'c', 'd', 'e']) {
      const lines = await flows.write(flowOf(state, clock.now()), jar.join('; '));
      expect(lines).toHaveLength(1);
      jar.push(pair(lines[0]));
    }
    const lines = await flows.write(flowOf('f', clock.now()), jar.join('; '));
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/Max-Age=0/);
  });
});
