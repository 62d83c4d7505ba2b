import { parentPort } from 'node:worker_threads';
import { systemClock } from '../base/clock.ts';
import { CallboardError, errorMessage } from '../base/errors.ts';
import type { Driver } from './driver.ts';
import type { StoreErrorCode } from './errors.ts';
import type { CallMessage, WireError, WorkerMessage, WorkerSettings } from './messages.ts';
import type { PostgresListener } from './postgres-listener.ts';
import { checkSchema, migrate } from './schema.ts';
import { SqlStore } from './sql-store.ts';
import { SqliteDriver } from './sqlite-driver.ts';
import type { StoreHealth } from './store.ts';

// The entry of the store worker: is told of a database in its first message, opens it, brings its schema up to date and answers the calls of the main
// thread until it is told to close.

const OK: StoreHealth = { status: 'ok', reason: '' };

async function main(settings: WorkerSettings): Promise<void> {
  let driver: Driver | undefined;
  try {
    driver = await openDriver(settings);
    await prepareSchema(driver, settings);
  } catch (error) {
    send({ type: 'refused', error: toWireError(driver?.fault(error) ?? error) });
    await driver?.close();
    return;
  }
  const store = new SqlStore(driver, systemClock, settings, (of) => send({ type: 'hint', of }));
  const listener = settings.engine === 'postgres' && settings.notify ? await listen(settings.databaseUrl) : undefined;
  const tellHealth = healthTeller();
  const fault = driver.fault.bind(driver);
  parentPort?.on('message', (message: CallMessage) => {
    if (message.call === 'close') void listener?.close();
    void answer(store, message).then(
      (result) => {
        tellHealth(OK);
        send({ type: 'result', id: message.id, result });
        if (message.call === 'close') parentPort?.close();
      },
      (thrown: unknown) => {
        const error = fault(thrown);
        if (error.code === 'STORE_UNAVAILABLE') tellHealth({ status: 'unavailable', reason: error.message });
        if (error.code === 'STORE_FAILED')
          log('error', 'Store call failed', { call: message.call, error: error.message });
        send({ type: 'error', id: message.id, error: toWireError(error) });
      },
    );
  });
  send({ type: 'ready' });
}

async function openDriver(settings: WorkerSettings): Promise<Driver> {
  const { readOnly } = settings;
  if (settings.engine === 'sqlite') {
    const mode = readOnly ? 'read' : settings.temporary ? 'temporary' : 'write';
    return new SqliteDriver({ folder: settings.folder, mode });
  }
  const { PostgresDriver } = await import('./postgres-driver.ts');
  return new PostgresDriver(settings);
}

async function listen(databaseUrl: string): Promise<PostgresListener> {
  const { PostgresListener } = await import('./postgres-listener.ts');
  const listener = new PostgresListener({
    databaseUrl,
    clock: systemClock,
    onNotify: (of) => send({ type: 'hint', of }),
    onTrouble: (reason) => log('warn', 'Listening for other servers failed, trying again', { reason }),
  });
  void listener.start();
  return listener;
}

async function prepareSchema(driver: Driver, settings: WorkerSettings): Promise<void> {
  if (settings.readOnly) await driver.read((sql) => checkSchema(sql, driver.dialect));
  else await driver.writeAlone((sql) => migrate(sql, driver.dialect, systemClock.now()));
}

function answer(store: SqlStore, { call, args }: CallMessage): Promise<unknown> {
  const handler = store[call] as (...given: readonly unknown[]) => Promise<unknown>;
  return handler.apply(store, [...args]);
}

/** Tells the main thread when health changes, not after every call. */
function healthTeller(): (health: StoreHealth) => void {
  let told = OK;
  return (health) => {
    if (health.status === told.status && health.reason === told.reason) return;
    told = health;
    send({ type: 'health', health });
  };
}

function toWireError(error: unknown): WireError {
  if (error instanceof CallboardError) return { code: error.code as StoreErrorCode, details: error.details };
  return { code: 'STORE_FAILED', details: { reason: errorMessage(error) } };
}

function log(level: 'info' | 'warn' | 'error', message: string, fields: WireError['details']): void {
  send({ type: 'log', level, message, fields });
}

function send(message: WorkerMessage): void {
  parentPort?.postMessage(message);
}

parentPort?.once('message', (settings: WorkerSettings) => void main(settings));
