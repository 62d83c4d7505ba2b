import { fromMarkdown } from 'mdast-util-from-markdown';
import type { PhrasingContent, RootContent } from 'mdast';
import { useMemo } from 'react';
import type { ReactNode } from 'react';

/**
 * Characters of one description that are shown: the work for hostile emphasis grows with their square (0.4 s here). And
 * levels of lists and quotes in it.
 */
const MAX_CHARACTERS = 12_000;
const MAX_LEVELS = 12;

/**
 * CommonMark from a definition. The text becomes elements one by one, so nothing of it is markup: HTML is dropped,
 * pictures are links, and only web and mail addresses can be followed.
 */
export function Prose({
  text,
  most = MAX_CHARACTERS,
}: {
  readonly text: string;
  /** Characters that are shown; fewer where there are many texts. */
  readonly most?: number;
}): ReactNode {
  const nodes = useMemo(() => fromMarkdown(text.slice(0, most)).children, [text, most]);
  return (
    <div className="prose">
      {drawAll(nodes, 0)}
      {text.length > most && <p className="faint">The rest is in the source.</p>}
    </div>
  );
}

function drawAll(nodes: readonly (RootContent | PhrasingContent)[], level: number): ReactNode {
  // Nodes have no identity but their place, and never change.
  // oxlint-disable-next-line react/no-array-index-key
  return nodes.map((node, at) => <Drawn key={at} node={node} level={level} />);
}

function Drawn({ node, level }: { readonly node: RootContent; readonly level: number }): ReactNode {
  const inside = 'children' in node && level < MAX_LEVELS ? drawAll(node.children, level + 1) : null;
  switch (node.type) {
    case 'text':
      return node.value;
    case 'paragraph':
      return <p>{inside}</p>;
    case 'heading':
      // The headings of the page are its own.
      return <p className="prose-heading">{inside}</p>;
    case 'emphasis':
      return <em>{inside}</em>;
    case 'strong':
      return <strong>{inside}</strong>;
    case 'inlineCode':
      return <code>{node.value}</code>;
    case 'code':
      return <CodeBlock text={node.value} />;
    case 'list':
      return node.ordered === true ? <ol start={node.start ?? 1}>{inside}</ol> : <ul>{inside}</ul>;
    case 'listItem':
      return <li>{inside}</li>;
    case 'blockquote':
      return <blockquote>{inside}</blockquote>;
    case 'break':
      return <br />;
    case 'link':
      return <SafeLink url={node.url}>{inside}</SafeLink>;
    case 'image':
      return <SafeLink url={node.url}>{node.alt ?? 'picture'}</SafeLink>;
    case 'html':
      return /^<br\s*\/?>$/i.test(node.value) ? <br /> : node.value.replaceAll(/<[^>]*>/g, '');
    default:
      return inside;
  }
}

function CodeBlock({ text }: { readonly text: string }): ReactNode {
  return (
    // What scrolls must be reachable by keyboard (WCAG 2.1.1).
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <pre className="api-code" tabIndex={0} aria-label="Code">
      {text}
    </pre>
  );
}

function SafeLink({ url, children }: { readonly url: string; readonly children: ReactNode }): ReactNode {
  if (!/^(https?:\/\/|mailto:)/i.test(url)) return <span title={url}>{children}</span>;
  return (
    <a href={url} rel="noreferrer" className="accent prose-link" title={url}>
      {children}
    </a>
  );
}
