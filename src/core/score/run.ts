/** Carries out a score plan on a language model: progress, pause, cancel, and a second model where the first one fails. */
import { whyNoRoom } from './cache-need.ts';
import type { SketchFacts } from '../gradient/store.ts';
import { makeHalving } from './halving.ts';
import type { CachedPrefix, ForwardRequest, LanguageModel, ModelLabel } from './language-model.ts';
import { deviceText } from './model-source.ts';
import type { ScorePlan } from './plan.ts';
import { START } from './windows.ts';

/** Scores of some edge tokens. They are facts: a later one about the same token says the same. */
export interface ScoreFacts {
  /** indices into edgeTokens */
  readonly at: Int32Array<ArrayBuffer>;
  /** nats, of the distribution that the token was drawn from */
  readonly entropy: Float32Array<ArrayBuffer>;
  /** nats, of the token itself */
  readonly surprisal: Float32Array<ArrayBuffer>;
  /** ‖p − 1_y‖² of the token y: the squared gradient of its loss by the logits */
  readonly gradient: Float32Array<ArrayBuffer>;
  /** Of those of them whose sketch was wanted; null where none was. */
  readonly sketches: SketchFacts | null;
}

/** Which sketches a run computes beside the scores. */
export interface SketchWish {
  readonly dim: number;
  /** edge token -> 1 where its sketch is wanted */
  readonly wanted: Uint8Array<ArrayBuffer>;
}

export interface ScoreProgress {
  /** Tokens forwarded so far and in all, re-anchoring included. */
  readonly tokens: number;
  readonly totalTokens: number;
  /** Over the time spent computing, pauses left out; null until measured. */
  readonly tokensPerSecond: number | null;
  readonly secondsLeft: number | null;
  readonly label: ModelLabel;
  /** Workers that compute at the same time; absent: one. */
  readonly threads?: number;
}

/** Held by whoever started the run. */
export interface RunControl {
  /** Resolves when the run may go on; called before every step. */
  ready(): Promise<void>;
  readonly cancelled: boolean;
}

export type ScoreOutcome =
  /** `fallbacks`: why a model was given up, one sentence each. */
  | {
      readonly ok: true;
      readonly cancelled: boolean;
      readonly steps: number;
      readonly forwarded: number;
      readonly rebuilt: number;
      readonly fallbacks: readonly string[];
    }
  | { readonly ok: false; readonly reason: string; readonly steps: number; readonly fallbacks: readonly string[] };

export interface RunPorts {
  /** In order of preference; the next one is made when the one before fails. Making one may itself fail. */
  readonly models: readonly (() => Promise<LanguageModel>)[];
  /** Seconds, any origin. */
  readonly now: () => number;
  readonly control: RunControl;
  readonly sketch?: SketchWish | null;
  onFacts(facts: ScoreFacts): void;
  onProgress(progress: ScoreProgress): void;
  /** A model was given up; scoring goes on with the next. */
  onFallback?(reason: string): void;
}

/**
 * Runs the plan's steps in order; what a model has no memory for, in halves. Where a model fails, the step is repeated on
 * the next one, after the path before it has been forwarded again there; scores that exist stay. Never throws for what a model does.
 */
