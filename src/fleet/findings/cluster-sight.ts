import type { HeldCluster } from '../held-cluster.ts';
import type { HeldKind } from '../held-kind.ts';
import type { MatchedHoldings } from '../matching/matched-holdings.ts';
import type { CellReader } from '../running/cell-reader.ts';
import type { Shard } from '../shard.ts';
import type { DueTimes } from './cron-schedule.ts';
import type { Finding, FindingRule, Severity } from './finding.ts';
import { fixes } from './finding-fixes.ts';
import { LiveRow } from './live-row.ts';
import type { TemplateFacts, TemplateReader } from './template-facts.ts';

/** Owners of owners that are looked for. */
const MOST_STEPS = 4;

/** What a detector says; the rest follows from the object. */
export type FindingParts = Pick<Finding, 'reason' | 'message' | 'evidence'> &
  Partial<Pick<Finding, 'since' | 'subject' | 'pods' | 'fix'>> & {
    readonly rule: FindingRule;
    readonly severity: Severity;
  };

/** What detectors see: one cluster at one moment, for as long as nothing is taken in. */
export class ClusterSight {
  readonly cluster: HeldCluster;
  /** Seconds since 1970. */
  readonly now: number;
  readonly #holdings: MatchedHoldings;
  readonly #cells: CellReader;
  readonly #templates: TemplateReader;
  readonly #dueTimes: DueTimes;

  constructor({ holdings, cells, templates, dueTimes }: SightTools, cluster: HeldCluster, now: number) {
    this.cluster = cluster;
    this.now = now;
    this.#holdings = holdings;
    this.#cells = cells;
    this.#templates = templates;
    this.#dueTimes = dueTimes;
  }

  /** When a schedule was last due some seconds ago, seconds since 1970; undefined: not within a year, or nobody can read it. */
  lastDue(schedule: string, secondsAgo: number): number | undefined {
    const due = this.#dueTimes.of(schedule, (this.now - secondsAgo) * 1000);
    return due === undefined ? undefined : due / 1000;
  }

  /** What is held of a kind; undefined: nothing. */
  held(kindId: string): { readonly kind: HeldKind; readonly shard: Shard } | undefined {
    const kind = this.cluster.kinds.get(kindId);
    return kind?.shard === undefined ? undefined : { kind, shard: kind.shard };
  }

  /** Every object of a kind that a test of its row lets through. */
  *rows(kindId: string, passes: (shard: Shard, row: number) => boolean = () => true): Generator<LiveRow> {
    const held = this.held(kindId);
    if (held === undefined) return;
    for (let row = 0; row < held.shard.end; row += 1) {
      if (held.shard.isHeld(row) && passes(held.shard, row)) yield this.at(held.kind, held.shard, row);
    }
  }

  at(kind: HeldKind, shard: Shard, row: number): LiveRow {
    return new LiveRow(this.#cells, kind, shard, row);
  }

  /** Where the word of a column stands, to be compared with `wordOf`; -1 where the kind has no such column. */
  slotOf(kindId: string, column: string): number {
    return this.cluster.kinds.get(kindId)?.layout.byName.get(column)?.at ?? -1;
  }

  /** Id of a word; -1: nobody holds it. */
  wordOf(text: string): number {
    return this.#holdings.words.find(text);
  }

  text(word: number): string {
    return this.#holdings.words.text(word);
  }

  find(kindId: string, namespaceWord: number, name: string): LiveRow | undefined {
    const held = this.held(kindId);
    const row = held?.shard.find(namespaceWord, name) ?? -1;
    return held === undefined || row < 0 ? undefined : this.at(held.kind, held.shard, row);
  }

  /** The workload that an object belongs to in the end; itself where nothing that is held owns it. */
  ownerOf(object: LiveRow): LiveRow {
    let owned = object;
    for (let step = 0; step < MOST_STEPS; step += 1) {
      const kind = owned.word('ownerKind');
      const name = owned.word('ownerName');
      if (kind === undefined || name === undefined) return owned;
      const owner = this.find(kind, owned.namespaceWord, name) ?? this.#custom(kind, owned.namespaceWord, name);
      if (owner === undefined) return owned;
      owned = owner;
    }
    return owned;
  }

  /** Rows of the pods of a workload. */
  podsOf({ kind, shard, row }: LiveRow): readonly LiveRow[] {
    const pods = this.held('Pod');
    if (pods === undefined) return [];
    const place = { index: 0, cluster: this.cluster, kind, shard, namespaces: undefined };
    return this.#holdings.podOwners.podsOf({ place, row }).map((each) => this.at(pods.kind, pods.shard, each));
  }

  template(workload: LiveRow): TemplateFacts {
    return this.#templates.of(workload.wordId('template'));
  }

  /** Warning events of a reason about an object, the newest first. */
  events(reasons: readonly string[], about?: LiveRow): readonly LiveRow[] {
    const wanted = new Set(reasons.map((reason) => this.wordOf(reason)).filter((word) => word > 0));
    if (wanted.size === 0) return [];
    const name = about === undefined ? undefined : this.wordOf(about.name);
    const [reasonAt, nameAt] = [this.slotOf('Event', 'reason'), this.slotOf('Event', 'objectName')];
    const passes = (shard: Shard, row: number): boolean =>
      (name === undefined || shard.slot(row, nameAt) === name) &&
      wanted.has(shard.slot(row, reasonAt)) &&
      (about === undefined || shard.namespace(row) === about.namespaceWord);
    return [...this.rows('Event', passes)].sort((left, right) => (right.time('last') ?? 0) - (left.time('last') ?? 0));
  }

  /** A finding about an object. */
  finding(object: LiveRow, { rule, severity, ...parts }: FindingParts): Finding {
    return {
      rule,
      severity,
      cluster: this.cluster.name,
      kind: object.kind.kind.id,
      namespace: object.namespace,
      name: object.name,
      since: undefined,
      fix: fixes[rule],
      subject: { kind: object.kind, row: object.row },
      pods: undefined,
      ...parts,
    };
  }

  #custom(kind: string, namespaceWord: number, name: string): LiveRow | undefined {
    for (const id of this.cluster.kinds.keys()) {
      if (id.startsWith(`${kind}.`)) return this.find(id, namespaceWord, name);
    }
    return undefined;
  }
}

/** What a sight reads with. */
export interface SightTools {
  readonly holdings: MatchedHoldings;
  readonly cells: CellReader;
  readonly templates: TemplateReader;
  readonly dueTimes: DueTimes;
}
