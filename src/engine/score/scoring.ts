/** Entropy by a language model for one session: estimate, run, columns that grow while it runs, files, agreement. */
import { cacheMost, reread } from '../../core/score/cache-need.ts';
import { agreementOf, type Agreement } from '../../core/score/agreement.ts';
import { mapTreeInSteps, type MappedTree } from '../../core/score/map.ts';
import { deviceText, type ModelSource } from '../../core/score/model-source.ts';
import { planScores, type ScorePlan } from '../../core/score/plan.ts';
import { windowsOf, type ScoreWindows } from '../../core/score/score-windows.ts';
import type { ScoreProgress } from '../../core/score/run.ts';
import { readScores, scoresMismatch, writeScores, type ScoresHeader } from '../../core/score/scores-file.ts';
import { wantedTokens, type ScoreScope } from '../../core/score/wanted.ts';
import type { Spliced } from '../../core/tree/splice.ts';
import type { Tokenizer } from '../../core/tokens/tokenizer.ts';
import type { OpenSettings } from '../answers/opening.ts';
import { prepareSha256, sha256Now } from '../export/hash.ts';
import { carryScores } from './carry-scores.ts';
import { beginHeld, heldFrom, scoresOf } from './held-scores.ts';
import { heldOf, isUnscored, type Held } from './model-columns.ts';
import type { ModelColumns } from './columns.ts';
import type { Dataset } from '../dataset.ts';
import type { ReadBack } from '../read-back.ts';
import type { LoadProgress } from './model-folder.ts';
import type { LoadAnswer, LoadSettings, ModelFacts, Scorer } from './scorer.ts';
import { tokenHash } from './score-hashes.ts';
import { chooseTokenisation } from './tokenisation-choice.ts';
import { leaveOut, leaveOutBeyond } from './leave-out.ts';
import { planSketches, sketchEstimate, sketchesOf, startSketches, type SketchEstimate, type SketchPlan } from './sketch-plan.ts';
import { takeDirect, takeMapped } from './take-facts.ts';

/** Below this a log without entropy or log-probs is scored without asking. */
const AUTO_SECONDS = 60;
const GOES_ON = 'a run is in progress and would write alongside; cancel it first';

export type ScoreEstimate =
  | {
      readonly ok: true;
      readonly source: ModelSource;
      /** Tokens to forward = distinct + reanchored. */
      readonly tokens: number;
      readonly distinct: number;
      readonly reanchored: number;
      /** Tokens that get a score, in the model's tokens; and those that cannot, having no prefix. */
      readonly scored: number;
      readonly unscorable: number;
      /** What the model sees of long texts at once. */
      readonly windows: ScoreWindows;
      /** Its own context, which memory may cut. */
      readonly ownContext: number;
      /** What keys and values of prefixes take at most, and for each token. */
      readonly cacheBytes: number;
      readonly cacheBytesPerToken: number;
      readonly tokensPerSecond: number;
      readonly seconds: number;
      /** `ids`: the model reads the log's own ids; `text`: their text in its own tokens, mapped back by bytes. */
      readonly by: 'ids' | 'text';
      /** Text mapping: ids without a known text, and nodes whose bytes the model's tokens cannot represent exactly. */
      readonly unknown: number;
      readonly inexact: number;
      /** Sketches of gradients that the run computes or goes on with, where asked for. */
      readonly sketch: SketchEstimate | null;
      /** The log says nothing of the policy's uncertainty (no entropy, no log-probs), and the estimate is short enough to start unasked. */
      readonly startsByItself: boolean;
      readonly notes: readonly string[];
    }
  /** `log`: this log cannot be read by this model, which is a fact about both and no failure. `model`: there is none. */
  | { readonly ok: false; readonly because: 'log' | 'model'; readonly reason: string };

export interface ScoreUpdate extends ScoreProgress {
  /** Grows whenever columns have changed: ask for orders, trees and nodes again. */
  readonly scoreVersion: number;
  /** Edge tokens with a score so far. */
  readonly scored: number;
  /** The model on the device that runs now. */
  readonly source: ModelSource;
}

export type ScoreEnd =
  | {
      readonly ok: true;
      readonly cancelled: boolean;
      readonly scored: number;
      readonly forwarded: number;
      readonly seconds: number;
      readonly source: ModelSource;
      readonly fallbacks: readonly string[];
    }
  | { readonly ok: false; readonly reason: string; readonly scored: number; readonly fallbacks: readonly string[] };