export async function runScores(plan: ScorePlan, edgeTokens: Int32Array, ports: RunPorts): Promise<ScoreOutcome> {
  const fallbacks: string[] = [];
  /** Token ids of the current path in its window: what the cache covers. */
  const path = new Int32Array(plan.limits.context);
  let cache: CachedPrefix | null = null;
  let model: LanguageModel | null = null;
  /** Of `model`. */
  let forward: ReturnType<typeof makeHalving> | null = null;
  let nextModel = 0;
  let forwarded = 0;
  let rebuilt = 0;
  let busy = 0;
  let step = 0;

  const note = (reason: string): void => {
    fallbacks.push(reason);
    ports.onFallback?.(reason);
  };

  async function begin(): Promise<LanguageModel | null> {
    while (nextModel < ports.models.length) {
      try {
        const made = await ports.models[nextModel++]();
        // The plan was made for the one before.
        const why = nextModel > 1 ? whyNoRoom(plan, step, made) : null;
        if (why === null) return made;
        note(why);
        await made.dispose();
      } catch (error) {
        note(messageOf(error));
      }
    }
    return null;
  }

  function extendPath(on: LanguageModel, made: CachedPrefix | null, tokens: Int32Array, past: number): void {
    if (made === null) throw new Error('the model handed back no cache');
    if (cache !== null) on.drop(cache);
    cache = made;
    path.set(tokens, past);
  }

  /** Nothing comes back to what the path held behind a fork, depth first: its memory is given back before the next request. */
  function backTo(on: LanguageModel, length: number): void {
    if (cache === null || cache.length === length) return;
    const whole = cache;
    cache = length === 0 ? null : on.cut(whole, length);
    on.drop(whole);
  }

  /** Forwards the path again on a model that has not seen it. */
  async function rebuild(on: LanguageModel, send: ReturnType<typeof makeHalving>, length: number): Promise<void> {
    const none = new Int32Array(0);
    for (let from = 0; from < length; from += plan.limits.chunk) {
      const tokens = path.slice(from, Math.min(length, from + plan.limits.chunk));
      const reply = await send({
        past: cache,
        pastLength: from,
        rows: 1,
        width: tokens.length,
        tokens,
        queryAt: none,
        queryTarget: none,
        keep: true,
      });
      extendPath(on, reply.cache, tokens, from);
      rebuilt += tokens.length;
    }
  }

  async function forwardStep(on: LanguageModel, send: ReturnType<typeof makeHalving>, step: number): Promise<void> {
    const begun = ports.now();
    const past = plan.stepPast[step];
    backTo(on, past);
    if (past > 0 && cache === null) await rebuild(on, send, past);
    const { rows, width, tokens, queryAt, at, count } = requestOf(plan, edgeTokens, step);
    const keep = plan.stepKeep[step] === 1;
    const queryTarget = Int32Array.from(at, (edge) => edgeTokens[edge]);
    const sketch = sketchOf(ports.sketch ?? null, at);
    const reply = await send({ past: cache, pastLength: past, rows, width, tokens, queryAt, queryTarget, sketch, keep });
    if (nextModel < ports.models.length && reply.entropy.some(Number.isNaN)) {
      if (reply.cache !== null) on.drop(reply.cache);
      throw new Error(
        `expected an entropy for each of ${at.length} tokens, found ${reply.entropy.filter(Number.isNaN).length} that are not numbers`,
      );
    }
    if (keep) extendPath(on, reply.cache, tokens, past);
    forwarded += count;
    busy += ports.now() - begun;
    if (at.length > 0) {
      const surprisal = Float32Array.from(reply.logprob, (value) => -value);
      ports.onFacts({
        at,
        entropy: Float32Array.from(reply.entropy),
        surprisal,
        gradient: Float32Array.from(reply.gradient),
        sketches: reply.sketches && { ...reply.sketches, at: at.filter((_, q) => sketch?.wanted[q] === 1), source: on.sketched },
      });
    }
    const tokensPerSecond = busy > 0 ? (forwarded + rebuilt) / busy : null;
    const secondsLeft = tokensPerSecond === null ? null : (plan.forwarded - forwarded) / tokensPerSecond;
    ports.onProgress({ tokens: forwarded, totalTokens: plan.forwarded, tokensPerSecond, secondsLeft, label: on.label });
  }

  async function giveUp(failed: LanguageModel, error: unknown): Promise<void> {
    note(`${deviceText(failed.label.device)}: ${messageOf(error)}`);
    model = null;
    forward = null;
    cache = null;
    await failed.dispose().catch(() => undefined);
  }

  while (step < plan.steps) {
    await ports.control.ready();
    if (ports.control.cancelled) break;
    model ??= await begin();
    if (model === null) return { ok: false, reason: fallbacks.at(-1) ?? 'no model was given', steps: step, fallbacks };
    try {
      forward ??= makeHalving(model);
      await forwardStep(model, forward, step);
      step++;
    } catch (error) {
      await giveUp(model, error);
    }
  }
  if (model !== null && cache !== null) model.drop(cache);
  return { ok: true, cancelled: step < plan.steps, steps: step, forwarded, rebuilt, fallbacks };
}

/** Which of a step's queries are sketched; null where none is. */
function sketchOf(wish: SketchWish | null, at: Int32Array): NonNullable<ForwardRequest['sketch']> | null {
  if (wish === null) return null;
  const wanted = Uint8Array.from(at, (edge) => wish.wanted[edge]);
  return wanted.includes(1) ? { dim: wish.dim, wanted } : null;
}

/** The tokens of a step's rows, padded to one width, and the edge tokens `at` that its queries score. */
function requestOf(
  plan: ScorePlan,
  edgeTokens: Int32Array,
  step: number,
): { rows: number; width: number; tokens: Int32Array; queryAt: Int32Array; at: Int32Array<ArrayBuffer>; count: number } {
  const first = plan.stepRow[step];
  const rows = plan.stepRow[step + 1] - first;
  let width = 0;
  for (let r = first; r < first + rows; r++) width = Math.max(width, plan.rowTo[r] - plan.rowFrom[r]);
  const tokens = new Int32Array(rows * width);
  const queryAt: number[] = [];
  const at: number[] = [];
  let count = 0;
  for (let r = 0; r < rows; r++) {
    const from = plan.rowFrom[first + r];
    for (let i = from; i < plan.rowTo[first + r]; i++, count++) {
      const position = plan.position[i];
      tokens[r * width + i - from] = position === START ? (plan.limits.start ?? 0) : edgeTokens[position];
    }
    for (let q = plan.rowQuery[first + r]; q < plan.rowQueryEnd[first + r]; q++) {
      queryAt.push(r * width + plan.queryAt[q] - from);
      at.push(plan.queryTarget[q]);
    }
  }
  return { rows, width, tokens, queryAt: Int32Array.from(queryAt), at: Int32Array.from(at), count };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
