/** Holds one loaded model on the best device there is, and runs score plans on it; lives in the score worker or in Node. */
import type { SketchSource } from '../../core/gradient/store.ts';
import type { LanguageModel, ModelLabel } from '../../core/score/language-model.ts';
import { deviceText, type ModelSource } from '../../core/score/model-source.ts';
import type { ScoreLimits, ScorePlan } from '../../core/score/plan.ts';
import { runScores, type SketchWish, type ScoreFacts, type ScoreOutcome, type ScoreProgress } from '../../core/score/run.ts';
import type { GraphJob, GraphReply, GraphRunner } from './graph-runner.ts';
import { scoreLimits } from './limits.ts';
import { bundleBytes, loadBundle, type LoadProgress, type ModelBundle, type ModelFolder } from './model-folder.ts';
import type { ModelChoice, ModelSize } from './model-choice.ts';
import { modelSize } from './model-size.ts';
import { moved } from '../transferables.ts';
import { selfDoubts } from './self-doubt.ts';
import { AGREE_WITHIN, chanceWarning, measureRate, PATIENCE, probeDifference, probeTokens, runProbe, type ProbeResult } from './probe.ts';

/** A device that can run models. */
export interface Executor {
  /** `webgpu`, `wasm`, `native` … */
  readonly id: string;
  /** What software computes there, where a platform has several: for people, and no part of what scores are named by. */
  readonly runtime?: string;
  /** Its figures are known to be right, so that no second device is started to compare them with. */
  readonly trusted?: boolean;
  /** Used only where a person names it. */
  readonly named?: boolean;
  /**
   * Rejects with a sentence where the device or the model cannot be used. @param asked the person named this device;
   * else one that is right but slow (a software adapter) may refuse.
   */
  start(bundle: ModelBundle, asked: boolean): Promise<LanguageModel>;
  /** Runs graphs of our own on the device of a model that was started here; absent where that would gain nothing. */
  graphs?(label: ModelLabel): Promise<GraphRunner>;
}

export interface LoadSettings {
  readonly model: ModelChoice;
  /** An executor's id, or `auto` for the first that works; those after it stand in where it fails. */
  readonly executor: string;
  /** Which of several weight files; null: the first choice. */
  readonly dtype: string | null;
  /** Whether idle threads help: where their figures are those of the device anyway (default), beside any device, or never. */
  readonly lend?: 'alike' | 'any' | 'none';
}

/** What a platform lends a scorer. */
export interface ScorerPlatform {
  /** In order of preference; a later one stands in where an earlier one fails. */
  readonly executors: readonly Executor[];
  /** Lists the folder's files without reading them. Rejects with a sentence. */
  open(choice: ModelChoice, signal: AbortSignal): Promise<ModelFolder>;
  /** Models of more bytes are not started on a second device to compare (default: 512 MiB). */
  readonly comparedBytes?: number;
}

const COMPARED_BYTES = 512 << 20;

export interface ModelFacts {
  readonly name: string;
  readonly dtype: string;
  /** With the adapter's name, for example `webgpu (google swiftshader)`. */
  readonly executor: string;
  /** See `Executor`. */
  readonly runtime: string | null;
  /** With the one device that it was started on. */
  readonly source: ModelSource;
  readonly vocabulary: number;
  readonly context: number;
  readonly hash: string;
  readonly tokenizerHash: string;
  readonly tokenizer: { readonly json: string; readonly config: string | null };
  readonly limits: ScoreLimits;
  /** Of keys and values, for each token of a context. */
  readonly cacheBytesPerToken: number;
  /** See `LanguageModel`. */
  readonly rereads: boolean;
  readonly sketched: SketchSource;
  /** Measured on a request of the size that runs are made of. */
  readonly tokensPerSecond: number;
  /** Comparison with the fallback device, nats; null where there is none. */
  readonly selfCheck: { readonly against: string; readonly difference: number; readonly agrees: boolean } | null;
  /** Sentences for the person: devices that could not be used, doubts about the tokenizer. */
  readonly notes: readonly string[];
}

export type LoadAnswer = { readonly ok: true; readonly model: ModelFacts } | { readonly ok: false; readonly reason: string };

/** A plan and the tokens that its positions point at. */
export interface ScoreJob {
  readonly plan: ScorePlan;
  readonly edgeTokens: Int32Array;
  readonly sketch?: SketchWish | null;
}

/** What the session asks; the same in a worker and in one thread. */
export interface Scorer {
  /** Replaces the model that was loaded. `onProgress` is told of bytes as they are read. Rejects when cancelled. */
  load(settings: LoadSettings, onProgress: (progress: LoadProgress) => void): Promise<LoadAnswer>;
  /** Files and bytes that `load` would read, without reading them. */
  size(model: ModelChoice, dtype: string | null): Promise<ModelSize>;
  run(job: ScoreJob, onFacts: (facts: ScoreFacts) => void, onProgress: (progress: ScoreProgress) => void): Promise<ScoreOutcome>;
  /** Runs a graph of our own on the loaded model's device. Refuses while a load or run goes on. */
  graph(job: GraphJob): Promise<GraphReply>;
  pause(): void;
  resume(): void;
  /** Ends a running load or run. */
  cancel(): void;
  release(): Promise<void>;
}

