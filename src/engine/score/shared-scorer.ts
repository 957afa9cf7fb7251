/**
 * A scorer that others help while they have nothing else to do: places of the pool in which nothing parses are lent to scoring on
 * WebAssembly. A run is parted where windows begin. The scorer that was asked takes parts from the front, those that help from the end;
 * what one of them does not finish goes back. Every part is forwarded in the same requests whoever runs it.
 */
import type { PlanPart } from '../../core/score/plan-parts.ts';
import { partSteps, planPart } from '../../core/score/plan-parts.ts';
import type { ScoreFacts, ScoreOutcome, ScoreProgress, SketchWish } from '../../core/score/run.ts';
import type { Loan } from '../slots.ts';
import type { LoadSettings, ModelFacts, ScoreJob, Scorer } from './scorer.ts';

/** Who has places to lend. */
export interface Lender {
  lend(recall: () => void): Loan | null;
  /** A scorer of one thread for a place that was lent. */
  start(): Scorer;
  /** The executor that it is asked for. */
  readonly executor: string;
  /** Threads that can compute at the same time. */
  readonly cores: number;
}

/** What is worth sharing. */
interface Worth {
  /** Tokens to forward: shorter runs end before another thread has read the model. A count, so that no clock decides. */
  readonly run: number;
  /** Tokens of a part, against which a message costs little. */
  readonly part: number;
}

const WORTH: Worth = { run: 8192, part: 512 };
/** A model is held once more by each thread that helps. */
const MOST_BYTES = 128 << 20;
/** Parts are small against the run, so that nobody waits long for the last one. */
const PARTS = 64;

interface Loaded {
  readonly settings: LoadSettings;
  readonly model: ModelFacts;
  readonly bytes: number;
}

/** @param worth for tests */
export function makeSharedScorer(main: Scorer, lender: Lender, worth = WORTH): Scorer {
  let loaded: Loaded | null = null;
  let run: SharedRun | null = null;
  return {
    ...main,
    async load(settings, onProgress) {
      loaded = null;
      let bytes = 0;
      const answer = await main.load(settings, (progress) => {
        bytes = progress.totalBytes;
        onProgress(progress);
      });
      if (answer.ok) loaded = { settings, model: answer.model, bytes };
      return answer;
    },
    async run(job, onFacts, onProgress) {
      const held = loaded;
      const starts = held === null || !isShared(held, job, lender.cores, worth) ? [] : partsOf(job, worth);
      if (held === null || starts.length < 3) return main.run(job, onFacts, onProgress);
      const mine = (run = makeRun(main, lender, held, job, starts, onFacts, onProgress));
      try {
        return await mine.outcome();
      } finally {
        if (run === mine) run = null;
      }
    },
    pause() {
      main.pause();
      run?.pause();
    },
    resume() {
      main.resume();
      run?.resume();
    },
    cancel() {
      run?.cancel();
      main.cancel();
    },
  };
}

/** Keys and values of one context in a thread that helps. */
const MOST_CACHE_BYTES = 128 << 20;

/** Figures may differ a little from device to device, and who computes what depends on time: only beside WebAssembly nobody is asked. */
function isShared({ settings, model, bytes }: Loaded, { plan }: ScoreJob, cores: number, worth: Worth): boolean {
  const lend = settings.lend ?? 'alike';
  const [device] = model.source.devices;
  if (lend === 'none' || (lend === 'alike' && device?.on.endsWith('wasm') !== true)) return false;
  const isSmall = bytes <= MOST_BYTES && plan.limits.context * model.cacheBytesPerToken <= MOST_CACHE_BYTES;
  return isSmall && plan.forwarded >= worth.run && cores > (device?.threads ?? 1);
}

function partsOf({ plan }: ScoreJob, worth: Worth): number[] {
  return partSteps(plan, Math.max(worth.part, Math.ceil(plan.forwarded / PARTS)));
}

interface SharedRun {
  outcome(): Promise<ScoreOutcome>;
  pause(): void;
  resume(): void;
  cancel(): void;
}

