/** One limit of the web interface: what is measured, how much of it is allowed, in which unit. */
export interface WebBudget {
  readonly what: string;
  readonly limit: number;
  readonly unit: 'KB' | 'requests' | 'links' | 'ms' | 'MiB' | 'score' | 'tasks' | 'activations';
}

/**
 * The limits of the web interface. Sizes are those that the server sends (brotli), in kB of 1,000 bytes; times belong to the benchmark alone (bench/face.bench.ts), which names the machine.
 */
export const webBudgets = {
  /** What every page loads before it does anything: the scripts that index.html names. */
  shellScripts: { what: 'scripts of the shell', limit: 190, unit: 'KB' },
  /** All scripts that one page loads, the shell with it. */
  pageScripts: { what: 'scripts of the shell and a page', limit: 240, unit: 'KB' },
  allScripts: { what: 'scripts of all pages', limit: 900, unit: 'KB' },
  /** What is fetched on demand beyond the shell: an editor, a graph, a viewer. */
  viewerScripts: { what: 'scripts of a part fetched on demand', limit: 250, unit: 'KB' },
  styles: { what: 'style sheets', limit: 45, unit: 'KB' },
  textFont: { what: 'the text font', limit: 60, unit: 'KB' },
  /** Requests without whose answers a page shows nothing useful, the page itself among them. */
  requests: { what: 'requests before useful', limit: 8, unit: 'requests' },
  /** The page is 0, what it names 1, what that asks for 2. */
  chain: { what: 'longest chain before useful', limit: 2, unit: 'links' },
  coldPaint: { what: 'largest paint, cold, slow processor and network', limit: 1500, unit: 'ms' },
  warmPaint: { what: 'largest paint, warm', limit: 500, unit: 'ms' },
  coldFirstPaint: { what: 'first paint, cold, slow processor and network', limit: 1500, unit: 'ms' },
  interactionP75: { what: 'interaction to next paint, three of four', limit: 100, unit: 'ms' },
  interactionWorst: { what: 'interaction to next paint, worst', limit: 200, unit: 'ms' },
  filterRows: { what: 'filter to new rows', limit: 100, unit: 'ms' },
  /** Of what the browser knows itself. Browsers tell of 16 ms and more. */
  paletteLocalKey: { what: 'key to next paint in the palette', limit: 16, unit: 'ms' },
  paletteKey: { what: 'key to what the server found in the palette', limit: 50, unit: 'ms' },
  cachedNavigation: { what: 'to a page that was seen', limit: 100, unit: 'ms' },
  freshNavigation: { what: 'to a page that was not seen', limit: 400, unit: 'ms' },
  layoutShift: { what: 'layout shift', limit: 0.02, unit: 'score' },
  longTasks: { what: 'tasks over 50 ms after load', limit: 0, unit: 'tasks' },
  heap: { what: 'heap after a while of live changes', limit: 250, unit: 'MiB' },
} as const satisfies Readonly<Record<string, WebBudget>>;

/** One figure beside its limit, as a line of a table. */
export function budgetLine(budget: WebBudget, value: number, of: string): string {
  const mark = value <= budget.limit ? 'ok  ' : 'OVER';
  const figure = Number.isInteger(value) ? String(value) : value.toFixed(value < 1 ? 3 : 1);
  return `${mark}  ${`${budget.what}: ${of}`.padEnd(76)} ${figure.padStart(8)} of ${budget.limit} ${budget.unit}`;
}
