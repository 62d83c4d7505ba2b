import type { KubeObject } from '../../kube/reflection.ts';
import type { Cell } from '../../live/column.ts';
import { conditionsCell } from './conditions.ts';
import { lines, list, text, tree, whole, type Tree } from './json-read.ts';
import { selectorText } from './selector-text.ts';

/** Lines without those that were there already. */
function distinct(values: readonly (string | undefined)[]): string | undefined {
  return lines([...new Set(values)]);
}

/** Addresses that a load balancer was given. */
function balancerAddresses(status: Tree): string | undefined {
  const given = list(tree(status['loadBalancer'])['ingress']).map(tree);
  return lines(given.map(({ ip, hostname }) => text(hostname) ?? text(ip)));
}

function portLine(item: unknown): string {
  const { name, port, protocol, appProtocol } = tree(item);
  const parts = [text(name), `${whole(port) ?? '?'}/${text(protocol) ?? 'TCP'}`, text(appProtocol)];
  return parts.filter((part) => part !== undefined).join(' ');
}

/** Cells of a Service. */
export function serviceCells(object: KubeObject): Cell[] {
  const spec = tree(object['spec']);
  return [
    text(spec['type']) ?? 'ClusterIP',
    selectorText(spec['selector']),
    lines(list(spec['ports']).map(portLine)),
    balancerAddresses(tree(object['status'])),
  ];
}

function backendService(backend: unknown): string | undefined {
  const { service, serviceName } = tree(backend);
  return text(tree(service)['name']) ?? text(serviceName);
}

/** Cells of an Ingress. */
export function ingressCells(object: KubeObject): Cell[] {
  const spec = tree(object['spec']);
  const rules = list(spec['rules']).map(tree);
  const backends = rules.flatMap(({ http }) => list(tree(http)['paths']).map((path) => tree(path)['backend']));
  return [
    text(spec['ingressClassName']) ?? text(tree(object.metadata['annotations'])['kubernetes.io/ingress.class']),
    distinct(rules.map(({ host }) => text(host))),
    distinct([...backends, spec['defaultBackend'], spec['backend']].map(backendService)),
    balancerAddresses(tree(object['status'])),
  ];
}

/** Conditions that each gateway gives a route, as if they were the route's own. */
function routeConditions(status: Tree): readonly unknown[] {
  return list(status['parents']).flatMap((parent) => list(tree(parent)['conditions']));
}

/** Cells of an HTTPRoute. */
export function httpRouteCells(object: KubeObject): Cell[] {
  const spec = tree(object['spec']);
  const backends = list(spec['rules']).flatMap((rule) => list(tree(rule)['backendRefs']).map(tree));
  return [
    lines(list(spec['hostnames']).map(text)),
    distinct(backends.map(({ name }) => text(name))),
    distinct(list(spec['parentRefs']).map((parent) => text(tree(parent)['name']))),
    conditionsCell(routeConditions(tree(object['status']))),
  ];
}
