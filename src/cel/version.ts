import { compareText } from '../base/text-order.ts';
import { KIND, type Semver } from './value.ts';

const NUMBER = '(0|[1-9]\\d{0,14})';
const STRICT = new RegExp(
  `^${NUMBER}\\.${NUMBER}\\.${NUMBER}(?:-([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?(?:\\+[0-9A-Za-z.-]+)?$`,
);

/**
 * Parses a semantic version (https://semver.org, version 2). Build metadata does not count.
 *
 * @param isLoose also takes `v1.2`, `1`, `01.2.3`, as Kubernetes' `semver(text, true)` does
 */
export function parseSemver(text: string, isLoose = false): Semver | undefined {
  if (text.length > 256) return undefined;
  const match = STRICT.exec(isLoose ? complete(text) : text);
  if (!match) return undefined;
  const prerelease = match[4]?.split('.') ?? [];
  if (prerelease.some((part) => /^0\d+$/.test(part))) return undefined;
  const [major = 0, minor = 0, patch = 0] = match.slice(1, 4).map(Number);
  return { [KIND]: 'semver', major, minor, patch, prerelease };
}

function complete(text: string): string {
  const match = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?([-+].*)?$/.exec(text);
  if (!match) return text;
  const numbers = [match[1], match[2], match[3]].map((part) => (part ?? '0').replace(/^0+(?=\d)/, ''));
  return numbers.join('.') + (match[4] ?? '');
}

/** Precedence of two versions: negative, 0 or positive. */
export function compareSemvers(left: Semver, right: Semver): number {
  const core = left.major - right.major || left.minor - right.minor || left.patch - right.patch;
  if (core !== 0) return core;
  // A version with a pre-release comes before the one without.
  if (left.prerelease.length === 0 || right.prerelease.length === 0) {
    return right.prerelease.length - left.prerelease.length;
  }
  for (const [index, mine] of left.prerelease.entries()) {
    const other = right.prerelease[index];
    if (other === undefined) return 1;
    const difference = compareParts(mine, other);
    if (difference !== 0) return difference;
  }
  return left.prerelease.length - right.prerelease.length;
}

/** Numbers order by value and come before words. */
function compareParts(left: string, right: string): number {
  const isLeftNumber = /^\d+$/.test(left);
  const isRightNumber = /^\d+$/.test(right);
  if (isLeftNumber && isRightNumber) return left.length - right.length || compareText(left, right);
  if (isLeftNumber !== isRightNumber) return isLeftNumber ? -1 : 1;
  return compareText(left, right);
}
