/** The page's and the session's end of workers: the only file that says `new Worker`. */
import { proxy, releaseProxy, wrap } from 'comlink';
import { MAX_SILENT_MODEL_MINUTES, MAX_STOPPING_SECONDS } from '../src/base/bounds.ts';
import { makeLifetime, type Lifetime } from '../src/base/lifetime.ts';
import { RecordFailure, type ParsePlace, type ParseThread } from '../src/engine/parse-thread.ts';
import type { ParsePool } from '../src/engine/pool.ts';
import { makeWorkerPool } from '../src/engine/worker-pool.ts';
import type { SessionContract } from './contract.ts';
import type { Scorer } from '../src/engine/score/scorer.ts';
import { makeSharedScorer } from '../src/engine/score/shared-scorer.ts';
import type { Slots } from '../src/engine/slots.ts';
import type { ParseContract, PlaceTold } from './parse-contract.ts';
import { LENT_SCORER, type ScoreContract } from './score-contract.ts';
import { bindWorkers } from '../src/platform/browser/bound-workers.ts';

bindWorkers();

export type SessionHandle = SessionContract & {
  /** Resolves with a sentence when the worker dies; never rejects. */
  readonly died: Promise<string>;
  /** Resolves once it answers anything, or has died: for as long as it is busy or stuck, it does not. */
  ping(): Promise<void>;
  /** @param why told to whoever still waits for an answer */
  dispose(why?: string): void;
};

/** Every question rejects when the worker dies before it has answered. */
export function spawnSession(): SessionHandle {
  const worker = new Worker(new URL('./session.worker.ts', import.meta.url), { type: 'module', name: 'espalier session' });
  const { asked, died, end } = reach<SessionContract>(worker, (why) => why);
  // Rejects where nothing is open, which is an answer too.
  const ping = (): Promise<void> =>
    asked.issues(0, 0).then(
      () => undefined,
      () => undefined,
    );
  return Object.assign(asked, { died, ping, dispose: (why = 'the session was closed') => end(why) });
}

interface Reached<T> {
  readonly worker: Worker;
  readonly asked: T;
  /** Resolves with the reason when the worker dies or is ended. */
  readonly died: Promise<string>;
  /** Stops the worker: what it was asked for and has not answered rejects. */
  readonly end: (why: string) => void;
  readonly isOver: () => boolean;
}

/** The verbs behind a worker's door. What is under way when the worker dies rejects with `sentence` of the reason. */
function reach<T extends object>(worker: Worker, sentence: (why: string) => string): Reached<T> {
  const remote = wrap<object>(worker);
  const life = makeLifetime();
  let tell: (why: string) => void = () => undefined;
  const died = new Promise<string>((resolve) => {
    tell = resolve;
  });
  let isOver = false;
  const end = (why: string): void => {
    if (isOver) return;
    isOver = true;
    life.end(new Error(sentence(why)));
    remote[releaseProxy]();
    worker.terminate();
    tell(why);
  };
  worker.addEventListener('error', (event) => end(event.message || 'the worker stopped without saying why'));
  worker.addEventListener('messageerror', () => end('a message could not be read'));
  return { worker, asked: asking(remote, life) as unknown as T, died, end, isOver: () => isOver };
}

/** Verbs by any name, also those of objects inside; callbacks go as proxies. */
function asking(remote: object, life: Lifetime): object {
  return new Proxy(() => undefined, {
    get: (own, key): unknown => Reflect.get(own, key) ?? asking(Reflect.get(remote, key) as object, life),
    apply: (_, __, args: readonly unknown[]) =>
      life.during(
        Reflect.apply(
          remote as () => Promise<unknown>,
          null,
          args.map((arg) => (typeof arg === 'function' ? proxy(arg) : arg)),
        ),
      ),
  });
}

/** Leaves one core to the page and the session. */
function defaultSize(): number {
  return Math.max(1, Math.min(8, (navigator.hardwareConcurrency || 2) - 1));
}