function makeRun(
  main: Scorer,
  lender: Lender,
  { settings, model }: Loaded,
  job: ScoreJob,
  starts: readonly number[],
  onFacts: (facts: ScoreFacts) => void,
  onProgress: (progress: ScoreProgress) => void,
): SharedRun {
  const { plan } = job;
  const queue = starts.slice(1).map((_, part) => part);
  const helpers = new Set<Scorer>();
  const helping = new Set<Promise<void>>();
  const fallbacks: string[] = [];
  const done = { steps: 0, forwarded: 0, rebuilt: 0 };
  /** Part -> tokens that whoever runs it has forwarded. */
  const running = new Map<number, number>();
  let cancelled = false;
  let paused = false;
  /** Whether others still are of use. */
  let helpIsGone = false;
  let changed = (): void => undefined;
  const clock = makeClock();

  /** Facts and the progress behind them go on together, so that nobody else's device is named for them. */
  const runPart = async (scorer: Scorer, part: number): Promise<ScoreOutcome> => {
    let isDone = false;
    const own = planPart(plan, job.edgeTokens, starts[part] ?? 0, starts[part + 1] ?? 0);
    const waiting: ScoreFacts[] = [];
    running.set(part, 0);
    try {
      const outcome = await scorer.run(
        { plan: own.plan, edgeTokens: own.edgeTokens, sketch: sketchOf(job, own) },
        (facts) => void waiting.push(facts),
        ({ tokens, label }) => {
          running.set(part, tokens);
          for (const facts of waiting.splice(0)) onFacts(inWhole(facts, own));
          const all = done.forwarded + [...running.values()].reduce((sum, more) => sum + more, 0);
          const seconds = clock.seconds();
          const tokensPerSecond = seconds > 0 ? all / seconds : null;
          const secondsLeft = tokensPerSecond === null ? null : (plan.forwarded - all) / tokensPerSecond;
          onProgress({ tokens: all, totalTokens: plan.forwarded, tokensPerSecond, secondsLeft, label, threads: 1 + helpers.size });
        },
      );
      if (outcome.ok && !outcome.cancelled) {
        isDone = true;
        done.steps += outcome.steps;
        done.forwarded += outcome.forwarded;
        done.rebuilt += outcome.rebuilt;
      }
      return outcome;
    } finally {
      // It is in the queue before it is not running: else all would seem done.
      if (!isDone) queue.push(part);
      running.delete(part);
    }
  };

  const help = async (scorer: Scorer, loan: Loan, isRecalled: () => boolean): Promise<void> => {
    try {
      const answer = await scorer.load({ ...settings, executor: lender.executor }, () => undefined);
      if (!answer.ok) throw new Error(answer.reason);
      const next = (): number | undefined => (cancelled || isRecalled() ? undefined : queue.pop());
      for (let part = next(); part !== undefined; part = next()) {
        try {
          const outcome = await runPart(scorer, part);
          if (!outcome.ok) throw new Error(outcome.reason);
        } finally {
          changed();
        }
      }
    } catch (error) {
      if (cancelled || isRecalled()) return;
      // Whoever was asked does the rest alone.
      helpIsGone = true;
      fallbacks.push(`a thread that helped: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      helpers.delete(scorer);
      await scorer.release().catch(() => undefined);
      loan.end();
      changed();
    }
  };

  const askForHelp = (): void => {
    const most = lender.cores - (model.source.devices[0]?.threads ?? 1);
    const isOfUse = (): boolean => !helpIsGone && !cancelled && !paused && helpers.size < most && queue.length > helpers.size;
    while (isOfUse()) {
      let isRecalled = false;
      const scorer: { held: Scorer | null } = { held: null };
      const loan = lender.lend(() => {
        isRecalled = true;
        scorer.held?.cancel();
      });
      if (loan === null) return;
      let started: Scorer;
      try {
        started = scorer.held = lender.start();
      } catch (error) {
        loan.end();
        throw error;
      }
      helpers.add(started);
      const mine = help(started, loan, () => isRecalled).finally(() => helping.delete(mine));
      helping.add(mine);
    }
  };

  const end = async (outcome: (so: typeof done) => ScoreOutcome): Promise<ScoreOutcome> => {
    cancelled = true;
    for (const helper of helpers) helper.cancel();
    await Promise.all(helping);
    return outcome(done);
  };

  return {
    async outcome() {
      for (;;) {
        if (cancelled) return end((so) => ({ ok: true, cancelled: true, ...so, fallbacks }));
        askForHelp();
        const part = queue.shift();
        if (part === undefined) {
          if (running.size === 0) return end((so) => ({ ok: true, cancelled: false, ...so, fallbacks }));
          await new Promise<void>((resolve) => (changed = resolve));
          continue;
        }
        const outcome = await runPart(main, part).catch(async (error: unknown) => {
          await end(() => ({ ok: false, reason: '', steps: 0, fallbacks }));
          throw error;
        });
        for (const why of outcome.fallbacks) if (!fallbacks.includes(why)) fallbacks.push(why);
        if (!outcome.ok) return end(({ steps }) => ({ ok: false, reason: outcome.reason, steps, fallbacks }));
        if (outcome.cancelled) cancelled = true;
      }
    },
    pause() {
      paused = true;
      clock.pause();
      for (const helper of helpers) helper.pause();
    },
    resume() {
      paused = false;
      clock.resume();
      for (const helper of helpers) helper.resume();
    },
    cancel() {
      cancelled = true;
      for (const helper of helpers) helper.cancel();
      changed();
    },
  };
}

/** Seconds since it was made, without pauses. */
function makeClock(): { seconds(): number; pause(): void; resume(): void } {
  let since: number | null = performance.now();
  let before = 0;
  return {
    seconds: () => (before + (since === null ? 0 : performance.now() - since)) / 1000,
    pause() {
      if (since !== null) before += performance.now() - since;
      since = null;
    },
    resume() {
      since ??= performance.now();
    },
  };
}

function sketchOf({ sketch }: ScoreJob, { edge }: PlanPart): SketchWish | null {
  return sketch ? { dim: sketch.dim, wanted: Uint8Array.from(edge, (token) => sketch.wanted[token] ?? 0) } : null;
}

function inWhole(facts: ScoreFacts, { edge }: PlanPart): ScoreFacts {
  const whole = (at: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> => at.map((token) => edge[token] ?? 0);
  return { ...facts, at: whole(facts.at), sketches: facts.sketches && { ...facts.sketches, at: whole(facts.sketches.at) } };
}
