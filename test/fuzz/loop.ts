/** Executions, one after another: an input is made, run, and kept where it reached a block that none had reached. */
import { setImmediate } from 'node:timers/promises';
import { learnKeys } from './mutate/json.ts';
import { mutate } from './mutate/mutate.ts';
import { BEGUN, EXECUTION, INPUT_AT, LENGTH, STOP, TARGET, type Message, type Task } from './messages.ts';
import { minimise } from './minimise.ts';
import { makeRandom, seedOf, type Random } from './random.ts';
import { textOf, type Depth, type Target } from './target.ts';

/** Blocks of the source that were reached, as the build marks them; null where it does not. */
interface Blocks {
  readonly seen: Uint8Array;
  readonly count: number;
}
const blocks = (): number => (Reflect.get(globalThis, '__blocks') as Blocks | undefined)?.count ?? 0;
export const seenBlocks = (): Uint8Array => (Reflect.get(globalThis, '__blocks') as Blocks | undefined)?.seen ?? new Uint8Array(0);

/** The event loop turns after so many executions, so that rejections which nobody handles are heard of. */
const TURN = 64;
/** Share of executions that also build what was read, and share of these that also export it and open it again. */
const BUILT = 1 / 8;
const EXPORTED = 1 / 100;
/** Share of changed files with a checksum that get the right one. */
const SEALED = 3 / 4;
/** Inputs of one target that are kept. */
const MOST_GROWN = 400;

interface Recent {
  readonly t: number;
  readonly input: Uint8Array<ArrayBuffer>;
  readonly depth: Depth;
}

export async function runLoop(
  targets: readonly Target[],
  task: Task,
  tell: (message: Message) => void,
  measure: () => void,
): Promise<void> {
  const { seed, thread, from, to } = task;
  const words = new Int32Array(task.shared, 0, INPUT_AT / 4);
  const shown = new Uint8Array(task.shared, INPUT_AT);
  const isRun = (input: Uint8Array): boolean => !task.without.some((each) => Buffer.compare(each, input) === 0);
  const corpora = targets.map(({ id, seeds }) =>
    [...seeds.map((bytes) => Uint8Array.from(bytes)), ...(task.grown.get(id) ?? [])].filter(isRun),
  );
  const schedule = targets.flatMap(({ weight }, t) => Array.from({ length: weight }, () => t));
  const known = new Set<string>();
  let counts: Record<string, number> = {};
  let execution = from;
  const recent: Recent[] = [];
  let rejected: unknown = null;
  process.on('unhandledRejection', (reason) => (rejected = reason));

  const run = async (t: number, input: Uint8Array<ArrayBuffer>, depth: Depth): Promise<unknown> => {
    shown.set(input.subarray(0, shown.length));
    words[TARGET] = t;
    words[LENGTH] = Math.min(input.length, shown.length);
    words[EXECUTION] = execution;
    Atomics.add(words, BEGUN, 1);
    try {
      await targets[t].run(input, depth);
      return null;
    } catch (error) {
      return error ?? new Error('something without a name was thrown');
    }
  };

  const report = async (t: number, input: Uint8Array<ArrayBuffer>, depth: Depth, error: unknown): Promise<void> => {
    const key = `${targets[t].id}: ${keyOf(error)}`;
    if (known.has(key)) return tell({ type: 'again', key });
    known.add(key);
    const smallest = await minimise(input, async (smaller) => {
      const other = await run(t, smaller, depth);
      return other !== null && `${targets[t].id}: ${keyOf(other)}` === key;
    });
    tell({ type: 'found', finding: { target: targets[t].id, key, message: messageOf(error), input: smallest, execution } });
  };

  /** A rejection that nobody handles is heard of when the event loop turns: the inputs since then are run once more, one by one. */
  const blame = async (inputs: readonly Recent[]): Promise<void> => {
    for (const { t, input, depth } of inputs) {
      await setImmediate();
      rejected = null;
      await run(t, input, depth);
      await setImmediate();
      if (rejected !== null) await report(t, input, depth, new Error(`nobody handled: ${messageOf(rejected)}`));
    }
    await setImmediate();
    rejected = null;
  };

  // What is kept is run first: it says what was reached before, and whether what was broken is mended.
  for (const [t, corpus] of corpora.entries()) {
    if (targets[t].kind === 'json') for (const input of corpus) for (const line of textOf(input).split('\n')) learn(line);
    for (const input of corpus) {
      const error = await run(t, input, 2);
      if (error !== null) await report(t, input, 2, error);
    }
    await setImmediate();
  }
  measure();
  for (; execution < to && words[STOP] === 0; execution++) {
    const random = makeRandom(seedOf(seed, thread, execution));
    const t = schedule[random.below(schedule.length)];
    const target = targets[t];
    const input = inputOf(target, corpora, t, random);
    const depth: Depth = random.chance(BUILT) ? (random.chance(EXPORTED) ? 2 : 1) : 0;
    const before = blocks();
    const error = await run(t, input, depth);
    counts[target.id] = (counts[target.id] ?? 0) + 1;
    recent.push({ t, input, depth });
    if (error !== null) await report(t, input, depth, error);
    else if (blocks() > before) {
      if (corpora[t].length < MOST_GROWN) corpora[t].push(input);
      tell({ type: 'grown', target: target.id, input });
      // What it leads to may be new as well.
      const deeper = await run(t, input, 2);
      if (deeper !== null) await report(t, input, 2, deeper);
    }
    if (execution % TURN !== TURN - 1) continue;
    await setImmediate();
    if (rejected !== null) await blame(recent);
    recent.length = 0;
    if (execution % (TURN * 32) === TURN * 32 - 1) {
      tell({ type: 'counts', next: execution + 1, counts });
      counts = {};
      measure();
    }
  }
  tell({ type: 'counts', next: execution, counts });
}

function inputOf(target: Target, corpora: readonly (readonly Uint8Array[])[], t: number, random: Random): Uint8Array<ArrayBuffer> {
  if (target.make !== undefined) return target.make(random);
  const input = mutate(target.kind, random.pick(corpora[t]), otherInput(corpora, t, random), random);
  return target.seal !== undefined && random.chance(SEALED) ? target.seal(input) : input;
}

function otherInput(corpora: readonly (readonly Uint8Array[])[], t: number, random: Random): Uint8Array {
  const corpus = random.chance(0.5) ? corpora[t] : random.pick(corpora);
  return corpus.length === 0 ? new Uint8Array(0) : random.pick(corpus);
}

function learn(line: string): void {
  try {
    learnKeys(JSON.parse(line));
  } catch {
    // Not a line of JSON: it has no keys.
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The promise or the kind of error, and for an error that nobody meant the function that threw it. */
function keyOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no error was thrown';
  if (!error.name.endsWith('Error')) return error.name;
  const thrower = /^\s+at (?:async )?(\S+)/m.exec(error.stack ?? '')?.[1] ?? '';
  return `${error.name} in ${thrower}`;
}
