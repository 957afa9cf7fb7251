/** The page's and the session's end of workers: the only file that says `new Worker`. */
import { proxy, releaseProxy, wrap, type Remote } from 'comlink';
import type { ParsePool } from '../src/engine/pool.ts';
import type { SessionContract } from './contract.ts';
import type { ParseContract } from './parse-contract.ts';

export type SessionHandle = Remote<SessionContract> & {
  /** Resolves with a sentence when the worker dies; never rejects. */
  readonly died: Promise<string>;
  dispose(): void;
};

export function spawnSession(): SessionHandle {
  const worker = new Worker(new URL('./session.worker.ts', import.meta.url), { type: 'module', name: 'espalier session' });
  const remote = wrap<SessionContract>(worker);
  const died = deathOf(worker);
  const dispose = (): void => {
    remote[releaseProxy]();
    worker.terminate();
  };
  return new Proxy(remote, {
    get: (target, key, receiver) => (key === 'died' ? died : key === 'dispose' ? dispose : (Reflect.get(target, key, receiver) as unknown)),
  }) as SessionHandle;
}

function deathOf(worker: Worker): Promise<string> {
  return new Promise((resolve) => {
    worker.addEventListener('error', (event) => resolve(event.message || 'the worker stopped without saying why'));
    worker.addEventListener('messageerror', () => resolve('a message could not be read'));
  });
}

interface ParseHandle {
  readonly worker: Worker;
  readonly remote: Remote<ParseContract>;
  readonly died: Promise<string>;
}

/** Leaves one core to the page and the session. */
function defaultSize(): number {
  return Math.max(1, Math.min(8, (navigator.hardwareConcurrency || 2) - 1));
}

/** Parse workers behind the engine's port; started when first configured, a dead one rejects what it was doing. */
export function spawnParsePool(size = defaultSize()): ParsePool {
  const idle: ParseHandle[] = [];
  const all: ParseHandle[] = [];
  const start = (): ParseHandle => {
    const worker = new Worker(new URL('./parse.worker.ts', import.meta.url), { type: 'module', name: 'espalier parse' });
    return { worker, remote: wrap<ParseContract>(worker), died: deathOf(worker) };
  };
  return {
    size,
    async configure(settings) {
      while (all.length < size) {
        const handle = start();
        all.push(handle);
        idle.push(handle);
      }
      await Promise.all(all.map(({ remote, died }) => orDeath(remote.configure(settings), died)));
    },
    async parse(job, handle, onReply) {
      const lane = idle.pop();
      if (!lane) throw new Error('more jobs at once than parse workers');
      try {
        await orDeath(lane.remote.parse(job, handle, proxy(onReply)), lane.died);
      } finally {
        idle.push(lane);
      }
    },
  };
}

function orDeath<T>(work: Promise<T>, died: Promise<string>): Promise<T> {
  return Promise.race([work, died.then((why) => Promise.reject(new Error(`a parse worker died: ${why}`)))]);
}
