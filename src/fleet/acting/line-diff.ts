import type { DiffHunk } from '../../api/acting.ts';

/** Lines around what differs. */
const AROUND = 3;
/** Differing lines after which no shortest way is looked for: the cost grows with their square. */
const MOST_STEPS = 2_000;

interface Line {
  readonly op: ' ' | '+' | '-';
  readonly text: string;
}

/** What differs between two texts, line by line, with three lines around it. Myers' shortest edit script, within limits. */
export function lineDiff(left: string, right: string): DiffHunk[] {
  return hunksOf(editScript(left.split('\n'), right.split('\n')));
}

function editScript(left: readonly string[], right: readonly string[]): readonly Line[] {
  let start = 0;
  while (start < left.length && start < right.length && left[start] === right[start]) start += 1;
  let end = 0;
  const most = Math.min(left.length, right.length) - start;
  while (end < most && left[left.length - 1 - end] === right[right.length - 1 - end]) end += 1;
  const same = (texts: readonly string[]): Line[] => texts.map((text) => ({ op: ' ', text }));
  const middle = shortest(left.slice(start, left.length - end), right.slice(start, right.length - end));
  return [...same(left.slice(0, start)), ...middle, ...same(left.slice(left.length - end))];
}

function shortest(left: readonly string[], right: readonly string[]): readonly Line[] {
  const trace: Int32Array[] = [];
  const limit = Math.min(left.length + right.length, MOST_STEPS);
  const offset = limit + 1;
  const reached = new Int32Array(2 * limit + 3);
  for (let step = 0; step <= limit; step += 1) {
    trace.push(reached.slice(offset - step - 1, offset + step + 2));
    for (let diagonal = -step; diagonal <= step; diagonal += 2) {
      const below = reached[offset + diagonal + 1] ?? 0;
      const beside = reached[offset + diagonal - 1] ?? 0;
      const isDown = diagonal === -step || (diagonal !== step && beside < below);
      let x = isDown ? below : beside + 1;
      while (x < left.length && x - diagonal < right.length && left[x] === right[x - diagonal]) x += 1;
      reached[offset + diagonal] = x;
      if (x >= left.length && x - diagonal >= right.length) return walkBack(left, right, trace);
    }
  }
  return [...removed(left), ...added(right)];
}

/** Goes the found way from its end. `trace[step]` holds what was reached before that step, around diagonal 0. */
function walkBack(left: readonly string[], right: readonly string[], trace: readonly Int32Array[]): readonly Line[] {
  const lines: Line[] = [];
  let x = left.length;
  let y = right.length;
  for (let step = trace.length - 1; step >= 0; step -= 1) {
    const before = trace[step] ?? new Int32Array();
    const at = (diagonal: number): number => before[diagonal + step + 1] ?? 0;
    const diagonal = x - y;
    const isDown = diagonal === -step || (diagonal !== step && at(diagonal - 1) < at(diagonal + 1));
    const fromX = step === 0 ? 0 : at(isDown ? diagonal + 1 : diagonal - 1);
    const fromY = step === 0 ? 0 : fromX - (isDown ? diagonal + 1 : diagonal - 1);
    while (x > fromX && y > fromY && left[x - 1] === right[y - 1]) {
      lines.push({ op: ' ', text: left[x - 1] ?? '' });
      x -= 1;
      y -= 1;
    }
    if (step === 0) break;
    if (isDown) lines.push({ op: '+', text: right[y - 1] ?? '' });
    else lines.push({ op: '-', text: left[x - 1] ?? '' });
    x = fromX;
    y = fromY;
  }
  return lines.toReversed();
}

const removed = (texts: readonly string[]): Line[] => texts.map((text) => ({ op: '-', text }));
const added = (texts: readonly string[]): Line[] => texts.map((text) => ({ op: '+', text }));

/** Lines near a change, as far as they hang together. */
function hunksOf(lines: readonly Line[]): DiffHunk[] {
  const isNear = new Uint8Array(lines.length);
  for (const [at, { op }] of lines.entries()) {
    if (op !== ' ') isNear.fill(1, Math.max(0, at - AROUND), at + AROUND + 1);
  }
  const hunks: DiffHunk[] = [];
  let [leftStart, rightStart] = [1, 1];
  for (const [at, line] of lines.entries()) {
    if (isNear[at] === 1) {
      if (isNear[at - 1] !== 1) hunks.push({ leftStart, rightStart, lines: [] });
      hunks.at(-1)?.lines.push(line);
    }
    if (line.op !== '+') leftStart += 1;
    if (line.op !== '-') rightStart += 1;
  }
  return hunks;
}
