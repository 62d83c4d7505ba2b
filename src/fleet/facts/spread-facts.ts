import { compareText } from '../../base/text-order.ts';
import type { FactLook, FactValues, RunningPart } from './running-part.ts';

const DAY_SECONDS = 86_400;
/** Characters of a digest that stand for a version. */
const DIGEST_LENGTH = 12;

/** Where an entity runs, and which images where. */
export function spreadFacts(look: FactLook, own: string, parts: readonly RunningPart[]): FactValues {
  const clusters = new Map(parts.map(({ place }) => [place.cluster.name, place.cluster.face.labels]));
  const labels = [...clusters.values()];
  const regions = labels.map(({ region }) => region);
  const images = distinct(parts.flatMap(({ cell }) => cell.images));
  const age = imageAgeDays(look, parts);
  return {
    clusters: distinct(clusters.keys()),
    clusterCount: clusters.size,
    regions: distinct(regions.filter((region) => region !== undefined)),
    ...(!regions.includes(undefined) && { singleRegion: new Set(regions).size === 1 }),
    environments: distinct(labels.flatMap(({ environment }) => environment ?? [])),
    namespaces: distinct(parts.flatMap(({ place, row }) => look.cells.word(place.shard, row, 'namespace') ?? [])),
    kinds: distinct(parts.map(({ place }) => place.kind.kind.id)),
    images,
    versions: versionsOf(own, parts),
    versionSkew: hasSkew(parts),
    ...(images.length > 0 && { imagePinned: images.every((image) => image.includes('@')) }),
    ...(age !== undefined && { imageAgeDays: age }),
    ...(parts[0] !== undefined && { claimRule: parts[0].cell.rule }),
  };
}

/** By cluster the version of the workload that is the entity most of all: it has its name, or the most replicas. */
function versionsOf(own: string, parts: readonly RunningPart[]): Readonly<Record<string, string>> {
  const weights = new Map<string, number>();
  for (const part of parts) {
    const weight = (part.name === own ? 1e9 : 0) + (part.cell.desired ?? 0);
    weights.set(keyOf(part), (weights.get(keyOf(part)) ?? 0) + weight);
  }
  const byWeight = [...parts].sort((left, right) => (weights.get(keyOf(right)) ?? 0) - (weights.get(keyOf(left)) ?? 0));
  const versions = new Map<string, string>();
  for (const { cell } of byWeight) {
    const [image] = cell.images;
    if (image !== undefined && !versions.has(cell.cluster)) versions.set(cell.cluster, versionOf(image));
  }
  return Object.fromEntries([...versions].sort(([left], [right]) => compareText(left, right)));
}

/** The tag of an image, or else the beginning of its digest; `latest` where it says neither. */
export function versionOf(image: string): string {
  const [named = '', digest] = image.split('@');
  const colon = named.lastIndexOf(':');
  // A colon before the last slash is that of a port.
  if (colon > named.lastIndexOf('/')) return named.slice(colon + 1);
  return digest === undefined ? 'latest' : digest.slice(digest.indexOf(':') + 1).slice(0, DIGEST_LENGTH);
}

/** Whether one workload has different images in clusters of one environment. */
function hasSkew(parts: readonly RunningPart[]): boolean {
  const known = new Map<string, string>();
  return parts.some((part) => {
    const key = `${part.place.cluster.face.labels['environment'] ?? ''} ${keyOf(part)}`;
    const images = part.cell.images.join('\n');
    const before = known.get(key);
    known.set(key, images);
    return before !== undefined && before !== images;
  });
}

function imageAgeDays({ surroundings, cells, now }: FactLook, parts: readonly RunningPart[]): number | undefined {
  const rolledOut = parts.map(({ place: { cluster, shard }, row, namespace, name }) =>
    surroundings.rolledOut(cluster, namespace, name, cells.wordId(shard, row, 'images')),
  );
  const known = rolledOut.filter((time) => time !== undefined);
  if (known.length === 0) return undefined;
  return Math.max(0, Math.floor((now / 1000 - Math.min(...known)) / DAY_SECONDS));
}

/** A workload, wherever it runs. */
function keyOf({ place, namespace, name }: RunningPart): string {
  return `${place.kind.kind.id} ${namespace} ${name}`;
}

/** Each value once, in order. */
export function distinct(values: Iterable<string>): readonly string[] {
  return [...new Set(values)].sort(compareText);
}
