/** The entry of a fuzzing thread. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';
import { runLoop, seenBlocks } from './loop.ts';
import type { Message, Task } from './messages.ts';
import { allTargets } from './targets.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const task = workerData as Task;
const tell = (message: Message): void => parentPort?.postMessage(message);
/** Between two looks at memory. */
const EACH_MS = 15_000;
let measuredAt = -Infinity;

function measure(): void {
  if (performance.now() - measuredAt < EACH_MS) return;
  measuredAt = performance.now();
  collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  tell({ type: 'memory', point: { heap: heapUsed, external, resident: rss } });
  tell({ type: 'blocks', seen: seenBlocks().slice() });
}

const targets = (await allTargets()).filter(({ id }) => id.includes(task.only));
if (targets.length === 0) throw new Error(`no reader is called ${task.only}`);
await runLoop(targets, task, tell, measure);
measuredAt = -Infinity;
measure();
tell({ type: 'done' });
