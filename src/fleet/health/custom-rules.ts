import { deliveryRules } from './delivery-rules.ts';
import { healthRules, type HealthRule } from './health-rule.ts';
import { operatorRules } from './operator-rules.ts';

/** Rules of kinds of custom resources as they are written (`healthRules`), by `group/Kind`, `group/*` and `*.parent.group/*`. */
export const writtenRules: Readonly<Record<string, readonly string[]>> = { ...deliveryRules, ...operatorRules };

const rules: ReadonlyMap<string, HealthRule> = new Map(
  Object.entries(writtenRules).map(([kind, written]) => [kind, healthRules(written)]),
);

/** The rules of a kind, of its group, or of the groups under one name; undefined where nobody wrote any. */
export function customRule(group: string, kind: string): HealthRule | undefined {
  return (
    rules.get(`${group}/${kind}`) ??
    rules.get(`${group}/*`) ??
    rules.get(`*${group.slice(group.indexOf('.'))}/*`) ??
    rules.get(`*${parentOf(group)}/*`)
  );
}

/** The last two words of a group with the dot before them, or more where those are a service's: `.aws.crossplane.io` is `.crossplane.io`. */
function parentOf(group: string): string {
  return `.${group.split('.').slice(-2).join('.')}`;
}
