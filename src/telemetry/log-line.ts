const levelWords: Readonly<Record<string, string>> = {
  trace: 'trace',
  debug: 'debug',
  info: 'info ',
  warn: 'WARN ',
  error: 'ERROR',
  fatal: 'FATAL',
};

/**
 * Turns one JSON log line into a readable one: `12:30:01.123 WARN  message key=value`; the stack of an error follows
 * on lines of its own. A line that is not JSON is passed on as it is.
 */
export function formatLogLine(line: string): string {
  const record = parseRecord(line);
  if (record === undefined) return line;
  const { level, time, msg, error, ...fields } = record;
  const head = `${String(time).slice(11, 23)} ${levelWords[String(level)] ?? String(level)} ${words(msg)}`;
  const stack = isRecord(error) && typeof error['stack'] === 'string' ? error['stack'] : undefined;
  const shown = error === undefined || stack !== undefined ? fields : { ...fields, error };
  const pairs = Object.entries(shown).map(([key, value]) => ` ${key}=${formatValue(value)}`);
  const cause = isRecord(error) && error['cause'] !== undefined ? `\n    cause: ${words(error['cause'])}` : '';
  return `${head}${pairs.join('')}${stack === undefined ? '' : `\n${indent(stack)}${cause}`}\n`;
}

function parseRecord(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch {
    // Not JSON: something wrote to the stream directly, and it is shown as it came.
    return undefined;
  }
}

function words(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function formatValue(value: unknown): string {
  if (typeof value === 'string') return /[\s"=]/.test(value) ? JSON.stringify(value) : value;
  return JSON.stringify(value);
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `    ${line.trim()}`)
    .join('\n');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
