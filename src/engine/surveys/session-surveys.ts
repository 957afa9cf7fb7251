/** Surveys of the open log: each is asked once, and its findings are held until the log changes. */
import type { Unsearched } from '../answers/searching.ts';
import type { Dataset } from '../dataset.ts';
import type { ParsePool } from '../pool.ts';
import { makeMeter } from '../progress.ts';
import { bytesOf, readAgain } from './read-again.ts';
import type { Survey, Surveyed } from './survey.ts';

/** What was found in a log. */
export interface SurveyFindings<Finding> {
  readonly dataset: Dataset;
  /** rollout -> what was found in it; null: its record holds no messages, or could not be read again */
  readonly of: readonly (Finding | null)[];
  readonly unread: Unsearched | null;
}

export interface SurveyProgress {
  readonly bytes: number;
  readonly totalBytes: number;
  readonly bytesPerSecond: number;
  /** Null until it can be told. */
  readonly secondsLeft: number | null;
}

export interface Surveys {
  /**
   * Asks each rollout of what is open, once opening has ended. Who asks the same meanwhile gets the same findings. Rejects with
   * ChangedInput where a file has changed since it was opened, and with `AbortError` once nobody who asked wants it any more.
   */
  ask<S, F>(
    survey: Survey<S, F>,
    settings: S,
    signal: AbortSignal,
    onProgress?: (progress: SurveyProgress) => void,
  ): Promise<SurveyFindings<F>>;
}

interface SurveysContext {
  /** Throws where nothing is open. */
  readonly dataset: () => Dataset;
  readonly pool: ParsePool;
  /** Settles once no files are being opened. */
  readonly opened: () => Promise<unknown>;
}

/** Findings that are held at most; the one asked for longest ago goes first. */
const HELD = 8;
const TOLD_MS = 150;

interface Job {
  readonly version: number;
  readonly findings: Promise<SurveyFindings<unknown>>;
  readonly stop: AbortController;
  readonly told: Set<(progress: SurveyProgress) => void>;
  waiting: number;
  isDone: boolean;
}

export function makeSurveys({ dataset: current, pool, opened }: SurveysContext): Surveys {
  /** By what is open, so that a log that was closed is held by nothing here. */
  const jobsOf = new WeakMap<Dataset['tokens'], Map<string, Job>>();

  const begin = (id: string, settings: unknown): Job => {
    const dataset = current();
    const stop = new AbortController();
    const told = new Set<(progress: SurveyProgress) => void>();
    const rollouts = dataset.tokens.rollouts.map((_, r) => r);
    const of: unknown[] = rollouts.map(() => null);
    const totalBytes = bytesOf(dataset, rollouts);
    const meter = makeMeter();
    let bytes = 0;
    let last = -Infinity;
    const read = readAgain<Surveyed>({
      dataset,
      pool,
      what: { survey: { id, settings } },
      rollouts,
      signal: stop.signal,
      found: ({ surveyed }) => surveyed,
      take: (rollout, { finding }) => void (of[rollout] = finding),
      onBytes(more) {
        bytes += more;
        if (performance.now() - last < TOLD_MS) return;
        last = performance.now();
        const progress = { bytes, totalBytes, ...meter.measure(bytes, totalBytes) };
        for (const tell of told) tell(progress);
      },
    });
    const findings = read.then((unread) => ({ dataset, of, unread }));
    return { version: dataset.version, findings, stop, told, waiting: 0, isDone: false };
  };

  return {
    async ask<S, F>(
      survey: Survey<S, F>,
      settings: S,
      signal: AbortSignal,
      onProgress: (progress: SurveyProgress) => void = () => undefined,
    ) {
      await opened();
      signal.throwIfAborted();
      const { tokens, version } = current();
      const jobs = jobsOf.get(tokens) ?? new Map<string, Job>();
      jobsOf.set(tokens, jobs);
      const key = JSON.stringify([survey.id, settings]);
      let job = jobs.get(key);
      if (job?.version !== version || job.stop.signal.aborted) {
        job = begin(survey.id, settings);
        const mine = job;
        mine.findings.then(
          () => (mine.isDone = true),
          () => jobs.get(key) === mine && jobs.delete(key),
        );
      }
      jobs.delete(key);
      jobs.set(key, job);
      for (const [oldest, held] of jobs) {
        if (jobs.size <= HELD) break;
        if (held.isDone) jobs.delete(oldest);
      }
      return findingsOf(survey, await waited(job, signal, onProgress));
    },
  };
}

/** What a survey finds is of its own type, on whatever thread it was found. */
function findingsOf<S, F>(survey: Survey<S, F>, findings: SurveyFindings<unknown>): SurveyFindings<F>;
function findingsOf(_survey: unknown, findings: SurveyFindings<unknown>): SurveyFindings<unknown> {
  return findings;
}

/** What a job finds, for one who waits for it; the job ends when the last who waits goes. */
async function waited(job: Job, signal: AbortSignal, onProgress: (progress: SurveyProgress) => void): Promise<SurveyFindings<unknown>> {
  job.waiting++;
  job.told.add(onProgress);
  let leave = (): void => undefined;
  const left = new Promise<never>((_, reject) => {
    leave = () => reject(signal.reason);
    signal.addEventListener('abort', leave);
  });
  try {
    return await Promise.race([job.findings, left]);
  } finally {
    signal.removeEventListener('abort', leave);
    job.told.delete(onProgress);
    if (--job.waiting === 0 && !job.isDone) job.stop.abort();
  }
}
