import { Writable } from 'node:stream';
import type { Logger } from 'pino';
import { createLog } from '../telemetry/log.ts';

/** A line of a thread's log on its way to the server's log. */
export interface LogLine {
  readonly type: 'log';
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The log of a thread: its lines are written by the server's thread, as that one is configured to. */
export function threadLog(tell: (line: LogLine) => void): Logger {
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      const { level, msg, time: _time, ...fields } = JSON.parse(chunk.toString()) as Record<string, unknown>;
      const name = level === 'warn' || level === 'error' ? level : 'info';
      tell({ type: 'log', level: name, message: String(msg), fields });
      done();
    },
  });
  return createLog({ level: 'info', format: 'json', destination });
}
