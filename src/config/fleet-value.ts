import { homedir } from 'node:os';
import { delimiter, resolve } from 'node:path';
import { formatEntityRef, parseEntityRef } from '../model/ref.ts';
import type { ConfigNode } from './config-node.ts';
import {
  type CatalogClustersConfig,
  type ClusterRule,
  type CustomResourceConfig,
  type ImpersonationConfig,
  type KubeconfigSetting,
  type NamespaceOwner,
  prefixedImpersonation,
} from './fleet-config.ts';
import { eachItem, readFields, type Read } from './structured-value.ts';
import { choice, scalarText, text, truth, webUrl, type Parsed, type Parser } from './value.ts';

/** `fleet.kubeconfigs`: paths, or maps with the contexts to take. */
export function kubeconfigs(): Parser<readonly KubeconfigSetting[]> {
  const expected = 'a list of paths, or of {path: ..., contexts: [...]}';
  return (node) =>
    node.kind === 'list' ? eachItem(node, expected, readKubeconfigItem) : one(readKubeconfigItem(node));
}

function one<Item>(read: Read<Item>): Read<readonly Item[]> {
  return read.ok ? { ok: true, value: [read.value] } : read;
}

function readKubeconfigItem(node: ConfigNode): Read<KubeconfigSetting> {
  if (node.kind !== 'map') {
    const paths = joinedPaths(node);
    return paths.ok ? { ok: true, value: { paths: paths.value } } : paths;
  }
  const read = readFields(node, { path: joinedPaths, contexts: globs });
  if (!read.ok) return read;
  const { path: paths, contexts } = read.value;
  if (paths === undefined) return { ok: false, expected: 'a map with path', at: node };
  return { ok: true, value: { paths, ...(contexts !== undefined && { contexts }) } };
}

/** Several files in one text are joined, as those of KUBECONFIG are. */
function joinedPaths(node: ConfigNode): Parsed<readonly string[]> {
  const parts = (scalarText(node) ?? '').split(delimiter).filter((part) => part !== '');
  if (parts.length === 0) return { ok: false, expected: 'the path of a kubeconfig file' };
  // A shell would have said where home is; a file has no shell.
  const placed = parts.map((part) => part.replace(/^~(?=\/)/, homedir()));
  return { ok: true, value: placed.map((part) => resolve(node.place.folder, part)) };
}

function globs(node: ConfigNode): Read<readonly string[]> {
  return eachItem(node, 'a list of globs such as prod-*', text('a glob such as prod-*'));
}

/** `fleet.inCluster`: true for the name `in-cluster`, or a name; false reads to an empty one. */
export function inCluster(): Parser<string> {
  return (node) => {
    const isIt = truth()(node);
    if (isIt.ok) return { ok: true, value: isIt.value ? 'in-cluster' : '' };
    return text('true, false, or the name of the cluster')(node);
  };
}

