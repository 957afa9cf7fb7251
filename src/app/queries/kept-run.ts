/**
 * The run that a reload cut off: what it had is kept in this browser every few seconds, and it goes on when its log is open again. Of
 * several tabs with one log the first whose run begins keeps it; the others neither write over it, nor take it, nor forget it.
 */
import { SCOPES, type ScoreScope } from '../../core/score/wanted.ts';
import { claim, giveBack, whereNobodyElse } from '../../platform/browser/one-tab.ts';
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

const lockOf = (data: string): string => `espalier-run-${data}`;

/** The run on this data that is not over; null where there is none, or where it goes on in another tab. */
export function takeKeptRun(data: string): Promise<KeptRun | null> {
  return whereNobodyElse(lockOf(data), () => keptRun(data), null);
}

async function keptRun(data: string): Promise<KeptRun | null> {
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

/** There is nothing to go on with: the run is over, or its scores were let go. A run in another tab stays. */
export function forgetRun(data: string): Promise<void> {
  const forget = async (): Promise<void> => {
    const runs = await opened();
    for (const scope of SCOPES) for (const sketch of sketchings) await runs?.forget(nameOf(data, { scope, sketch }));
  };
  return whereNobodyElse(lockOf(data), forget, undefined);
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

/**
 * @param save what there is so far; rejects where there is nothing
 * @param onElsewhere hears whether another tab keeps its run of this log, so that this one is not kept
 */
export function makeKeeper(
  data: string,
  settings: RunSettings,
  save: () => Promise<Uint8Array<ArrayBuffer>>,
  onElsewhere: (isElsewhere: boolean) => void,
): Keeper {
  let next = performance.now() + LEAST_MS;
  let writing: Promise<void> | null = null;
  let isElsewhere = false;
  const claimed = async (): Promise<boolean> => {
    const found = !(await claim(lockOf(data)));
    if (found !== isElsewhere) onElsewhere((isElsewhere = found));
    return !found;
  };
  // At once, so that no other tab takes what this one goes on with.
  const begun = claimed();
  const write = async (): Promise<void> => {
    const from = performance.now();
    const bytes = (await claimed()) ? await save().catch(() => null) : null;
    if (bytes !== null) await keepOnly(data, settings, bytes);
    const now = performance.now();
    next = now + Math.max(LEAST_MS, SHARE * (now - from));
  };
  return {
    tick() {
      if (writing !== null || performance.now() < next) return;
      writing = write().finally(() => (writing = null));
    },
    async end(isOver) {
      next = Infinity;
      await begun;
      await writing;
      if (isOver) await forgetRun(data);
      giveBack(lockOf(data));
    },
  };
}