export type RestoredScores = { readonly ok: true; readonly header: ScoresHeader } | { readonly ok: false; readonly reason: string };

/** With the model whose figures are compared. */
export interface ModelAgreement extends Agreement {
  readonly source: ModelSource;
}

/** What is open in the session. */
export interface OpenState {
  readonly dataset: Dataset;
  readonly tokenizer: Tokenizer;
  readonly readBack: ReadBack;
  readonly settings: OpenSettings;
  /** What a forest export brought along. */
  readonly exported: ModelColumns | null;
}

interface Prepared {
  readonly dataset: Dataset;
  readonly model: ModelFacts;
  readonly exported: ModelColumns | null;
  readonly plan: ScorePlan;
  /** edge token -> 1 where entropy and surprisal are taken over */
  readonly wanted: Uint8Array;
  /** With `text`: the forest in the model's tokens. */
  readonly mapped: MappedTree | null;
  readonly sketches: SketchPlan | null;
}

export interface Scoring {
  readonly version: number;
  columns(dataset: Dataset): ModelColumns | null;
  snapshot(dataset: Dataset): ModelColumns | null;
  load(settings: LoadSettings, onProgress: (progress: LoadProgress) => void): Promise<LoadAnswer>;
  /**
   * Gives way while it tokenises. Rejects where another estimate or a model has overtaken it.
   * @param sketch also compute sketches of gradients, of sampled tokens that have scores already too
   */
  estimate(open: OpenState, scope: ScoreScope, sketch: boolean): Promise<ScoreEstimate>;
  start(dataset: Dataset, onProgress: (update: ScoreUpdate) => void): Promise<ScoreEnd>;
  pause(): void;
  resume(): void;
  cancel(): void;
  /** Ends a run and lets go of what was planned: other files are being opened. */
  leave(): void;
  /** The forest has grown or shrunk: scores of tokens that are still there stay; a run on the forest before ends. */
  carry(before: Dataset, after: Dataset, spliced: Pick<Spliced, 'spans'>): void;
  save(dataset: Dataset): Promise<Uint8Array<ArrayBuffer>>;
  restore(dataset: Dataset, bytes: Uint8Array): Promise<RestoredScores>;
  agreement(dataset: Dataset): ModelAgreement | null;
}

