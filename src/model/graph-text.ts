/** A graph as texts draw it. */
export interface TextGraph {
  readonly nodes: readonly {
    readonly id: string;
    /** What stands in its box: the name, below it what it is. */
    readonly lines: readonly string[];
    /** True for several entities as one, and for one that is missing: drawn with a broken line. */
    readonly isBroken?: boolean | undefined;
  }[];
  readonly edges: readonly {
    readonly from: string;
    readonly to: string;
    readonly type: string;
    readonly count: number;
  }[];
}

/** A relation's type in words, as its source says it: `dependsOn` is `depends on`, `providesApi` is `provides API`. */
export function relationWords(type: string): string {
  return type
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/\bapi\b/g, 'API');
}

/** The graph as a Mermaid flowchart, what is needed at the left. Ids are numbers: refs would need quoting of their own. */
export function mermaidText({ nodes, edges }: TextGraph): string {
  const ids = new Map(nodes.map(({ id }, at) => [id, `n${at}`]));
  const lines = ['flowchart RL'];
  for (const { id, lines: texts, isBroken = false } of nodes) {
    lines.push(`  ${ids.get(id)}["${texts.map(mermaidLabel).join('<br/>')}"]`);
    if (isBroken) lines.push(`  style ${ids.get(id)} stroke-dasharray: 4`);
  }
  for (const { from, to, type, count } of edges) {
    lines.push(`  ${ids.get(from)} -->|"${mermaidLabel(edgeLabel(type, count))}"| ${ids.get(to)}`);
  }
  return `${lines.join('\n')}\n`;
}

/** The graph in Graphviz's DOT, what is needed at the left. */
export function dotText({ nodes, edges }: TextGraph): string {
  const lines = ['digraph {', '  rankdir=RL', '  node [shape=box]'];
  for (const { id, lines: texts, isBroken = false } of nodes) {
    const label = texts.map(dotEscaped).join('\\n');
    lines.push(`  "${dotEscaped(id)}" [label="${label}"${isBroken ? ' style=dashed' : ''}]`);
  }
  for (const { from, to, type, count } of edges) {
    const label = dotEscaped(edgeLabel(type, count));
    lines.push(`  "${dotEscaped(from)}" -> "${dotEscaped(to)}" [label="${label}"]`);
  }
  return `${[...lines, '}'].join('\n')}\n`;
}

function edgeLabel(type: string, count: number): string {
  return count === 1 ? relationWords(type) : `${relationWords(type)} (${count})`;
}

/** Mermaid reads HTML entities with `#`, and markup in labels: whatever could begin either is written as a number. */
function mermaidLabel(text: string): string {
  return oneLine(text).replace(/[^\p{L}\p{N} ._:/+(),-]/gu, (sign) => `#${sign.codePointAt(0)};`);
}

function dotEscaped(text: string): string {
  return oneLine(text).replace(/[\\"]/g, (sign) => `\\${sign}`);
}

function oneLine(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what must go
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ');
}
