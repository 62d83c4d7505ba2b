import { nodeAt, scalarNode } from './config-node.ts';
import type { ConfigNode } from './config-node.ts';
import { readSetting, unsetIn } from './layer.ts';
import type { Findings, Layer } from './layer.ts';

/** What Backstage's older keys stand for. */
const KEYS_SUBJECT = 'backstage-plugin';

/** Reads whom Backstage's configuration lets in beside its users: external callers, and frontends of other origins. */
export function readAppAccess(layer: Layer, root: ConfigNode, findings: Findings): void {
  const external = [
    ...itemsOf(nodeAt(root, 'backend', 'auth', 'externalAccess')),
    ...itemsOf(nodeAt(root, 'backend', 'auth', 'keys')).map(asLegacy),
  ];
  const { place } = root;
  const items = withoutUnset(external, 'backend.auth', findings);
  if (items.length > 0) {
    readSetting(layer, 'externalAccess', { kind: 'list', place, items }, findings, 'backend.auth.externalAccess');
  }
  const expiration = nodeAt(root, 'auth', 'backstageTokenExpiration');
  if (expiration !== undefined) {
    readSetting(layer, 'identityTokenSeconds', expiration, findings, 'auth.backstageTokenExpiration');
  }
  const pages = [...itemsOf(nodeAt(root, 'app', 'baseUrl')), ...itemsOf(nodeAt(root, 'backend', 'cors', 'origin'))];
  const origins = withoutUnset(pages, 'backend.cors', findings);
  if (origins.length > 0) {
    readSetting(layer, 'appOrigins', { kind: 'list', place, items: origins }, findings, 'backend.cors.origin');
  }
}

/** As in Backstage, what needs a variable that is not set counts as not written; here that is said. */
function withoutUnset(nodes: readonly ConfigNode[], key: string, findings: Findings): readonly ConfigNode[] {
  return nodes.filter((node) => {
    const unset = unsetIn(node);
    if (unset === undefined) return true;
    findings.notices.push(`${unset.place.label}: an entry of ${key} is left out, ${unset.unset.join(', ')} is not set`);
    return false;
  });
}

function itemsOf(node: ConfigNode | undefined): readonly ConfigNode[] {
  if (node === undefined) return [];
  return node.kind === 'list' ? node.items : [node];
}

/** `backend.auth.keys`: `{secret}` is a signing secret of Backstage's own backends. */
function asLegacy(node: ConfigNode): ConfigNode {
  if (node.kind !== 'map') return node;
  const { place } = node;
  const options = new Map([...node.entries, ['subject', scalarNode(KEYS_SUBJECT, place)] as const]);
  return {
    kind: 'map',
    place,
    entries: new Map<string, ConfigNode>([
      ['type', scalarNode('legacy', place)],
      ['options', { kind: 'map', place, entries: options }],
    ]),
  };
}
