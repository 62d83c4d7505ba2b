import { isJsonObject } from '../model/json.ts';
import type { DescribedDocument } from './descriptor.ts';
import type { DescriptorDocument } from './document.ts';
import type { Finding } from './finding.ts';

// What Backstage does and we would rather not: for comparing the two over the same files, where `catalog.exact` says so.
// One bad document keeps out its whole file and the Location that names it, placeholders do not work in files, and an API
// of type mcp-server needs a definition, and so does every reference its kind (catalog-backend 4.0.0, from recorded answers).

/** Why placeholders of files stay unread. */
export const NO_PLACEHOLDERS_IN_FILES = 'placeholders are read from URLs only, as in Backstage';

/** What is a warning here and an error there: a reference that names no entity. */
export function exactSeverity(finding: Finding): Finding {
  return finding.code === 'ref-unreadable' ? { ...finding, severity: 'error' } : finding;
}

/** What Backstage refuses in a document that we take. */
export function exactFindings(document: DescriptorDocument, ref: string | undefined): readonly Finding[] {
  const { value } = document;
  if (!isJsonObject(value) || value['kind'] !== 'API' || !isJsonObject(value['spec'])) return [];
  if (value['spec']['definition'] !== undefined) return [];
  const path = ['spec', 'definition'];
  const message = 'spec.definition is missing';
  return [{ code: 'entity-schema', severity: 'error', message, path, entityRef: ref, place: document.place(path) }];
}

/** True for a document for which Backstage refuses the whole file. */
export function isWhollyBroken({ value, ignored, isDenied }: DescribedDocument): boolean {
  if (ignored) return false;
  if (isDenied || !isJsonObject(value) || !isJsonObject(value['metadata'])) return true;
  const parts = [value['apiVersion'], value['kind'], value['metadata']['name']];
  return parts.some((part) => typeof part !== 'string' || part === '');
}
