import type { Metric, Registry } from 'prom-client';

const NAME = 'callboard_http_request_duration_seconds';
const HELP = 'Time from the first byte of a request to the last of its answer, by route template';

/** Upper bounds of the buckets, in seconds. */
const BOUNDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** The requests of one method, route and status. */
interface Series {
  readonly labels: Readonly<Record<'method' | 'route' | 'status', string>>;
  /** Requests up to each bound but above the one before; the last place is of those above all bounds. */
  readonly counts: number[];
  sum: number;
}

/** One line of the exposition as the registry writes it. */
interface Sample {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/**
 * How long requests took, as a histogram. The registry's own histogram checks and hashes the labels at each observation,
 * which is one fiftieth of a short request; here they are looked up, and lines are made when somebody reads them.
 */
export class RequestDurations {
  readonly #byRoute = new Map<string, Map<string, Map<number, Series>>>();

  /** Adds the histogram to a registry. */
  register(registry: Registry): void {
    const described = { name: NAME, help: HELP, type: 'histogram', aggregator: 'sum' };
    const metric = { ...described, get: () => Promise.resolve({ ...described, values: this.#samples() }) };
    // The registry takes whatever has a name and can be read; its type names its own classes only.
    registry.registerMetric(metric as unknown as Metric);
  }

  /** Records one request. @param route the template, never the path, so that label values stay few */
  observe(method: string, route: string, status: number, seconds: number): void {
    const series = this.#seriesOf(method, route, status);
    let place = 0;
    while (place < BOUNDS.length && seconds > (BOUNDS[place] ?? 0)) place += 1;
    series.counts[place] = (series.counts[place] ?? 0) + 1;
    series.sum += seconds;
  }

  #seriesOf(method: string, route: string, status: number): Series {
    let byMethod = this.#byRoute.get(route);
    if (byMethod === undefined) this.#byRoute.set(route, (byMethod = new Map()));
    let byStatus = byMethod.get(method);
    if (byStatus === undefined) byMethod.set(method, (byStatus = new Map()));
    let series = byStatus.get(status);
    if (series === undefined) {
      const labels = { method, route, status: String(status) };
      series = { labels, counts: Array.from({ length: BOUNDS.length + 1 }, () => 0), sum: 0 };
      byStatus.set(status, series);
    }
    return series;
  }

  #samples(): Sample[] {
    const all = [...this.#byRoute.values()].flatMap((byMethod) => [...byMethod.values()]);
    return all.flatMap((byStatus) => [...byStatus.values()].flatMap(samplesOf));
  }
}

function samplesOf({ labels, counts, sum }: Series): Sample[] {
  const samples: Sample[] = [];
  let count = 0;
  for (const [place, own] of counts.entries()) {
    count += own;
    samples.push({ metricName: `${NAME}_bucket`, labels: { le: BOUNDS[place] ?? '+Inf', ...labels }, value: count });
  }
  samples.push(
    { metricName: `${NAME}_sum`, labels, value: sum },
    { metricName: `${NAME}_count`, labels, value: count },
  );
  return samples;
}
