import { CORE_SCHEMA, load, mergeTag, YAMLException } from 'js-yaml';
import { isJsonObject, type JsonObject } from '../../../src/model/json.ts';

/** A definition as data, or what is wrong with its text. `line` is 1-based. */
export type DefinitionDocument =
  | { readonly ok: true; readonly document: JsonObject }
  | { readonly ok: false; readonly message: string; readonly line?: number | undefined };

const schema = CORE_SCHEMA.withTags(mergeTag);

/**
 * Reads YAML or JSON. Whatever the text is, the answer is a value. An alias may make one part of the document stand in
 * many places, even inside itself: who walks it must count.
 */
export function parseDefinition(text: string): DefinitionDocument {
  const value = text.trimStart().startsWith('{') ? readJson(text) : undefined;
  try {
    const document = value ?? load(text, { schema, maxDepth: 100 });
    if (isJsonObject(document)) return { ok: true, document };
    return { ok: false, message: 'The definition is no map of keys and values' };
  } catch (thrown) {
    if (!(thrown instanceof YAMLException)) return { ok: false, message: 'The definition cannot be read' };
    const line = thrown.mark === undefined ? undefined : thrown.mark.line + 1;
    return { ok: false, message: sentence(thrown.reason), line };
  }
}

/** JSON is YAML too, and the YAML parser knows the line of a mistake; this one is only much faster. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function sentence(reason: string): string {
  return reason.charAt(0).toUpperCase() + reason.slice(1);
}
