import type { CodeLine } from '../../code-line.ts';

const keyed = /^(\s*(?:- )*)((?:"[^"]*"|[^\s"'#][^:]*):)(?=\s|$)(.*)$/;
const listed = /^(\s*(?:- )+)(.*)$/;
const literal = /^\s*(?:-?\d[\d.e+]*|true|false|null|~)$/;

/** A YAML text as lines in the parts that are drawn differently; what stands in a block of text is text. */
export function yamlParts(text: string): readonly CodeLine[] {
  let block: number | undefined;
  return text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => {
      const indent = line.search(/\S/);
      if (block !== undefined && (indent === -1 || indent > block)) return { ...plain, value: line };
      block = undefined;
      const [, lead = '', key = '', rest = ''] = keyed.exec(line) ?? listed.exec(line)?.toSpliced(2, 0, '') ?? [];
      const value = lead === '' && key === '' ? line : rest;
      if (/(?:^|\s)[|>][+-]?\d?$/.test(value)) block = indent;
      return { ...plain, lead, key, value, sort: literal.test(value) ? ('literal' as const) : ('text' as const) };
    });
}

const plain: CodeLine = { lead: '', key: '', value: '', sort: 'text', path: '' };