function startParseWorker(): ParseThread {
  const worker = new Worker(new URL('./parse.worker.ts', import.meta.url), { type: 'module', name: 'espalier parse' });
  const { asked, end, isOver } = reach<ParseContract>(worker, (why) => `a parse worker died: ${why}`);
  let onPlace: ((place: ParsePlace) => void) | null = null;
  worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (isPlace(data)) onPlace?.(data.place);
  });
  return {
    get isDead() {
      return isOver();
    },
    configure: (settings) => asked.configure(settings),
    async parse(job, handle, onReply, tellPlace) {
      onPlace = tellPlace;
      const failed = await asked.parse(job, handle, onReply);
      if (failed !== null) throw new RecordFailure(failed.record, failed.reason);
    },
    end,
  };
}

function isPlace(data: unknown): data is PlaceTold {
  return typeof data === 'object' && data !== null && 'place' in data;
}

/** Parse workers behind the engine's port; started when first configured. */
export function spawnParsePool(size = defaultSize()): ParsePool & Pick<Slots, 'lend'> {
  return makeWorkerPool(startParseWorker, size);
}

/** The score worker, helped by places of the pool in which nothing parses. */
export function spawnSharedScorer(pool: Pick<Slots, 'lend'>): Scorer {
  return makeSharedScorer(spawnScorer(), {
    lend: (recall) => pool.lend(recall),
    start: () => spawnScorer(LENT_SCORER),
    executor: 'wasm',
    cores: navigator.hardwareConcurrency || 2,
  });
}

/**
 * The score worker behind the engine's port; started when first asked, again after it has died, and anew for every model:
 * WebAssembly never gives memory back, and a lost GPU device stays lost.
 */
export function spawnScorer(name = 'espalier score'): Scorer {
  let handle: Reached<ScoreContract> | null = null;
  let used = false;
  let paused = false;
  const held = (): ScoreContract => {
    if (handle) return handle.asked;
    const worker = new Worker(new URL('./score.worker.ts', import.meta.url), { type: 'module', name });
    const started = (handle = reach<ScoreContract>(worker, (why) => `the score worker ended: ${why}`));
    void started.died.then(() => {
      if (handle === started) handle = null;
    });
    return started.asked;
  };
  const stop = (why: string): void => {
    paused = false;
    handle?.end(why);
    handle = null;
  };
  let work: object | null = null;
  /** What is under way, for as long as something is heard of it. */
  const during = async <T>(begin: (heard: () => void) => Promise<T>): Promise<T> => {
    const mine = (work = {});
    let minutes = 0;
    const clock = setInterval(() => {
      if (!paused && ++minutes >= MAX_SILENT_MODEL_MINUTES) stop(`nothing was heard of it for ${minutes} minutes`);
    }, 60_000);
    try {
      return await begin(() => {
        minutes = 0;
      });
    } finally {
      clearInterval(clock);
      if (work === mine) work = null;
    }
  };
  /** A worker that is gone has nothing to stop. */
  const tell = (work: (asked: ScoreContract) => Promise<void>): void => {
    if (handle) void work(handle.asked).catch(() => undefined);
  };
  return {
    size: (model, dtype) => held().size(model, dtype),
    load(settings, onProgress) {
      if (used) stop('another model was asked for');
      used = true;
      return during((heard) =>
        held().load(settings, (progress) => {
          heard();
          onProgress(progress);
        }),
      );
    },
    run: (job, onFacts, onProgress) =>
      during((heard) =>
        held().run(job, onFacts, (progress) => {
          heard();
          onProgress(progress);
        }),
      ),
    graph: (job) => (handle === null ? Promise.resolve({ ok: false, reason: 'no model is loaded' }) : handle.asked.graph(job)),
    pause() {
      paused = true;
      tell((asked) => asked.pause());
    },
    resume() {
      paused = false;
      tell((asked) => asked.resume());
    },
    cancel() {
      // A part of a run may begin in a pause; what is cancelled is over, and its pause with it.
      paused = false;
      tell((asked) => asked.cancel());
      const asked = work;
      // A model that computes, or never comes back, hears nothing.
      setTimeout(() => {
        if (work !== null && work === asked) stop('it was told to stop, and did not answer');
      }, MAX_STOPPING_SECONDS * 1000);
    },
    release() {
      stop('it was released');
      return Promise.resolve();
    },
  };
}