const seconds = (): number => performance.now() / 1000;

/** How long a run may leave messages waiting. */
const LISTEN_MS = 40;

/**
 * Lets messages through every now and then: a device that computes on this very thread gives none of its own accord, and a
 * pause or a cancel would be heard when all is over.
 */
function makeListen(): () => Promise<void> {
  let listened = performance.now();
  return async () => {
    if (performance.now() - listened < LISTEN_MS) return;
    await new Promise<void>((resolve) => {
      setTimeout(resolve);
    });
    listened = performance.now();
  };
}

export function makeScorer(platform: ScorerPlatform): Scorer {
  let bundle: ModelBundle | null = null;
  let model: LanguageModel | null = null;
  /** Executors that may still be tried for the loaded model, in order. */
  let spare: readonly Executor[] = [];
  /** What the loaded model runs on. */
  let used: Executor | null = null;
  let graphs: GraphRunner | null = null;
  /** The last graph that was asked for: the runtime does one thing at a time. */
  let graphing: Promise<unknown> = Promise.resolve();
  let controller: AbortController | null = null;
  let gate: { readonly opened: Promise<void>; readonly open: () => void } | null = null;

  async function release(): Promise<void> {
    const old = model;
    const runner = graphs;
    model = null;
    bundle = null;
    graphs = null;
    await graphing;
    await runner?.release();
    await old?.dispose();
  }

  /** Starts the bundle on the first executor that works and agrees with the one after it. */
  async function start(loaded: ModelBundle, executors: readonly Executor[], asked: boolean, failed: string[] = []): Promise<LoadAnswer> {
    const failures = [...failed];
    const { loadHuggingFace } = await import('../tokenizers/hugging-face.ts');
    const { tokenizer } = loadHuggingFace(loaded.name, loaded.tokenizer.json, loaded.tokenizer.config ?? undefined);
    const started: { model: LanguageModel; index: number }[] = [];
    const isLarge = bundleBytes(loaded) > (platform.comparedBytes ?? COMPARED_BYTES);
    for (const [index, executor] of executors.entries()) {
      const [before] = started;
      if (started.length === 2 || (before !== undefined && (isLarge || executors[before.index]?.trusted === true))) break;
      try {
        started.push({ model: await executor.start(loaded, asked && index === 0), index });
      } catch (error) {
        failures.push(`${executor.id}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    let [first, second] = started;
    // The last device runs the most models: its reason tells most of this one.
    if (!first) return { ok: false, reason: [...failures.toReversed(), ...loaded.notes].join('; ') || 'no device can run the model' };
    const notes = [...loaded.notes, ...failures];
    const tokens = probeTokens(tokenizer, first.model);
    const probed = (on: LanguageModel): Promise<ProbeResult | string> =>
      runProbe(on, tokens, seconds).catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
    let probe = await probed(first.model);
    let selfCheck: ModelFacts['selfCheck'] = null;
    // What only the first can run is not compared.
    const other = second === undefined ? null : await probed(second.model);
    if (second !== undefined && typeof other === 'string')
      notes.push(`${deviceText(second.model.label.device)} failed on the probe (${other})`);
    if (second !== undefined && other !== null && typeof other !== 'string') {
      const difference = typeof probe === 'string' ? Infinity : probeDifference(probe, other);
      const against = deviceText(second.model.label.device);
      selfCheck = { against, difference, agrees: difference <= AGREE_WITHIN };
      if (typeof probe === 'string' || !selfCheck.agrees) {
        const why =
          typeof probe === 'string'
            ? `failed on the probe (${probe})`
            : `differs from ${against} by ${difference.toPrecision(2)} nats on the probe, more than ${AGREE_WITHIN}`;
        notes.push(`${deviceText(first.model.label.device)} ${why} and is not used`);
        await first.model.dispose().catch(() => undefined);
        [first, second] = [second, undefined];
        probe = other;
      }
    }
    if (typeof probe === 'string') {
      const left = executors.slice((second ?? first).index + 1);
      const why = [`${deviceText(first.model.label.device)} failed on the probe (${probe})`];
      if (second !== undefined && typeof other === 'string')
        why.push(`${deviceText(second.model.label.device)} failed on the probe (${other})`);
      await first.model.dispose().catch(() => undefined);
      await second?.model.dispose().catch(() => undefined);
      if (left.length === 0) return { ok: false, reason: probe };
      return start(loaded, left, false, [...failures, ...why]);
    }
    if (second) await second.model.dispose();
    const doubt = chanceWarning(probe, first.model.vocabulary);
    if (doubt !== null) notes.push(doubt);
    for (const note of first.model.notes ?? []) notes.push(note);
    const device = deviceText(first.model.label.device);
    if (isLarge && executors.length > first.index + 1 && executors[first.index]?.trusted !== true)
      notes.push(`${device} is compared with no other device: the model's ${bundleBytes(loaded)} bytes would be in memory twice`);
    // A slow device is not asked for more than the probe.
    const isSlow = probe.tokens / probe.tokensPerSecond > PATIENCE;
    const doubts = isSlow ? [] : await selfDoubts(first.model, tokens).catch((error: unknown) => [String(error)]);
    for (const doubt of doubts) notes.push(`${device}: ${doubt}`);
    model = first.model;
    bundle = loaded;
    spare = executors.slice(first.index + 1);
    used = executors[first.index] ?? null;
    const rate = await measureRate(first.model, probe, tokens, scoreLimits(first.model, null).chunk, seconds);
    return { ok: true, model: { ...factsOf(loaded, first.model, rate, selfCheck, notes), runtime: used?.runtime ?? null } };
  }

  return {
    size: (choice, dtype) => modelSize(platform, choice, dtype),
    async load({ model: choice, executor, dtype }, onProgress) {
      controller?.abort();
      const mine = (controller = new AbortController());
      await release();
      const at = executor === 'auto' ? 0 : platform.executors.findIndex(({ id }) => id === executor);
      const executors = platform.executors.slice(at).filter(({ named }) => executor !== 'auto' || named !== true);
      if (at < 0)
        return { ok: false, reason: `expected a device of ${platform.executors.map(({ id }) => id).join(', ')}, found ${executor}` };
      try {
        const folder = await platform.open(choice, mine.signal);
        const loaded = await loadBundle(folder, dtype, onProgress, mine.signal);
        mine.signal.throwIfAborted();
        return loaded.ok ? await start(loaded.bundle, executors, executor !== 'auto') : loaded;
      } catch (error) {
        mine.signal.throwIfAborted();
        return { ok: false, reason: error instanceof Error ? error.message : String(error) };
      }
    },
    async run(job, onFacts, onProgress) {
      const loaded = bundle;
      if (loaded === null) throw new Error('no model is loaded');
      const mine = (controller = new AbortController());
      const held = model;
      model = null;
      await graphing;
      let last: LanguageModel | null = null;
      const use = (made: LanguageModel): LanguageModel => (last = made);
      const remaining = [...spare];
      const listen = makeListen();
      const outcome = await runScores(job.plan, job.edgeTokens, {
        models: [
          ...(held === null ? [] : [() => Promise.resolve(use(held))]),
          ...remaining.map((executor) => async () => {
            const made = use(await executor.start(loaded, false));
            spare = remaining.slice(remaining.indexOf(executor) + 1);
            // The device that held inputs of graphs may be gone.
            [used, graphs] = [executor, null];
            return made;
          }),
        ],
        now: seconds,
        sketch: job.sketch ?? null,
        control: {
          ready: () => listen().then(() => gate?.opened),
          get cancelled() {
            return mine.signal.aborted;
          },
        },
        onFacts,
        onProgress,
      });
      model = outcome.ok ? (last ?? held) : null;
      if (controller === mine) controller = null;
      return outcome;
    },
    graph(job) {
      const reply = graphing.then(async (): Promise<GraphReply> => {
        if (model === null) return { ok: false, reason: bundle === null ? 'no model is loaded' : 'the device is busy with scoring' };
        if (!used?.graphs) return { ok: false, reason: `${used?.id ?? 'this device'} cannot run graphs` };
        const { label } = model;
        try {
          graphs ??= await used.graphs(label);
          return moved({ ok: true, values: await graphs.run(job), device: graphs.label } as const);
        } catch (error) {
          return { ok: false, reason: `${deviceText(label.device)}: ${error instanceof Error ? error.message : String(error)}` };
        }
      });
      graphing = reply;
      return reply;
    },
    pause() {
      if (gate !== null) return;
      let open = (): void => undefined;
      const opened = new Promise<void>((resolve) => {
        open = resolve;
      });
      gate = { opened, open };
    },
    resume() {
      gate?.open();
      gate = null;
    },
    cancel() {
      controller?.abort();
      gate?.open();
      gate = null;
    },
    release,
  };
}

function factsOf(
  bundle: ModelBundle,
  model: LanguageModel,
  tokensPerSecond: number,
  selfCheck: ModelFacts['selfCheck'],
  notes: readonly string[],
): Omit<ModelFacts, 'runtime'> {
  return {
    name: bundle.name,
    dtype: bundle.dtype,
    executor: deviceText(model.label.device),
    source: { name: model.label.name, dtype: model.label.dtype, devices: [model.label.device] },
    vocabulary: model.vocabulary,
    context: model.context,
    hash: bundle.hash,
    tokenizerHash: bundle.tokenizerHash,
    tokenizer: bundle.tokenizer,
    limits: scoreLimits(model, bundle.shape.start),
    cacheBytesPerToken: model.cacheBytesPerToken,
    rereads: model.rereads === true,
    sketched: model.sketched,
    tokensPerSecond,
    selfCheck,
    notes,
  };
}
