import { createHash } from 'node:crypto';
import type { Problem } from '../model/problem.ts';
import type { Write } from '../store/store.ts';
import { maskSecrets } from '../telemetry/mask.ts';
import { formatPath, type Finding } from './finding.ts';

/** Where findings were made. */
export interface FindingPlace {
  readonly source: string;
  /** Location ref. */
  readonly location: string;
  /** Ms since the epoch. */
  readonly now: number;
}

/** The problems that the catalog holds, by location, kept in step with what is written. */
export class ProblemBook {
  readonly #byLocation = new Map<string, Map<string, Problem>>();
  readonly #locationOf = new Map<string, string>();
  readonly #idsByEntity = new Map<string, Set<string>>();

  constructor(problems: Iterable<Problem>) {
    for (const problem of problems) this.#put(problem);
  }

  at(location: string): Iterable<Problem> {
    return this.#byLocation.get(location)?.values() ?? [];
  }

  /** The problems that name an entity, wherever they are. */
  ofEntity(ref: string): readonly Problem[] {
    return [...(this.#idsByEntity.get(ref) ?? [])].flatMap((id) => this.#get(id) ?? []);
  }

  *all(): Generator<Problem> {
    for (const problems of this.#byLocation.values()) yield* problems.values();
  }

  /**
   * The writes that make the problems of a location those of `findings`. A problem that is still there keeps its age.
   *
   * @param concerns which of the location's problems these findings replace
   */
  replace(
    place: FindingPlace,
    findings: readonly Finding[],
    concerns: (problem: Problem) => boolean,
  ): readonly Write[] {
    const before = [...this.at(place.location)].filter(concerns);
    const wanted = new Map<string, Problem>();
    for (const finding of findings) {
      const problem = toProblem(place, finding, before);
      wanted.set(problem.id, problem);
    }
    const writes: Write[] = [];
    for (const problem of before) if (!wanted.has(problem.id)) writes.push({ op: 'deleteProblem', id: problem.id });
    const unchanged = new Map(before.map((problem) => [problem.id, problem]));
    for (const problem of wanted.values()) {
      if (!isSame(unchanged.get(problem.id), problem)) writes.push({ op: 'putProblem', problem });
    }
    return writes;
  }

  /** Takes over what was written. */
  note(writes: readonly Write[]): void {
    for (const write of writes) {
      if (write.op === 'putProblem') this.#put(write.problem);
      else if (write.op === 'deleteProblem') this.#delete(write.id);
    }
  }

  #get(id: string): Problem | undefined {
    return this.#byLocation.get(this.#locationOf.get(id) ?? '')?.get(id);
  }

  #put(problem: Problem): void {
    const { id, location, entityRef } = problem;
    this.#byLocation.set(location, (this.#byLocation.get(location) ?? new Map<string, Problem>()).set(id, problem));
    this.#locationOf.set(id, location);
    if (entityRef !== undefined) {
      this.#idsByEntity.set(entityRef, (this.#idsByEntity.get(entityRef) ?? new Set<string>()).add(id));
    }
  }

  #delete(id: string): void {
    const problem = this.#get(id);
    if (problem === undefined) return;
    const { location, entityRef = '' } = problem;
    const there = this.#byLocation.get(location);
    there?.delete(id);
    if (there?.size === 0) this.#byLocation.delete(location);
    const ids = this.#idsByEntity.get(entityRef);
    ids?.delete(id);
    if (ids?.size === 0) this.#idsByEntity.delete(entityRef);
    this.#locationOf.delete(id);
  }
}

function toProblem(place: FindingPlace, finding: Finding, before: readonly Problem[]): Problem {
  const path = finding.path === undefined || finding.path.length === 0 ? undefined : clean(formatPath(finding.path));
  const entityRef = finding.entityRef === undefined ? undefined : clean(finding.entityRef).slice(0, 300);
  const identity = [place.source, place.location, finding.code, finding.place?.line, path, entityRef];
  const id = createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 32);
  // The same problem on another line is as old as it was.
  const older = before.find(
    (other) => other.code === finding.code && other.path === path && other.entityRef === entityRef,
  );
  const since = before.find((other) => other.id === id)?.since ?? older?.since ?? place.now;
  return {
    id,
    source: place.source,
    location: place.location,
    code: finding.code,
    severity: finding.severity,
    message: clean(finding.message),
    ...(finding.fix !== undefined && { fix: clean(finding.fix) }),
    ...(entityRef !== undefined && { entityRef }),
    ...(finding.place && { line: finding.place.line, column: finding.place.column }),
    ...(path !== undefined && { path }),
    since,
  };
}

/** Text from a file as a database can hold it, without secrets that it may quote. */
function clean(text: string): string {
  return maskSecrets(text).toWellFormed().replaceAll('\0', '\uFFFD').slice(0, 2000);
}

function isSame(left: Problem | undefined, right: Problem): boolean {
  return (
    left !== undefined &&
    left.severity === right.severity &&
    left.message === right.message &&
    left.fix === right.fix &&
    left.column === right.column &&
    left.since === right.since
  );
}