const clusterHost = /^(\*|(\*\.)?([a-z0-9]([a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\])(:\d{1,5})?)$/;

function readClusterHost(node: ConfigNode): Read<string> {
  const host = scalarText(node)?.toLowerCase() ?? '';
  if (clusterHost.test(host)) return { ok: true, value: host };
  return { ok: false, expected: 'a host such as api.example, api.example:6443, *.example or *', at: node };
}

/** `fleet.catalog`: false, true, or which hosts entities may name. */
export function catalogClusters(): Parser<CatalogClustersConfig | false> {
  return (node) => {
    if (node.kind !== 'map') {
      const isIt = truth()(node);
      if (!isIt.ok) return { ok: false, expected: 'true, false or {hosts: [...]}' };
      return { ok: true, value: isIt.value && { hosts: [], isInsecureAllowed: false } };
    }
    const hosts = (list: ConfigNode): Read<readonly string[]> => eachItem(list, 'a list of hosts', readClusterHost);
    const read = readFields(node, { hosts, allowSkipTLSVerify: truth() });
    if (!read.ok) return read;
    const { hosts: allowed = [], allowSkipTLSVerify = false } = read.value;
    return { ok: true, value: { hosts: allowed, isInsecureAllowed: allowSkipTLSVerify } };
  };
}

/** `fleet.clusters`: what is said of clusters by their names. */
export function clusterRules(): Parser<readonly ClusterRule[]> {
  return (node) => eachItem(node, 'a list of {match, labels, protected, acting, title, dashboardUrl}', readRule);
}

function readRule(node: ConfigNode): Read<ClusterRule> {
  const read = readFields(node, {
    match: text(),
    labels: readLabels,
    protected: truth(),
    acting: truth(),
    title: text(),
    dashboardUrl: webUrl(),
  });
  if (!read.ok) return read;
  const { match, protected: isProtected, acting: isActing, ...rest } = read.value;
  if (match === undefined) return { ok: false, expected: 'a map with match, a glob of names such as prod-*', at: node };
  const said = { ...(isProtected !== undefined && { isProtected }), ...(isActing !== undefined && { isActing }) };
  return { ok: true, value: { match, ...said, ...rest } };
}

/** `fleet.impersonation`: as whom people act on clusters. */
export function impersonation(): Parser<ImpersonationConfig> {
  return (node) => {
    const read = readFields(node, {
      user: choice(['ref', 'name', 'email']),
      userPrefix: namePrefix,
      groupPrefix: namePrefix,
    });
    return read.ok ? { ok: true, value: { ...prefixedImpersonation, ...read.value } } : read;
  };
}

/** An empty one is meant where the clusters know their people by the same names. */
function namePrefix(node: ConfigNode): Parsed<string> {
  const value = scalarText(node) ?? '';
  const isUsable = /^[a-z0-9:._/@-]{0,64}$/i.test(value) && !/^system:/i.test(value);
  return isUsable ? { ok: true, value } : { ok: false, expected: 'a prefix such as callboard:, and not system:' };
}

function readLabels(node: ConfigNode): Read<Readonly<Record<string, string>>> {
  if (node.kind !== 'map') return { ok: false, expected: 'a map of labels', at: node };
  const labels: [string, string][] = [];
  for (const [key, child] of node.entries) {
    const value = scalarText(child);
    if (value === undefined) return { ok: false, expected: `a text for the label ${key}`, at: child };
    labels.push([key, value]);
  }
  return { ok: true, value: Object.fromEntries(labels) };
}

/** `fleet.namespaceOwners`: who owns what runs in namespaces. */
export function namespaceOwners(): Parser<readonly NamespaceOwner[]> {
  return (node) => eachItem(node, 'a list of {match, owner}', readNamespaceOwner);
}

function readNamespaceOwner(node: ConfigNode): Read<NamespaceOwner> {
  const read = readFields(node, { match: text(), owner: ownerRef });
  if (!read.ok) return read;
  const { match, owner } = read.value;
  if (match === undefined || owner === undefined)
    return { ok: false, expected: 'a map with match, a glob of namespaces, and owner', at: node };
  return { ok: true, value: { match, owner } };
}

function ownerRef(node: ConfigNode): Parsed<string> {
  const parts = parseEntityRef(scalarText(node) ?? '', { defaultKind: 'group' });
  if (parts === undefined || !/^(group|user)$/i.test(parts.kind))
    return { ok: false, expected: 'the ref of a group or user such as group:default/payments' };
  return { ok: true, value: formatEntityRef(parts) };
}

const lowerName = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;
const kindName = /^[A-Z][A-Za-z0-9]{0,62}$/;

/** `fleet.customResources`: what is read beside the known kinds. */
export function customResources(): Parser<readonly CustomResourceConfig[]> {
  return (node) => eachItem(node, 'a list of {group, kind, plural}', readCustomResource);
}

function matching(pattern: RegExp, expected: string): Parser<string> {
  return (node) => {
    const value = scalarText(node) ?? '';
    return pattern.test(value) ? { ok: true, value } : { ok: false, expected };
  };
}

function readCustomResource(node: ConfigNode): Read<CustomResourceConfig> {
  const read = readFields(node, {
    group: matching(lowerName, 'an API group such as argoproj.io'),
    plural: matching(lowerName, 'the name in paths, such as rollouts'),
    kind: matching(kindName, 'a kind such as Rollout'),
    version: matching(lowerName, 'a version such as v1alpha1'),
    namespaced: truth(),
  });
  if (!read.ok) return read;
  const { group, plural, kind, version, namespaced: isNamespaced = true } = read.value;
  if (group === undefined || plural === undefined || kind === undefined) {
    return { ok: false, expected: 'a map with group, kind and plural', at: node };
  }
  return { ok: true, value: { group, plural, kind, isNamespaced, ...(version !== undefined && { version }) } };
}
