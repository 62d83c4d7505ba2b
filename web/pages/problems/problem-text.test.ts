import { expect, test } from 'vitest';
import type { ProblemData } from '../entity/use-entity.ts';
import { placeText, problemsCsv, problemsText } from './problem-text.ts';

const problem: ProblemData = {
  id: '1',
  severity: 'error',
  code: 'entity-schema',
  message: '=HYPERLINK("http://x.example"), no',
  fix: 'Write a name',
  source: 'file:/srv',
  location: 'file:/srv/a.yaml',
  line: 3,
  column: 5,
  path: 'metadata.name',
  since: '2026-11-22T08:30:00.000Z',
};

test('a place is one that editors open', () => {
  expect(placeText(problem)).toBe('/srv/a.yaml:3:5');
  expect(placeText({ location: 'url:https://x.example/a.yaml' })).toBe('https://x.example/a.yaml');
});

test('as text: place, what is wrong, and below it what to do', () => {
  const { fix: _fix, path: _path, ...plain } = problem;
  expect(problemsText([problem, { ...plain, message: 'bad' }])).toBe(
    [
      '/srv/a.yaml:3:5  error  metadata.name: =HYPERLINK("http://x.example"), no  (entity-schema)',
      '    -> Write a name',
      '/srv/a.yaml:3:5  error  bad  (entity-schema)',
    ].join('\n'),
  );
});

test('as a table: quoted where it must be, and no cell is a formula', () => {
  const [head, row, end] = problemsCsv([problem]).split('\r\n');
  expect(head).toBe('severity,code,location,line,column,field,entity,owners,message,fix,since,url');
  expect(row).toBe(
    `error,entity-schema,file:/srv/a.yaml,3,5,metadata.name,,,"'=HYPERLINK(""http://x.example""), no",Write a name,2026-11-22T08:30:00.000Z,`,
  );
  expect(end).toBe('');
});