export function makeScoring(scorer: Scorer): Scoring {
  let model: ModelFacts | null = null;
  let prepared: Prepared | null = null;
  let held: Held | null = null;
  let version = 0;
  /** What a run goes on for. */
  let running: Dataset | null = null;
  /** A thread that does not hear of it is ended: that is no failure. */
  let isCancelled = false;
  let estimates = 0;
  /** Sketches of the run that goes on, as far as it has come. */
  let sketchesSoFar: (() => Held['sketches']) | null = null;

  const columns = (dataset: Dataset): Held | null => (held?.dataset === dataset ? held : null);

  /** Runs `mapTreeInSteps`, letting other work of this thread through. */
  async function mapped(steps: Generator<undefined, MappedTree>, isCurrent: () => boolean): Promise<MappedTree> {
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
      await new Promise<void>((resolve) => setTimeout(resolve));
      if (!isCurrent()) throw new Error('this estimate has been superseded by another');
    }
  }

  /** The columns in force where they are this model's, so that none of their tokens is scored again. */
  function columnsBy({ dataset, model: by, exported }: Pick<Prepared, 'dataset' | 'model' | 'exported'>): Held | null {
    const found = columns(dataset) ?? (exported && heldOf(dataset, exported));
    return found?.by.model === by.hash && found.by.tokenizer === by.tokenizerHash ? found : null;
  }

  /** Columns for this model and forest; those of another model are given up when a run starts. */
  function begin(work: Prepared): Held {
    return (held = beginHeld(work.dataset, work.model, work.plan.limits, columnsBy(work)));
  }

  return {
    get version() {
      return version;
    },
    columns: (dataset) => columns(dataset),
    snapshot(dataset) {
      const found = columns(dataset);
      return (
        found && {
          entropy: running ? found.entropy.slice() : found.entropy,
          surprisal: running ? found.surprisal.slice() : found.surprisal,
          gradient: running ? found.gradient.slice() : found.gradient,
          source: found.source,
          by: found.by,
          scored: found.scored,
          windows: found.windows,
          sketches: found.sketches,
        }
      );
    },
    async load(settings, onProgress) {
      estimates++;
      prepared = null;
      model = null;
      const answer = await scorer.load(settings, onProgress);
      if (answer.ok) ({ model } = answer);
      return answer;
    },
    async estimate({ dataset, tokenizer, readBack, settings, exported }, scope, sketch) {
      const mine = ++estimates;
      prepared = null;
      if (model === null) return { ok: false, because: 'model', reason: 'no model is loaded' };
      const { forest } = dataset.tokens;
      const by = model;
      const { loadHuggingFace } = await import('../tokenizers/hugging-face.ts');
      const scorerTokenizer = loadHuggingFace(by.name, by.tokenizer.json, by.tokenizer.config ?? undefined).tokenizer;
      const same = settings.tokenizer.kind === 'huggingface' && settings.tokenizer.json === by.tokenizer.json;
      const chosen = await chooseTokenisation({ dataset, readBack, own: tokenizer, scorer: scorerTokenizer, same });
      if (!chosen.ok) return { ok: false, because: 'log', reason: chosen.reason };
      const before = columnsBy({ dataset, model: by, exported });
      const wanted = wantedTokens(forest, scope, before?.entropy ?? null);
      const sketches = sketch ? planSketches(forest, sketchesOf(before, by)) : null;
      const notes = [...by.notes, ...leaveOut(forest, wanted, chosen.unreadable), ...encoderNotes(chosen.by, scorerTokenizer)];
      // Forwarded for their sketches alone, tokens keep the entropy that they have.
      const forwarded = sketches === null ? wanted : wanted.map((isWanted, i) => isWanted | (sketches.missing[i] ?? 0));
      leaveOut(forest, forwarded, chosen.unreadable);
      const steps = chosen.by === 'text' ? mapTreeInSteps(forest, forwarded, tokenizer, scorerTokenizer, by.vocabulary) : null;
      const text = steps && (await mapped(steps, () => mine === estimates));
      const beyond = text === null ? leaveOutBeyond(forest, [wanted, forwarded], scorerTokenizer, by.vocabulary) : [];
      if (typeof beyond === 'string') return { ok: false, because: 'log', reason: beyond };
      const plan = planScores(text ?? forest, text?.wanted ?? forwarded, by.limits);
      prepared = { dataset, model: by, exported, plan, wanted, mapped: text, sketches };
      const seconds = (plan.forwarded + plan.padding + (by.rereads ? reread(plan) : 0)) / by.tokensPerSecond;
      const { entropy, entropyLow, surprisal } = forest.channels;
      return {
        ok: true,
        source: by.source,
        tokens: plan.forwarded,
        distinct: plan.distinct,
        reanchored: plan.reanchored,
        scored: plan.queryTarget.length,
        unscorable: plan.unscorable,
        windows: windowsOf(plan.limits),
        ownContext: by.context,
        cacheBytes: cacheMost(plan) * by.cacheBytesPerToken,
        cacheBytesPerToken: by.cacheBytesPerToken,
        tokensPerSecond: by.tokensPerSecond,
        seconds,
        by: chosen.by,
        unknown: text?.unknown ?? 0,
        inexact: text?.inexact ?? 0,
        sketch: sketches && sketchEstimate(sketches.choice, by),
        startsByItself:
          entropy === null && entropyLow === null && surprisal === null && plan.queryTarget.length > 0 && seconds < AUTO_SECONDS,
        notes: [...notes, ...beyond],
      };
    },
    async start(dataset, onProgress) {
      const work = prepared;
      if (work?.dataset !== dataset) throw new Error('ask for an estimate of this dataset first');
      if (running) throw new Error('a run is in progress');
      running = dataset;
      const target = begin(work);
      const write = (at: number, entropy: number, surprisal: number, gradient: number): void => {
        // Neither NaN nor what has left the range of floats is a score.
        if (!Number.isFinite(entropy)) return;
        if (isUnscored(target, at)) target.scored++;
        written = true;
        target.gradient[at] = gradient;
        if (work.wanted[at] !== 1) return;
        target.entropy[at] = entropy;
        target.surprisal[at] = Number.isFinite(surprisal) ? surprisal : Number.NaN;
      };
      let written = false;
      const sketching = work.sketches && startSketches(work.sketches, work, sketchesOf(target, work.model));
      sketchesSoFar = sketching && (() => sketching.rows());
      const take = work.mapped === null ? takeDirect(write) : takeMapped(work.mapped, dataset, write);
      const begun = performance.now();
      const told: { rate: number | null; forwarded: number } = { rate: null, forwarded: 0 };
      const ended = (cancelled: boolean, forwarded: number, fallbacks: readonly string[]): ScoreEnd => {
        const { scored, source } = target;
        return { ok: true, cancelled, scored, forwarded, seconds: (performance.now() - begun) / 1000, source, fallbacks };
      };
      isCancelled = false;
      try {
        const outcome = await scorer.run(
          {
            plan: work.plan,
            edgeTokens: work.mapped?.edgeTokens ?? dataset.tokens.forest.edgeTokens,
            sketch: sketching && sketching.wish,
          },
          (facts) => {
            if (facts.sketches !== null) sketching?.take(facts.sketches);
            if (take(facts)) version++;
          },
          (progress) => {
            Object.assign(told, { rate: progress.tokensPerSecond, forwarded: progress.tokens });
            const { name, dtype, device } = progress.label;
            // Figures are named by every device that computed some of them, also in an earlier run.
            if (written && !target.computedBy.some((known) => deviceText(known) === deviceText(device))) {
              target.computedBy = [...target.computedBy, device];
              target.source = { ...target.source, devices: target.computedBy };
            }
            written = false;
            onProgress({ ...progress, scoreVersion: version, scored: target.scored, source: { name, dtype, devices: [device] } });
          },
        );
        if (sketching) target.sketches = sketching.rows();
        version++;
        // A run says more of the device than the probe before it, which may have met a busy one.
        if (model === work.model && told.rate !== null) model = { ...model, tokensPerSecond: told.rate };
        // No device is left: the model must be loaded again.
        if (!outcome.ok) {
          model = null;
          return { ok: false, reason: outcome.reason, scored: target.scored, fallbacks: outcome.fallbacks };
        }
        return ended(outcome.cancelled, outcome.forwarded, outcome.fallbacks);
      } catch (error) {
        // The thread that ran the model died, and the model with it.
        model = null;
        if (sketching) target.sketches = sketching.rows();
        version++;
        if (isCancelled) return ended(true, told.forwarded, []);
        return { ok: false, reason: error instanceof Error ? error.message : String(error), scored: target.scored, fallbacks: [] };
      } finally {
        sketchesSoFar = null;
        running = null;
        prepared = null;
      }
    },
    pause: () => scorer.pause(),
    resume: () => scorer.resume(),
    cancel() {
      isCancelled = true;
      scorer.cancel();
    },
    leave() {
      estimates++;
      prepared = null;
      if (running) scorer.cancel();
      else if (held !== null) {
        held = null;
        version++;
      }
    },
    carry(before, after, spliced) {
      estimates++;
      prepared = null;
      if (running) scorer.cancel();
      if (held?.dataset !== before) return;
      held = carryScores(held, after, spliced);
      version++;
    },
    async save(dataset) {
      const tokens = await tokenHash(dataset);
      await prepareSha256();
      // Nothing is awaited from here on: a run writes into the same columns.
      const found = columns(dataset);
      if (found === null) throw new Error('there are no scores to save');
      const soFar = running === dataset ? sketchesSoFar : null;
      return writeScores(scoresOf(soFar === null ? found : { ...found, sketches: soFar() }, tokens), sha256Now);
    },
    async restore(dataset, bytes) {
      if (running === dataset) return { ok: false, reason: GOES_ON };
      await prepareSha256();
      const read = readScores(bytes, sha256Now);
      if (!read.ok) return read;
      const { header } = read.scores;
      const mismatch = scoresMismatch(header, { tokens: await tokenHash(dataset) });
      if (mismatch !== null) return { ok: false, reason: mismatch };
      if (running === dataset) return { ok: false, reason: GOES_ON };
      held = heldFrom(dataset, read.scores);
      version++;
      return { ok: true, header };
    },
    agreement(dataset) {
      const found = columns(dataset);
      const agreement = found && agreementOf(dataset.tokens.forest, found);
      return agreement && { ...agreement, source: found.source };
    },
  };
}

/** Where the log's text is tokenised again, what does it, if that is not our own encoder. */
function encoderNotes(by: 'ids' | 'text', { encodedBy }: Tokenizer): string[] {
  if (by === 'ids' || encodedBy === undefined) return [];
  return [
    `text becomes the model's tokens by ${encodedBy}, many times slower than by our own encoder, which does not know this tokenizer.json`,
  ];
}
