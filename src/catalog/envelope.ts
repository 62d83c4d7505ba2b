import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts';
import { nearestName } from '../base/nearest-name.ts';
import { formatPath, showValue, type Finding, type Path } from './finding.ts';

// The rules for what stands around `spec`, as Backstage's catalog model has them: structure first, then the form of
// names. Its regular expressions are linear, so hostile values cost nothing.

/** The form that a piece of text must have, said once for messages. */
interface Form {
  readonly test: (value: string) => boolean;
  readonly wanted: string;
}

const NAME_TEXT =
  'letters, digits, "-", "_" and ".", beginning and ending with a letter or digit, at most 63 characters';

const nameForm: Form = { test: isName, wanted: NAME_TEXT };
const namespaceForm: Form = {
  test: (value) => value.length <= 63 && /^[a-z0-9]+(?:-+[a-z0-9]+)*$/.test(value),
  wanted: 'lower-case letters and digits separated by "-", at most 63 characters',
};
const kindForm: Form = {
  test: (value) => value.length <= 63 && /^[a-zA-Z][a-zA-Z0-9]*$/.test(value),
  wanted: 'letters and digits, beginning with a letter, at most 63 characters',
};
const apiVersionForm: Form = {
  test: isApiVersion,
  wanted: 'a version such as "v1", or a group and a version such as "backstage.io/v1alpha1"',
};
const keyForm: Form = { test: isGoodKey, wanted: `an optional DNS name and "/", then ${NAME_TEXT}` };
const labelForm: Form = { test: (value) => value === '' || isName(value), wanted: `empty, or ${NAME_TEXT}` };
const tagForm: Form = {
  test: (value) => value.length <= 63 && /^[a-z0-9:+#]+(?:-[a-z0-9:+#]+)*$/.test(value),
  wanted: 'lower-case letters, digits, ":", "+" and "#" separated by single "-", at most 63 characters',
};
const urlForm: Form = { test: (value) => URL.canParse(value), wanted: 'a full URL, e.g. "https://example.org/docs"' };

const ROOT_FIELDS = ['apiVersion', 'kind', 'metadata', 'spec'];

/** Checks everything of an entity but its `spec`. Returns what is wrong, in the order of the fields. */
export function checkEnvelope(entity: JsonObject): readonly Finding[] {
  const findings: Finding[] = [];
  const report = (path: Path, message: string, fix?: string): void => {
    findings.push({ code: 'entity-envelope', severity: 'error', message, path, fix });
  };
  for (const key of Object.keys(entity)) {
    if (!ROOT_FIELDS.includes(key)) report([key], `Unknown field ${key}`, rootFieldFix(key));
  }
  checkText(report, entity, ['apiVersion'], { form: apiVersionForm, required: true });
  checkText(report, entity, ['kind'], { form: kindForm, required: true });
  if (entity['spec'] !== undefined && !isJsonObject(entity['spec'])) {
    report(['spec'], `spec must be a map but is ${showValue(entity['spec'])}`, 'Write spec as a map, or leave it out');
  }
  const metadata = entity['metadata'];
  if (!isJsonObject(metadata)) {
    const found = metadata === undefined ? 'is missing' : `must be a map but is ${showValue(metadata)}`;
    report(['metadata'], `metadata ${found}`, 'Add metadata with at least a name');
    return findings;
  }
  checkText(report, metadata, ['metadata', 'name'], { form: nameForm, required: true });
  checkText(report, metadata, ['metadata', 'namespace'], { form: namespaceForm });
  for (const key of ['uid', 'etag', 'title']) checkText(report, metadata, ['metadata', key]);
  checkText(report, metadata, ['metadata', 'description'], { mayBeEmpty: true });
  checkMap(metadata['labels'], ['metadata', 'labels'], labelForm, report);
  checkMap(metadata['annotations'], ['metadata', 'annotations'], undefined, report);
  checkTags(metadata['tags'], report);
  checkLinks(metadata['links'], report);
  return findings;
}

type Report = (path: Path, message: string, fix?: string) => void;

/** Checks one text field: type, emptiness, form and, where `required`, presence. */
function checkText(
  report: Report,
  holder: JsonObject,
  path: Path,
  rule: { readonly form?: Form; readonly required?: true; readonly mayBeEmpty?: true } = {},
): void {
  const value = holder[path.at(-1) ?? ''];
  if (typeof value === 'string' && (value !== '' || rule.mayBeEmpty) && (rule.form?.test(value) ?? true)) return;
  const name = formatPath(path);
  if (value === undefined) {
    if (rule.required) report(path, `${name} is missing`, `Add ${name}: ${rule.form?.wanted ?? 'text'}`);
  } else if (typeof value !== 'string') {
    report(path, `${name} must be text but is ${showValue(value)}`, textFix(value, rule.form));
  } else if (rule.form !== undefined && !rule.form.test(value)) {
    report(path, `${name} ${showValue(value)} is not valid`, `Use ${rule.form.wanted}`);
  } else if (value === '' && !rule.mayBeEmpty) {
    report(path, `${name} is empty`, 'Write text, or leave the field out');
  }
}

function textFix(value: JsonValue, form: Form | undefined): string {
  if (value === null) return 'Write a value, or leave the field out';
  if (typeof value === 'number' || typeof value === 'boolean') return `Write it in quotes: "${String(value)}"`;
  return `Use ${form?.wanted ?? 'text'}`;
}

function checkMap(map: JsonValue | undefined, path: Path, form: Form | undefined, report: Report): void {
  if (map === undefined) return;
  const name = path.join('.');
  if (!isJsonObject(map)) {
    report(path, `${name} must be a map but is ${showValue(map)}`, 'Write keys and values, or leave the field out');
    return;
  }
  for (const [key, value] of Object.entries(map)) {
    const at = [...path, key];
    if (!keyForm.test(key)) report(at, `${name} has the invalid key ${showValue(key)}`, `Use ${keyForm.wanted}`);
    if (typeof value !== 'string') {
      report(at, `${name} ${showValue(key)} must be text but is ${showValue(value)}`, textFix(value ?? null, form));
    } else if (form !== undefined && !form.test(value)) {
      report(at, `${name} ${showValue(key)} has the invalid value ${showValue(value)}`, `Use ${form.wanted}`);
    }
  }
}

function checkTags(tags: JsonValue | undefined, report: Report): void {
  if (tags === undefined) return;
  const path = ['metadata', 'tags'];
  if (!Array.isArray(tags)) {
    report(path, `metadata.tags must be a list but is ${showValue(tags)}`, 'Write a list, or leave the field out');
    return;
  }
  for (const [index, tag] of tags.entries()) {
    if (typeof tag === 'string' && tagForm.test(tag)) continue;
    const suggestion = typeof tag === 'string' ? suggestTag(tag) : undefined;
    const fix = suggestion === undefined ? `Use ${tagForm.wanted}` : `Use "${suggestion}" (${tagForm.wanted})`;
    report([...path, index], `metadata.tags has the invalid tag ${showValue(tag)}`, fix);
  }
}

function suggestTag(tag: string): string | undefined {
  const suggestion = tag
    .toLowerCase()
    .replaceAll(/[^a-z0-9:+#]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return tagForm.test(suggestion) ? suggestion : undefined;
}

function checkLinks(links: JsonValue | undefined, report: Report): void {
  if (links === undefined) return;
  const path = ['metadata', 'links'];
  if (!Array.isArray(links)) {
    report(path, `metadata.links must be a list but is ${showValue(links)}`, 'Write a list, or leave the field out');
    return;
  }
  for (const [index, link] of links.entries()) {
    const at = [...path, index];
    if (!isJsonObject(link)) {
      report(at, `metadata.links must hold maps with a url but has ${showValue(link)}`, 'Write "- url: https://..."');
      continue;
    }
    checkText(report, link, [...at, 'url'], { form: urlForm, required: true });
    for (const key of ['title', 'icon', 'type']) checkText(report, link, [...at, key]);
  }
}

function rootFieldFix(key: string): string {
  if (key === 'relations' || key === 'status') return `Remove ${key}: the server makes it`;
  const near = nearestName(key, ROOT_FIELDS);
  return near === undefined
    ? 'Only apiVersion, kind, metadata and spec may stand here; move the field into spec or metadata'
    : `Did you mean ${near}?`;
}

function isName(value: string): boolean {
  return value.length <= 63 && /^(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/.test(value);
}

/** Keys that were found good: most catalogs have a few hundred, and write each of them thousands of times. */
const goodKeys = new Set<string>();
const KEPT_KEYS = 2_000;

function isGoodKey(key: string): boolean {
  if (goodKeys.has(key)) return true;
  const isGood = isKey(key);
  if (isGood && goodKeys.size < KEPT_KEYS) goodKeys.add(key);
  return isGood;
}

function isDnsSubdomain(value: string): boolean {
  return value.length <= 253 && value.split('.').every((label) => namespaceForm.test(label));
}

function isKey(key: string): boolean {
  const slash = key.indexOf('/');
  return slash === -1 ? isName(key) : isDnsSubdomain(key.slice(0, slash)) && isName(key.slice(slash + 1));
}

function isApiVersion(value: string): boolean {
  const slash = value.indexOf('/');
  const suffix = value.slice(slash + 1);
  if (slash !== -1 && !isDnsSubdomain(value.slice(0, slash))) return false;
  return suffix.length <= 63 && /^[a-z0-9A-Z]+$/.test(suffix);
}
