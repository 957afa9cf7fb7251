/** A fuzzing thread and who watches it: one that does not come back from an input is ended, named and replaced. */
import { Worker } from 'node:worker_threads';
import { BEGUN, EXECUTION, INPUT_AT, LENGTH, SHARED_BYTES, STOP, TARGET, type Finding, type Message, type Task } from './messages.ts';

/** An input takes a fraction of a millisecond; a machine with other work may need a while all the same. */
const HUNG_S = 60;
/** Of its heap, and of the young part of it: what an execution makes dies with it. */
const LIMITS = { maxOldGenerationSizeMb: 1500, maxYoungGenerationSizeMb: 192 };

export interface Watched {
  stop(): void;
  /** Fulfilled when the thread has done its executions or was stopped. */
  readonly ended: Promise<void>;
}

/** @param targets their ids, in order. @param tell also of findings that end a thread */
export function watchThread(
  entry: URL,
  targets: readonly string[],
  task: Omit<Task, 'shared' | 'without'>,
  tell: (message: Message) => void,
  hungSeconds = HUNG_S,
): Watched {
  const shared = new SharedArrayBuffer(SHARED_BYTES);
  const words = new Int32Array(shared, 0, INPUT_AT / 4);
  const held = new Uint8Array(shared, INPUT_AT);

  /** Inputs that ended a thread: the next one leaves them out. */
  const without: Uint8Array<ArrayBuffer>[] = [];

  const found = (key: string, message: string): void => {
    const input = Uint8Array.from(held.subarray(0, words[LENGTH]));
    const target = targets[words[TARGET]] ?? '';
    without.push(input);
    const finding: Finding = { target, key: `${target}: ${key}`, message, input, execution: words[EXECUTION] };
    tell({ type: 'found', finding });
  };

  const runOnce = (from: number): Promise<'done' | 'again'> =>
    new Promise((resolve) => {
      const worker = new Worker(entry, { workerData: { ...task, from, shared, without } satisfies Task, resourceLimits: LIMITS });
      let begun = -1;
      let waited = 0;
      const timer = setInterval(() => {
        waited = words[BEGUN] === begun ? waited + 1 : 0;
        begun = words[BEGUN];
        if (waited < hungSeconds) return;
        found('it hangs', `no answer within ${hungSeconds} seconds`);
        finish('again');
      }, 1000);
      const finish = (how: 'done' | 'again'): void => {
        clearInterval(timer);
        worker.removeAllListeners();
        worker.on('error', () => undefined);
        void worker.terminate().then(() => resolve(how));
      };
      worker.on('message', (message: Message) => {
        tell(message);
        if (message.type === 'done') finish('done');
      });
      worker.on('error', (error: Error & { code?: string }) => {
        found(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'it takes all memory' : 'its thread ended', error.stack ?? error.message);
        finish('again');
      });
      worker.on('exit', (code) => {
        found('its thread ended', `with code ${code}`);
        finish('again');
      });
    });

  const run = async (): Promise<void> => {
    let from = task.from;
    for (let begun = 0; words[STOP] === 0 && from <= task.to; begun = words[BEGUN]) {
      if ((await runOnce(from)) === 'done') return;
      // One that ends before its first input would do so again.
      if (words[BEGUN] === begun) return;
      from = words[EXECUTION] + 1;
    }
  };
  const ended = run();
  return {
    ended,
    stop() {
      words[STOP] = 1;
    },
  };
}
