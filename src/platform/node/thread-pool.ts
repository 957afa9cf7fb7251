/** Parse threads behind the engine's port. */
import { Worker, type ResourceLimits } from 'node:worker_threads';
import type { ParseReply } from '../../engine/parse-job.ts';
import { RecordFailure, type ParsePlace, type ParseThread } from '../../engine/parse-thread.ts';
import type { ParsePool } from '../../engine/pool.ts';
import { makeWorkerPool } from '../../engine/worker-pool.ts';
import type { ThreadAnswer, ThreadRequest } from './parse-thread.ts';

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;
type ThreadRequestBody = WithoutId<ThreadRequest>;

interface Asked {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  readonly onReply?: (reply: ParseReply) => Promise<void> | void;
  readonly onPlace?: (place: ParsePlace) => void;
}

function startThread(entry: URL, resourceLimits: ResourceLimits): ParseThread {
  const worker = new Worker(entry, { resourceLimits });
  worker.unref();
  const waiting = new Map<number, Asked>();
  let next = 0;
  let death: Error | null = null;
  worker.on('message', (answer: ThreadAnswer) => {
    const asked = waiting.get(answer.id);
    if (!asked) return;
    if (answer.type === 'reply') return void asked.onReply?.(answer.reply);
    if (answer.type === 'place') return asked.onPlace?.(answer.place);
    waiting.delete(answer.id);
    if (waiting.size === 0) worker.unref();
    if (answer.type === 'done') asked.resolve();
    else asked.reject(answer.record === undefined ? new Error(answer.reason) : new RecordFailure(answer.record, answer.reason));
  });
  const die = (why: string): void => {
    death ??= new Error(`a parse thread died: ${why}`);
    for (const { reject } of waiting.values()) reject(death);
    waiting.clear();
  };
  // An error overtakes what the thread said before, such as at which record it is; its end does not.
  let thrown: string | null = null;
  worker.on('error', (error) => {
    thrown ??= error instanceof Error ? error.message : String(error);
  });
  worker.on('exit', (code) => die(thrown ?? `it ended with code ${code}`));
  const ask = (request: ThreadRequestBody, told: Pick<Asked, 'onReply' | 'onPlace'> = {}): Promise<void> =>
    new Promise((resolve, reject) => {
      if (death !== null) {
        reject(death);
        return;
      }
      const id = next++;
      worker.ref();
      waiting.set(id, { resolve, reject, ...told });
      worker.postMessage({ ...request, id });
    });
  return {
    get isDead() {
      return death !== null;
    },
    configure: (settings) => ask({ verb: 'configure', settings }),
    parse: (job, handle, onReply, onPlace) => ask({ verb: 'parse', job, handle }, { onReply, onPlace }),
    end(why) {
      die(why);
      worker.unref();
      void worker.terminate();
    },
  };
}

/** @param entry the built parse-thread module. @param seconds as of `makeWorkerPool`. @param limits of each thread's memory */
export function makeThreadPool(
  entry: URL,
  size: number,
  seconds?: Parameters<typeof makeWorkerPool>[2],
  limits: ResourceLimits = {},
): ParsePool {
  return makeWorkerPool(() => startThread(entry, limits), size, seconds);
}
