/** Asks a judge about candidates, several times each and so many at once. Whoever sends the question is handed in. */
import { fillPrompt, promptFault } from '../../core/judge/prompt.ts';
import { readScore } from '../../core/judge/read-score.ts';
import { sampleMean } from '../../core/judge/sample-mean.ts';
import type { JudgeAnswer, JudgedCandidate, JudgeIssue, JudgeProgress, JudgeSettings } from '../answers/judging.ts';
import { makeLanes } from '../lanes.ts';
import { makeMeter } from '../progress.ts';

export interface JudgeReply {
  readonly kind: 'answer';
  readonly text: string;
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
}

export interface JudgeFailure {
  /**
   * `again`: it may go better later; `unreached`: likewise, where the address has answered before. `never`: no other question will be
   * answered either.
   */
  readonly kind: 'again' | 'unreached' | 'this' | 'never';
  readonly expected: string;
  readonly found: string;
  /** When the address wants to be asked again; null: it does not say. */
  readonly afterSeconds: number | null;
}

/** Sends one question. Rejects only once the signal is aborted. */
export type SendQuestion = (prompt: string, signal: AbortSignal) => Promise<JudgeReply | JudgeFailure>;

export const DEFAULT_JUDGE: Omit<JudgeSettings, 'prompt'> = { samples: 1, atOnce: 4, longest: 60_000, seconds: 300 };

/** Times that one question is sent at most. */
const TRIES = 5;
const FIRST_WAIT_SECONDS = 1;
/** An address that asks for a longer rest is taken as one that does not answer. */
const LONGEST_WAIT_SECONDS = 120;
const TOLD_MS = 150;

interface JudgeJob {
  readonly candidates: readonly JudgedCandidate[];
  readonly settings: JudgeSettings;
  readonly send: SendQuestion;
  /** Aborted: what has come so far is answered. */
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: JudgeProgress) => void;
  /** Seconds before a question is sent again, doubled each time. */
  readonly firstWait?: number;
}

/**
 * Each sample ends in a score or in an issue, so that none is missing and none counts as 0. An answer without a score is not asked for
 * again: that would choose among answers.
 */
export async function judge({
  candidates,
  settings,
  send,
  signal,
  onProgress,
  firstWait = FIRST_WAIT_SECONDS,
}: JudgeJob): Promise<JudgeAnswer> {
  const fault = promptFault(settings.prompt);
  if (fault !== null) throw new Error(fault);
  const { samples } = settings;
  const total = candidates.length * samples;
  const scores = new Float64Array(total).fill(Number.NaN);
  const issues: (JudgeIssue | null)[] = Array.from({ length: total }, () => null);
  const prompts = new Map<number, ReturnType<typeof fillPrompt>>();
  const tokens = { prompt: 0, completion: 0, answers: 0 };
  const leftOut = candidates.map(() => 0);
  let [requests, repeated, done, failed] = [0, 0, 0, 0];
  let refused: JudgeFailure | null = null;
  let isHeard = false;
  let told = -Infinity;
  const meter = makeMeter();
  const tell = (isLast: boolean): void => {
    if (!isLast && performance.now() - told < TOLD_MS) return;
    told = performance.now();
    const { bytesPerSecond: perSecond, secondsLeft } = meter.measure(done, total);
    onProgress?.({ done, total, failed, perSecond, secondsLeft });
  };

  /** Until it is answered, refused, or tried too often. */
  const ask = async (prompt: string): Promise<JudgeReply | JudgeFailure> => {
    for (let tries = 1; ; tries++) {
      requests++;
      if (tries > 1) repeated++;
      const reply = await inTime(send, prompt, settings.seconds, signal);
      if (reply.kind === 'unreached' && (!isHeard || tries === TRIES)) return { ...reply, kind: 'never' };
      if (reply.kind !== 'unreached') isHeard = true;
      if (reply.kind !== 'again' && reply.kind !== 'unreached') return reply;
      const wait = reply.afterSeconds ?? firstWait * 2 ** (tries - 1);
      if (tries === TRIES) return { ...reply, found: `${reply.found}, ${TRIES} times` };
      if (wait > LONGEST_WAIT_SECONDS) return { ...reply, found: `${reply.found}, and a wish to rest ${Math.round(wait)} s` };
      await rest(wait, signal);
    }
  };
  const one = async (at: number): Promise<void> => {
    const index = Math.floor(at / samples);
    const sample = at % samples;
    const candidate = candidates[index];
    if (candidate === undefined) return;
    const fail = (expected: string, found: string): void => {
      issues[at] = { sample, expected, found };
      failed++;
    };
    const prompt = prompts.get(index) ?? fillPrompt(settings.prompt, candidate, settings.longest);
    leftOut[index] = prompt.leftOut;
    // Held for as long as further samples need it.
    if (sample === samples - 1) prompts.delete(index);
    else prompts.set(index, prompt);
    if (refused !== null) fail('a score', `no question any more, because of: ${refused.found}`);
    else {
      const reply = await ask(prompt.text);
      if (reply.kind === 'answer') {
        if (reply.promptTokens !== null && reply.completionTokens !== null) {
          tokens.prompt += reply.promptTokens;
          tokens.completion += reply.completionTokens;
          tokens.answers++;
        }
        const read = readScore(reply.text);
        if (read.ok) scores[at] = read.score;
        else fail('a score from 0 to 10 as JSON', read.found);
      } else {
        fail(reply.expected, reply.found);
        if (reply.kind === 'never') refused = reply;
      }
    }
    done++;
    tell(false);
  };

  const lanes = makeLanes(settings.atOnce);
  try {
    for (let at = 0; at < total && !signal.aborted; at++) await lanes.run(() => one(at));
    await lanes.finish();
  } catch (error) {
    if (!signal.aborted) throw error;
    await lanes.finish().catch(() => undefined);
  }
  tell(true);
  return {
    scores: candidates.map(({ key, name }, index) => {
      const own = Array.from({ length: samples }, (_, sample) => index * samples + sample);
      const missing = own.filter((at) => Number.isNaN(scores[at]));
      return {
        key,
        name,
        ...sampleMean(own.flatMap((at) => scores[at] ?? []).filter((score) => !Number.isNaN(score))),
        issues: missing.map(
          (at) => issues[at] ?? { sample: at % samples, expected: 'a score', found: 'no question, or no answer yet: it was cancelled' },
        ),
        leftOut: leftOut[index] ?? 0,
      };
    }),
    requests,
    repeated,
    tokens,
    isCancelled: signal.aborted,
  };
}

/** A question that is given up after so many seconds. */
async function inTime(send: SendQuestion, prompt: string, seconds: number, signal: AbortSignal): Promise<JudgeReply | JudgeFailure> {
  const own = new AbortController();
  const end = (): void => own.abort(signal.reason);
  signal.throwIfAborted();
  signal.addEventListener('abort', end);
  const over = { isOver: false };
  const late = setTimeout(() => {
    over.isOver = true;
    own.abort();
  }, seconds * 1000);
  try {
    return await send(prompt, own.signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!over.isOver) throw error;
    return { kind: 'again', expected: 'an answer', found: `none within ${seconds} s`, afterSeconds: null };
  } finally {
    clearTimeout(late);
    signal.removeEventListener('abort', end);
  }
}

function rest(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((done, failed) => {
    const end = (): void => {
      clearTimeout(timer);
      failed(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', end);
      done();
    }, seconds * 1000);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end);
  });
}
