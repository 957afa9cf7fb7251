/** Parse threads behind the engine's port. */
import { Worker } from 'node:worker_threads';
import type { OpenSettings } from '../../engine/answers/opening.ts';
import type { ParsePool } from '../../engine/pool.ts';
import type { ParseReply } from '../../engine/parse.ts';
import type { ThreadAnswer, ThreadRequest } from './parse-thread.ts';

interface Thread {
  ask(request: ThreadRequestBody, onReply?: (reply: ParseReply) => void): Promise<void>;
  /** It has ended and answers nothing any more. */
  readonly isDead: boolean;
}
type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;
type ThreadRequestBody = WithoutId<ThreadRequest>;

interface Asked {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  readonly onReply: ((reply: ParseReply) => void) | undefined;
}

function startThread(entry: URL): Thread {
  const worker = new Worker(entry);
  worker.unref();
  const waiting = new Map<number, Asked>();
  let next = 0;
  let death: Error | null = null;
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
  const die = (why: string): void => {
    death ??= new Error(`a parse thread died: ${why}`);
    for (const { reject } of waiting.values()) reject(death);
    waiting.clear();
  };
  worker.on('error', (error) => die(error instanceof Error ? error.message : String(error)));
  worker.on('exit', (code) => die(`it ended with code ${code}`));
  return {
    get isDead() {
      return death !== null;
    },
    ask(request, onReply) {
      return new Promise((resolve, reject) => {
        if (death !== null) {
          reject(death);
          return;
        }
        const id = next++;
        worker.ref();
        waiting.set(id, { resolve, reject, onReply });
        worker.postMessage({ ...request, id });
      });
    },
  };
}

/**
 * A dead thread rejects what it was doing and is replaced when it is next its turn.
 *
 * @param entry the built parse-thread module
 */
export function makeThreadPool(entry: URL, size: number): ParsePool {
  const all = new Set<Thread>();
  let idle: Thread[] = [];
  let configured: OpenSettings | null = null;
  const start = (): Thread => {
    const thread = startThread(entry);
    all.add(thread);
    return thread;
  };
  /** In place of a dead one, and told what the others are told. */
  const replace = async (dead: Thread): Promise<Thread> => {
    all.delete(dead);
    const thread = start();
    if (configured !== null) await thread.ask({ verb: 'configure', settings: configured });
    return thread;
  };
  return {
    size,
    async configure(settings) {
      configured = settings;
      for (const thread of all) if (thread.isDead) all.delete(thread);
      idle = idle.filter((thread) => all.has(thread));
      while (all.size < size) idle.push(start());
      await Promise.all(Array.from(all, (thread) => thread.ask({ verb: 'configure', settings })));
    },
    async parse(job, handle, onReply) {
      let thread = idle.pop();
      if (!thread) throw new Error('more jobs at once than parse threads');
      try {
        if (thread.isDead) thread = await replace(thread);
        await thread.ask({ verb: 'parse', job, handle }, onReply);
      } finally {
        idle.push(thread);
      }
    },
  };
}
