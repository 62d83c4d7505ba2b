import type { ReactNode } from 'react';
import type { HealthStatus, VerdictItem } from '../../../../src/api/running.ts';
import { Mark } from '../../../ui/mark.tsx';
import { healthMarks, imageTag } from './running-words.ts';

/** How something does, as shape and word; `reason` follows in small. */
export function HealthMark({
  status,
  reason,
}: {
  readonly status: HealthStatus;
  readonly reason?: string | undefined;
}): ReactNode {
  return (
    <>
      <Mark state={healthMarks[status]}>{status}</Mark>
      {reason !== undefined && <span className="health-reason"> {reason}</span>}
    </>
  );
}

/** Where something runs, in a few words: how many clusters, how many of them are as its verdict says. */
export function whereText({ verdict: { status, clusters, spread } }: Pick<VerdictItem, 'verdict'>): string {
  if (clusters === 0) return status === 'Missing' ? 'nowhere' : 'not seen';
  const all = clusters === 1 ? '1 cluster' : `${clusters} clusters`;
  const so = spread[status] ?? clusters;
  return so === clusters ? all : `${so} of ${all}`;
}

/** A version that runs, and in how many clusters. */
export interface RunningVersion {
  readonly tag: string;
  readonly image: string;
  readonly clusters: number;
}

/**
 * The versions of an entity's own image, the most seen first: its workloads may run images beside it that are nobody's version. Its own
 * is called as the entity, or seen most.
 */
export function versionsOf({ ref, images }: Pick<VerdictItem, 'ref' | 'images'>): readonly RunningVersion[] {
  const name = ref.slice(ref.indexOf('/') + 1);
  const own = images.find(({ image }) => repositoryOf(image).split('/').at(-1) === name) ?? images[0];
  if (own === undefined) return [];
  return images
    .filter(({ image }) => repositoryOf(image) === repositoryOf(own.image))
    .map(({ image, clusters }) => ({ tag: imageTag(image), image, clusters }));
}

/** An image without its tag and digest. */
export function repositoryOf(image: string): string {
  return (image.split('@')[0] ?? '').replace(/:[^:/]+$/, '');
}
