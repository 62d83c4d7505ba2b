import type { LogItem } from '../../api/logs.ts';
import type { LogEntry } from './log-merge.ts';
import type { LogPlace } from './log-question.ts';

/** Writes what is told of logs, as bytes that are sent as they are. */
export interface LogWriter {
  entry(place: LogPlace, entry: LogEntry): string;
  /** Empty where nobody is to read it. */
  item(item: LogItem): string;
}

/** One JSON object a line. */
export const jsonWriter: LogWriter = {
  entry({ cluster, pod, container }, { at, text, cut, marks, gap }) {
    const place = { cluster, pod, container };
    const line = gap > 0 ? { type: 'gap', at, ...place, lines: gap } : { type: 'line', at, ...place, text, ...more() };
    function more(): object {
      return { ...(cut > 0 && { cut }), ...(marks !== undefined && { marks }) };
    }
    return `${JSON.stringify(line)}\n`;
  },
  item: (item) => `${JSON.stringify(item)}\n`,
};

/** Lines of text for a file; what is not a line of a log begins with `#`. */
export const textWriter: LogWriter = {
  entry(place, { at, text, cut, gap }) {
    if (gap > 0) return `# ${at} ${nameOf(place)}: ${gap} lines were left out\n`;
    return `${at} ${nameOf(place)} ${text}${cut > 0 ? ` … (${cut} bytes more)` : ''}\n`;
  },
  item(item) {
    if (item.type === 'problem') {
      const of = [item.cluster, item.pod, item.container].filter((part) => part !== undefined).join('/');
      return `# ${of === '' ? '' : `${of}: `}${item.code}: ${item.message.replaceAll(/\s+/g, ' ')}\n`;
    }
    return item.type === 'end' && item.reason !== 'whole' ? `# ended: ${item.reason}\n` : '';
  },
};

function nameOf({ cluster, pod, container }: LogPlace): string {
  return container === undefined ? `${cluster}/${pod}` : `${cluster}/${pod}/${container}`;
}
