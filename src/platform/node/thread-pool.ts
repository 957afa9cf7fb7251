/** Parse threads behind the engine's port. */
import { Worker } from 'node:worker_threads';
import type { ParsePool } from '../../engine/pool.ts';
import type { ParseReply } from '../../engine/parse.ts';
import type { ThreadAnswer, ThreadRequest } from './parse-thread.ts';

interface Thread {
  ask(request: ThreadRequestBody, onReply?: (reply: ParseReply) => void): Promise<void>;
}
type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;
type ThreadRequestBody = WithoutId<ThreadRequest>;

function startThread(entry: URL): Thread {
  const worker = new Worker(entry);
  worker.unref();
  const waiting = new Map<
    number,
    { readonly resolve: () => void; readonly reject: (error: Error) => void; readonly onReply?: ((reply: ParseReply) => void) | undefined }
  >();
  let next = 0;
  worker.on('message', (answer: ThreadAnswer) => {
    const asked = waiting.get(answer.id);
    if (!asked) return;
    if (answer.type === 'reply') {
      asked.onReply?.(answer.reply);
      return;
    }
    waiting.delete(answer.id);
    if (waiting.size === 0) worker.unref();
    if (answer.type === 'done') asked.resolve();
    else asked.reject(new Error(answer.reason));
  });
  worker.on('error', (error) => {
    for (const { reject } of waiting.values()) reject(error instanceof Error ? error : new Error(String(error)));
    waiting.clear();
  });
  return {
    ask(request, onReply) {
      return new Promise((resolve, reject) => {
        const id = next++;
        worker.ref();
        waiting.set(id, { resolve, reject, onReply });
        worker.postMessage({ ...request, id });
      });
    },
  };
}

/** @param entry the built parse-thread module */
export function makeThreadPool(entry: URL, size: number): ParsePool {
  const idle: Thread[] = [];
  const all: Thread[] = [];
  return {
    size,
    async configure(settings) {
      while (all.length < size) {
        const thread = startThread(entry);
        all.push(thread);
        idle.push(thread);
      }
      await Promise.all(all.map((thread) => thread.ask({ verb: 'configure', settings })));
    },
    async parse(job, handle, onReply) {
      const thread = idle.pop();
      if (!thread) throw new Error('more jobs at once than parse threads');
      try {
        await thread.ask({ verb: 'parse', job, handle }, onReply);
      } finally {
        idle.push(thread);
      }
    },
  };
}
