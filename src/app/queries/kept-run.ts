/** The run that a reload cut off: what it had is kept in this browser every few seconds, and it goes on when its log is open again. */
import { SCOPES, type ScoreScope } from '../../core/score/wanted.ts';
import { openRunStore, type RunStore } from '../../platform/browser/run-store.ts';

/** What a run was started with; the model tells itself in the scores. */
export interface RunSettings {
  readonly scope: ScoreScope;
  readonly sketch: boolean;
}

export interface KeptRun {
  readonly scores: Blob;
  readonly settings: RunSettings;
}

/** At least this long between two copies, and long against what a copy takes. */
const LEAST_MS = 1000;
const SHARE = 20;

let store: Promise<RunStore | null> | null = null;
const opened = (): Promise<RunStore | null> => (store ??= openRunStore());

const sketchings = [false, true] as const;
const nameOf = (data: string, { scope, sketch }: RunSettings): string => `${data}-${scope}-${sketch ? 'sketch' : 'plain'}.scores`;

/** The run on this data that is not over; null where there is none. */
export async function takeKeptRun(data: string): Promise<KeptRun | null> {
  const runs = await opened();
  for (const scope of SCOPES) {
    for (const sketch of sketchings) {
      const settings = { scope, sketch };
      const scores = (await runs?.read(nameOf(data, settings))) ?? null;
      if (scores !== null) return { scores, settings };
    }
  }
  return null;
}

/** There is nothing to go on with: the run is over, or its scores were let go. */
export async function forgetRun(data: string): Promise<void> {
  const runs = await opened();
  for (const scope of SCOPES) for (const sketch of sketchings) await runs?.forget(nameOf(data, { scope, sketch }));
}

/** One run of a log: the last one. */
async function keepOnly(data: string, settings: RunSettings, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const runs = await opened();
  const kept = nameOf(data, settings);
  await runs?.write(kept, bytes);
  for (const scope of SCOPES) {
    for (const sketch of sketchings) {
      const name = nameOf(data, { scope, sketch });
      if (name !== kept) await runs?.forget(name);
    }
  }
}

export interface Keeper {
  /** Keeps a copy where the last one is old enough. */
  tick(): void;
  /** Settles when nothing more is written. @param isOver else what is kept stays, to go on with */
  end(isOver: boolean): Promise<void>;
}

/** @param save what there is so far; rejects where there is nothing */
export function makeKeeper(data: string, settings: RunSettings, save: () => Promise<Uint8Array<ArrayBuffer>>): Keeper {
  let next = performance.now() + LEAST_MS;
  let writing: Promise<void> | null = null;
  const write = async (): Promise<void> => {
    const begun = performance.now();
    const bytes = await save().catch(() => null);
    if (bytes !== null) await keepOnly(data, settings, bytes);
    const now = performance.now();
    next = now + Math.max(LEAST_MS, SHARE * (now - begun));
  };
  return {
    tick() {
      if (writing !== null || performance.now() < next) return;
      writing = write().finally(() => (writing = null));
    },
    async end(isOver) {
      next = Infinity;
      await writing;
      if (isOver) await forgetRun(data);
    },
  };
}
