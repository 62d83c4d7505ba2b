import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ProcessTask } from './store-process.ts';

/** Starts a process with real stores, see `store-process.ts`. */
export function forkStoreProcess(task: ProcessTask): ChildProcess {
  const program = fileURLToPath(new URL('./store-process.ts', import.meta.url));
  // Options of the test runner are not for the child.
  return fork(program, [JSON.stringify(task)], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
}

/** The next message of the process. @throws when it ends without one */
export function nextMessage<M>(child: ChildProcess): Promise<M> {
  return new Promise((resolve, reject) => {
    const onExit = (): void => reject(new Error('the process ended without a message'));
    child.once('exit', onExit);
    child.once('message', (message) => {
      child.off('exit', onExit);
      resolve(message as M);
    });
  });
}

/** Kills the process and waits for its end. */
export function killed(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) {
      resolve();
      return;
    }
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}
