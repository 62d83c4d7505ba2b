import type { TiedEntities, TiedQuery } from '../../live/tied-entities.ts';
import { DueTimes } from '../findings/cron-schedule.ts';
import { ClusterSight } from '../findings/cluster-sight.ts';
import { TemplateReader } from '../findings/template-facts.ts';
import type { MatchedHoldings } from '../matching/matched-holdings.ts';
import { isGuess } from '../matching/claim-book.ts';
import { answerBytes } from '../render.ts';
import { CellReader } from './cell-reader.ts';

/**
 * Says whose an object is, as JSON of `TiedEntities`: that of the workload which owns it, a pod's as well. It is for deciding what
 * people may do: of what is not read as of now nobody is said to be the owner.
 */
export function tiedEntitiesAnswer(holdings: MatchedHoldings, query: TiedQuery): Uint8Array {
  return answerBytes(JSON.stringify({ refs: refsOf(holdings, query) } satisfies TiedEntities));
}

function refsOf(holdings: MatchedHoldings, { cluster: name, kind, namespace, name: object }: TiedQuery): string[] {
  const { words, matches, clusters } = holdings;
  const cluster = clusters.get(name);
  const namespaceWord = namespace === undefined ? 0 : words.find(namespace);
  if (cluster === undefined || namespaceWord < 0) return [];
  const tools = {
    holdings,
    cells: new CellReader(words),
    templates: new TemplateReader(words),
    dueTimes: new DueTimes(),
  };
  const sight = new ClusterSight(tools, cluster, 0);
  const found = sight.find(kind, namespaceWord, object);
  const owner = found && sight.ownerOf(found);
  if (owner === undefined || found?.kind.state !== 'ok' || owner.kind.state !== 'ok') return [];
  return matches.matchesOf(owner.kind, owner.row).flatMap(({ claim, rule }) => (isGuess(rule) ? [] : [claim.ref]));
}
