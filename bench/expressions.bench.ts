// What evaluating an expression on one entity costs, beside the reference implementation for JavaScript (bench/peers)
// and beside the evaluator of the library that parses for us, on the same values.
import { Environment } from '@marcbachmann/cel-js';
import { compileExpression } from '../src/cel/expression.ts';
import type { Subject } from '../src/model/predicate.ts';
import { type Figure, figure, given, keep } from './measure.ts';

const CALLS = 20_000;
const entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'seat-keeper', namespace: 'default', tags: ['kotlin', 'tier-1', 'grpc', 'postgres'] },
  spec: { type: 'service', lifecycle: 'production', owner: 'box-office', replicas: 3 },
};
const subject: Subject = { ref: 'component:default/seat-keeper', entity, relations: {}, facts: {} };
const context = { principal: { ref: 'user:default/guest', claims: new Set<string>() } };

const expressions = {
  'an equality': 'kind == "Component"',
  'three conditions': 'kind == "Component" && spec.lifecycle == "production" && spec.type != "library"',
  'a macro over four tags': 'metadata.tags.exists(tag, tag.startsWith("tier-"))',
  'a regular expression': 'metadata.name.matches("^[a-z]+-[a-z]+$")',
};

interface Peer {
  readonly name: string;
  readonly compile: (source: string) => () => unknown;
}

const callboard: Peer = {
  name: 'Callboard',
  compile(source) {
    const result = compileExpression(source);
    if (!result.ok) throw new Error(result.problem.message);
    return () => result.expression.evaluate(subject, context);
  },
};

const celJs: Peer = {
  name: 'cel-js',
  compile(source) {
    const evaluate = new Environment({ unlistedVariablesAreDyn: true }).parse(source);
    return () => evaluate(entity) as unknown;
  },
};

/** The peer from its own lockfile, where it is installed. */
async function bufbuild(): Promise<Peer> {
  const module = new URL('peers/node_modules/@bufbuild/cel/dist/esm/index.js', import.meta.url).href;
  const { celEnv, parse, plan } = (await import(module)) as {
    celEnv: () => unknown;
    parse: (source: string) => unknown;
    plan: (env: unknown, expression: unknown) => (bindings: object) => unknown;
  };
  const bindings = { kind: entity.kind, metadata: mapOf(entity.metadata), spec: mapOf(entity.spec) };
  return {
    name: '@bufbuild/cel',
    compile(source) {
      const evaluate = plan(celEnv(), parse(source));
      return () => evaluate(bindings);
    },
  };
}

function mapOf(value: object): Map<string, unknown> {
  return new Map(Object.entries(value));
}

/** Microseconds a call. */
function micro(call: () => unknown): number {
  const started = performance.now();
  for (let index = 0; index < CALLS; index += 1) call();
  return ((performance.now() - started) / CALLS) * 1000;
}

const figures: Figure[] = [];
const peers = [callboard, celJs, await bufbuild()];
for (const [what, source] of Object.entries(expressions)) {
  const calls = peers.map((peer) => ({ peer, call: peer.compile(source) }));
  for (const { peer, call } of calls) {
    if (call() !== true) throw new Error(`${peer.name} does not find ${source} true`);
    micro(call);
  }
  const measured: number[] = [];
  for (const { peer, call } of calls) {
    const one = await figure(`${what}: ${peer.name}`, 'us', () => micro(call), 5);
    figures.push(one);
    measured.push(one.median);
  }
  const [own = Number.NaN, , peer = Number.NaN] = measured;
  figures.push(given(`${what}: @bufbuild/cel costs`, 'x', [peer / own]));
}
keep('expressions', figures);
