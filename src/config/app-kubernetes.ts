import { nodeAt, type ConfigNode } from './config-node.ts';
import { readSetting, unsetIn, type Findings, type Layer } from './layer.ts';

/**
 * Reads Backstage's section `kubernetes`. A cluster that needs a variable which is not set is left out, and that is said: the
 * others are read.
 */
export function readAppKubernetes(layer: Layer, root: ConfigNode, findings: Findings): void {
  const node = nodeAt(root, 'kubernetes');
  if (node === undefined) return;
  readSetting(layer, 'backstageKubernetes', withoutUnset(node, findings), findings, 'kubernetes');
}

function withoutUnset(node: ConfigNode, findings: Findings): ConfigNode {
  if (node.kind === 'scalar') return node;
  const isKept = (child: ConfigNode): boolean => {
    const unset = child.kind === 'list' ? undefined : unsetIn(child);
    if (unset === undefined || holdsLists(child)) return true;
    findings.notices.push(
      `${unset.place.label}: a part of kubernetes is left out, ${unset.unset.join(', ')} is not set`,
    );
    return false;
  };
  if (node.kind === 'list') {
    return { ...node, items: node.items.filter(isKept).map((item) => withoutUnset(item, findings)) };
  }
  const kept = [...node.entries].filter(([, child]) => isKept(child));
  return { ...node, entries: new Map(kept.map(([key, child]) => [key, withoutUnset(child, findings)])) };
}

/** Locators hold clusters, each of which can be left out by itself. */
function holdsLists(node: ConfigNode): boolean {
  return node.kind === 'map' && [...node.entries.values()].some((child) => child.kind === 'list');
}
