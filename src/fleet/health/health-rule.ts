import type { KubeObject } from '../../kube/reflection.ts';
import { list, tree } from '../reduce/json-read.ts';
import { conditionsOf, type Condition } from './condition-list.ts';
import { genericHealth, isUnseen } from './generic-health.ts';
import type { Health, HealthStatus } from './health.ts';

/** Says how an object does; undefined where it does not apply. */
export type HealthRule = (object: KubeObject) => Health | undefined;

type Test = (object: KubeObject) => string | boolean;

/**
 * Rules of a kind as text, the first that holds decides:
 *
 *     Degraded: phase=Failed|Error & !message
 *
 * What stands behind the colon must all hold: a path (under `status`, unless it begins with `spec.` or `metadata.`; `*` is any
 * item, `[a.b/c]` a name with dots), which must be there and not be empty or false; `!` before it turns it round; a path with
 * `=` or `!=` and words or `$path`; with `<` or `>` a number, a path, or `.field` of the same item; `@Type=Status:Reason|Reason` for a condition, behind a path for conditions that stand
 * elsewhere; `unseen` where the controller has not seen the newest spec. A health alone always holds; `generic` is what the
 * habits of controllers say, if anything.
 */
export function healthRules(lines: readonly string[]): HealthRule {
  const rules = lines.map(parseLine);
  return (object) => {
    for (const rule of rules) {
      const health = rule(object);
      if (health !== undefined) return health;
    }
    return undefined;
  };
}

function parseLine(line: string): HealthRule {
  if (line === 'generic') return genericHealth;
  const [status = '', conditions] = line.split(': ', 2);
  if (!isStatus(status)) throw new Error(`No health is ${status}`);
  const tests = conditions?.split(' & ').map(parseTest) ?? [];
  return (object) => {
    let reason: string | undefined;
    for (const test of tests) {
      const found = test(object);
      if (found === false) return undefined;
      if (typeof found === 'string' && found !== '') reason ??= found;
    }
    return { status, reason: status === 'Healthy' ? undefined : reason };
  };
}

function isStatus(word: string): word is HealthStatus {
  return ['Healthy', 'Progressing', 'Degraded', 'Suspended', 'Missing', 'Unknown'].includes(word);
}

function parseTest(written: string): Test {
  if (written === 'unseen') return (object) => isUnseen(object, tree(object['status'])) && 'SpecUnseen';
  if (written.startsWith('!')) {
    const test = parseTest(written.slice(1));
    return (object) => test(object) === false;
  }
  const condition = /^([\w.*-]*)@([^=]+?)(?:(=)([^:]*)(?::(.*))?)?$/.exec(written);
  if (condition !== null) return conditionTest(condition);
  const found = /^((?:[\w.*-]|\[[^\]]+\])+?)(?:(!=|=|<|>)(.*))?$/.exec(written);
  if (found === null) throw new Error(`Cannot read ${written}`);
  return valueTest(found);
}

function conditionTest([, path = '', type, equals, status = '', reasons]: RegExpExecArray): Test {
  const at = reader(path === '' ? 'conditions' : `${path}.conditions`);
  const wanted = reasons?.split('|');
  const isMeant = (condition: Condition): boolean =>
    condition.type === type &&
    (equals === undefined || condition.status.toLowerCase() === status.toLowerCase()) &&
    (wanted === undefined || wanted.includes(condition.reason ?? ''));
  return (object) => {
    const generation = tree(object.metadata)['generation'];
    for (const item of at(object)) {
      const found = conditionsOf(item).find(
        (each) =>
          isMeant(each) && (typeof generation !== 'number' || (each.observedGeneration ?? generation) >= generation),
      );
      if (found !== undefined) return found.reason ?? found.type;
    }
    return false;
  };
}

function valueTest([, path = '', operator, right = '']: RegExpExecArray): Test {
  const at = reader(path);
  if (operator === undefined) return (object) => at(object).some(isThere);
  if (operator === '<' || operator === '>') {
    if (right.startsWith('.')) return siblingTest(path, operator, right.slice(1));
    const isNumber = /^-?\d+$/.test(right);
    const other = isNumber ? undefined : reader(right);
    return (object) => {
      const limit = other === undefined ? Number(right) : Number(other(object)[0] ?? 0);
      return at(object).some((value) => (operator === '<' ? Number(value) < limit : Number(value) > limit));
    };
  }
  const wordsOf = right.startsWith('$') ? reader(right.slice(1)) : undefined;
  const words = right.split('|');
  return (object) => {
    const wanted = wordsOf?.(object).map(String) ?? words;
    const isOne = operator === '=';
    return (
      at(object)
        .map(String)
        .find((value) => wanted.includes(value) === isOne) ?? false
    );
  };
}

/** Compares two fields of one item: `racks.*.readyMembers<.members`. */
function siblingTest(path: string, operator: string, right: string): Test {
  const end = path.lastIndexOf('.');
  const items = reader(path.slice(0, end));
  const left = path.slice(end + 1);
  return (object) =>
    items(object).some((item) => {
      const difference = Number(tree(item)[left] ?? 0) - Number(tree(item)[right] ?? 0);
      return operator === '<' ? difference < 0 : difference > 0;
    });
}

function isThere(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== undefined && value !== null && value !== '' && value !== false;
}

/** Reads all values at a path. */
function reader(path: string): (object: KubeObject) => readonly unknown[] {
  const isRooted = path.startsWith('spec.') || path.startsWith('metadata.');
  const named = (path.match(/\[[^\]]+\]|[^.]+/g) ?? []).map((part) => part.replace(/^\[(.*)\]$/, '$1'));
  const parts = isRooted ? named : ['status', ...named];
  return (object) => {
    let values: readonly unknown[] = [object];
    for (const part of parts) {
      values = values.flatMap((value) => (part === '*' ? itemsOf(value) : [tree(value)[part]]));
      values = values.filter((value) => value !== undefined && value !== null);
    }
    return values;
  };
}

function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? list(value) : Object.values(tree(value));
}
