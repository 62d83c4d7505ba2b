import { expect, test } from 'vitest';
import { dotText, mermaidText, relationWords, type TextGraph } from './graph-text.ts';

const graph: TextGraph = {
  nodes: [
    { id: 'component:default/desk', lines: ['Desk "one"', 'Component'] },
    { id: 'owner=\\x', lines: ['</b>\nx'], isBroken: true },
  ],
  edges: [
    { from: 'component:default/desk', to: 'owner=\\x', type: 'consumesApi', count: 1 },
    { from: 'owner=\\x', to: 'component:default/desk', type: 'dependsOn', count: 3 },
  ],
};

test('relations are told in words', () => {
  expect(['dependsOn', 'providesApi', 'partOf'].map(relationWords)).toEqual(['depends on', 'provides API', 'part of']);
});

test('Mermaid: nothing in a label can be read as syntax or markup', () => {
  expect(mermaidText(graph)).toBe(
    [
      'flowchart RL',
      '  n0["Desk #34;one#34;<br/>Component"]',
      '  n1["#60;/b#62; x"]',
      '  style n1 stroke-dasharray: 4',
      '  n0 -->|"consumes API"| n1',
      '  n1 -->|"depends on (3)"| n0',
      '',
    ].join('\n'),
  );
});

test('DOT: quotes, backslashes and line breaks stay inside their strings', () => {
  expect(dotText(graph)).toBe(
    [
      'digraph {',
      '  rankdir=RL',
      '  node [shape=box]',
      '  "component:default/desk" [label="Desk \\"one\\"\\nComponent"]',
      '  "owner=\\\\x" [label="</b> x" style=dashed]',
      '  "component:default/desk" -> "owner=\\\\x" [label="consumes API"]',
      '  "owner=\\\\x" -> "component:default/desk" [label="depends on (3)"]',
      '}',
      '',
    ].join('\n'),
  );
});
