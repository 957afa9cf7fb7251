/** The page's and the session's end of workers: the only file that says `new Worker`. */
import { proxy, releaseProxy, wrap, type Remote } from 'comlink';
import type { ParsePool } from '../src/engine/pool.ts';
import type { SessionContract } from './contract.ts';
import type { ScoreOutcome } from '../src/core/score/run.ts';
import type { GraphReply } from '../src/engine/score/graph-runner.ts';
import type { ModelSize } from '../src/engine/score/model-choice.ts';
import type { LoadAnswer, Scorer } from '../src/engine/score/scorer.ts';
import type { ParseContract } from './parse-contract.ts';
import type { ScoreContract } from './score-contract.ts';

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

/**
 * Parse workers behind the engine's port; started when first configured. A dead one rejects what it was doing and is
 * replaced when the pool is next configured. A job waits while workers are still at work that was cancelled.
 */
export function spawnParsePool(size = defaultSize()): ParsePool {
  const idle: ParseHandle[] = [];
  const all = new Set<ParseHandle>();
  const waiting: ((lane: ParseHandle) => void)[] = [];
  const start = (): void => {
    const worker = new Worker(new URL('./parse.worker.ts', import.meta.url), { type: 'module', name: 'espalier parse' });
    const handle = { worker, remote: wrap<ParseContract>(worker), died: deathOf(worker) };
    all.add(handle);
    release(handle);
    void handle.died.then(() => {
      worker.terminate();
      all.delete(handle);
      if (idle.includes(handle)) idle.splice(idle.indexOf(handle), 1);
    });
  };
  const release = (lane: ParseHandle): void => {
    const next = waiting.shift();
    if (next) next(lane);
    else if (all.has(lane)) idle.push(lane);
  };
  return {
    size,
    async configure(settings) {
      while (all.size < size) start();
      await Promise.all(Array.from(all, ({ remote, died }) => orDeath(remote.configure(settings), died)));
    },
    async parse(job, handle, onReply) {
      const lane = idle.pop() ?? (await new Promise<ParseHandle>((resolve) => waiting.push(resolve)));
      try {
        await orDeath(lane.remote.parse(job, handle, proxy(onReply)), lane.died);
      } finally {
        release(lane);
      }
    },
  };
}

function orDeath<T>(work: Promise<T>, died: Promise<string>): Promise<T> {
  return Promise.race([work, died.then((why) => Promise.reject(new Error(`a parse worker died: ${why}`)))]);
}

/**
 * The score worker behind the engine's port; started when first asked, again after it has died, and anew for every model:
 * WebAssembly never gives memory back, and a lost GPU device stays lost.
 */
export function spawnScorer(): Scorer {
  let handle: {
    readonly worker: Worker;
    readonly remote: Remote<ScoreContract>;
    readonly ended: Promise<string>;
    readonly end: (why: string) => void;
  } | null = null;
  let used = false;
  const held = (): NonNullable<typeof handle> => {
    if (handle) return handle;
    const worker = new Worker(new URL('./score.worker.ts', import.meta.url), { type: 'module', name: 'espalier score' });
    let end: (why: string) => void = () => undefined;
    const ended = Promise.race([
      deathOf(worker),
      new Promise<string>((resolve) => {
        end = resolve;
      }),
    ]);
    const started = { worker, remote: wrap<ScoreContract>(worker), ended, end };
    void ended.then(() => {
      worker.terminate();
      if (handle === started) handle = null;
    });
    return (handle = started);
  };
  const stop = (why: string): void => {
    handle?.end(why);
    handle = null;
  };
  const ask = <T>(work: (remote: Remote<ScoreContract>) => PromiseLike<T>): Promise<T> => {
    const { remote, ended } = held();
    return Promise.race([work(remote), ended.then((why) => Promise.reject(new Error(`the score worker ended: ${why}`)))]);
  };
  return {
    size: (model, dtype) => ask<ModelSize>((remote) => remote.size(model, dtype)),
    load(settings, onProgress) {
      if (used) stop('another model was asked for');
      used = true;
      return ask<LoadAnswer>((remote) => remote.load(settings, proxy(onProgress)));
    },
    run: (job, onFacts, onProgress) => ask<ScoreOutcome>((remote) => remote.run(job, proxy(onFacts), proxy(onProgress))),
    graph: (job) =>
      handle === null ? Promise.resolve({ ok: false, reason: 'no model is loaded' }) : ask<GraphReply>((remote) => remote.graph(job)),
    pause: () => void handle?.remote.pause(),
    resume: () => void handle?.remote.resume(),
    cancel: () => void handle?.remote.cancel(),
    release() {
      stop('it was released');
      return Promise.resolve();
    },
  };
}
