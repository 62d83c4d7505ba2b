import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Input of one decision. */
export interface AskedDecision {
  readonly principal: { readonly ref: string; readonly kind: string; readonly claims: readonly string[] };
  readonly permission: string;
  readonly resource: string;
}

/** How the server behaves instead of deciding. */
export type OpaFault = 'error' | 'slow' | 'cut' | 'redirect' | 'huge' | 'form' | undefined;

/** A server with the data API of an Open Policy Agent, and one document, `callboard/decision`. */
export interface OpaServer {
  /** Of the document. */
  readonly url: string;
  /** What the document is for an input; undefined: the policy does not define it. */
  rule: (input: AskedDecision) => unknown;
  fault: OpaFault;
  /** Everything that was asked. */
  readonly asked: AskedDecision[];
  close(): Promise<void>;
}

/**
 * Starts one. It keeps the rules of the agent's REST API: POST of `{input}` to `/v1/data/<path>`, 200 with `result` and a
 * `decision_id`, 200 without `result` for what is not defined, 400 and 500 with `code` and `message`.
 */
export async function startOpaServer(): Promise<OpaServer> {
  const state: { rule: OpaServer['rule']; fault: OpaFault } = { rule: () => undefined, fault: undefined };
  const asked: AskedDecision[] = [];
  const server = createServer((request, response) => void answer(request, response));
  const send = (response: ServerResponse, status: number, body: object): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    if (state.fault !== undefined) return misbehave(state.fault, response);
    const decision = { decision_id: '4ca636c1-55e4-417a-b1d8-4aceb67960d1' };
    if (request.method !== 'POST' || request.url !== '/v1/data/callboard/decision')
      return send(response, 200, decision);
    let input: AskedDecision;
    try {
      ({ input } = JSON.parse(text) as { input: AskedDecision });
    } catch {
      return send(response, 400, { code: 'invalid_parameter', message: 'body contains malformed input document' });
    }
    asked.push(input);
    const result = state.rule(input);
    send(response, 200, result === undefined ? decision : { ...decision, result });
  }
  function misbehave(fault: OpaFault, response: ServerResponse): void {
    if (fault === 'error') send(response, 500, { code: 'internal_error', message: 'error(s) occurred: secret detail' });
    else if (fault === 'redirect') response.writeHead(302, { location: '/v1/data/callboard/decision' }).end();
    else if (fault === 'huge') send(response, 200, { result: true, more: 'x'.repeat(100_000) });
    else if (fault === 'form') send(response, 200, { result: 'yes' });
    else if (fault === 'cut') response.writeHead(200).write('{"resu', () => response.destroy());
    // slow: it never answers
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1/data/callboard/decision`,
    get rule() {
      return state.rule;
    },
    set rule(rule) {
      state.rule = rule;
    },
    get fault() {
      return state.fault;
    },
    set fault(fault) {
      state.fault = fault;
    },
    asked,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
