/**
 * A language model from a Hugging Face / Optimum text-generation-with-past export: input_ids, attention_mask,
 * position_ids and past_key_values.N.key|value in, logits and present.N.key|value out.
 * https://huggingface.co/docs/optimum/exporters/onnx/usage_guides/export_a_model
 * A graph without keys and values is read through `no-past.ts`.
 */
import type { CachedPrefix, ForwardRequest, LanguageModel } from '../../core/score/language-model.ts';
import type { Device } from '../../core/score/model-source.ts';
import { scoresOf } from '../../core/score/figures.ts';
import { NO_SCORES, type QueryScores, type SketchAsk } from '../../core/score/kernel.ts';
import { FIGURE_VALUES, MASSES, TARGETS } from './figures-graph.ts';
import type { CacheMemory } from './limits.ts';
import { withoutPast } from './no-past.ts';
import { makeSketching } from './sketching.ts';
import type { ModelShape } from './model-config.ts';
import type { ModelBundle } from './model-folder.ts';
import type { OnnxInput, OnnxRuntime } from './onnx-port.ts';
import { QUERY_ROWS } from './query-graph.ts';

interface OnnxCache<T> extends CachedPrefix {
  /** In the order of `Contract.past`. */
  readonly tensors: readonly T[];
}

/** The roles of a graph's inputs and outputs. */
interface Contract {
  readonly ids: OnnxInput;
  readonly mask: OnnxInput | null;
  readonly positions: OnnxInput | null;
  /** Which tokens' logits are made; null: all. */
  readonly asked: OnnxInput | null;
  /** Whose log-probabilities; null: the graph sums up no logits itself. */
  readonly targets: OnnxInput | null;
  /** `use_cache_branch` of merged exports, and `num_logits_to_keep`. */
  readonly constants: readonly OnnxInput[];
  readonly past: readonly { readonly input: OnnxInput; readonly present: string; readonly heads: number; readonly width: number }[];
  readonly vocabulary: number;
}

const CACHE_BYTES: Readonly<Record<string, number>> = { float32: 4, float16: 2 };

const KNOWN: ReadonlySet<string> = new Set(['input_ids', 'attention_mask', 'position_ids', QUERY_ROWS, TARGETS]);

/** Reads the contract from the graph; a sentence where the graph wants something that scoring cannot give. */
function readContract(inputs: readonly OnnxInput[], outputs: readonly OnnxInput[], shape: ModelShape): Contract | string {
  const named = new Map(inputs.map((input) => [input.name, input]));
  const ids = named.get('input_ids');
  if (!ids) return `expected an input "input_ids", found ${listed(inputs)}`;
  const logits = outputs.find(({ name }) => name === 'logits');
  if (!logits) return `expected an output "logits", found ${listed(outputs)}`;
  const past: Contract['past'][number][] = [];
  const constants: OnnxInput[] = [];
  for (const input of inputs) {
    const cache = /^past_key_values\.(.+)$/.exec(input.name);
    if (cache?.[1] !== undefined) {
      const present = `present.${cache[1]}`;
      if (!outputs.some(({ name }) => name === present)) return `expected an output "${present}" for the input "${input.name}", found none`;
      if (CACHE_BYTES[input.type] === undefined)
        return `expected keys and values as float32 or float16, found ${input.type} in "${input.name}"`;
      if (input.shape.length !== 4)
        return `expected keys and values of 4 dimensions (rows, heads, tokens, width), found ${input.shape.length} in "${input.name}"`;
      past.push({ input, present, heads: fixed(input.shape[1]) ?? shape.kvHeads, width: fixed(input.shape[3]) ?? shape.headWidth });
    } else if (input.name === 'use_cache_branch' || input.name === 'num_logits_to_keep') constants.push(input);
    else if (!KNOWN.has(input.name)) {
      return `the model has an input "${input.name}" (${input.type}), which a text-generation-with-past export does not have`;
    }
  }
  const vocabulary = fixed(logits.shape[2]) ?? shape.vocabulary;
  const optional = (name: string): OnnxInput | null => named.get(name) ?? null;
  const [mask, positions] = [optional('attention_mask'), optional('position_ids')];
  return { ids, mask, positions, asked: optional(QUERY_ROWS), targets: optional(TARGETS), constants, past, vocabulary };
}

function fixed(size: number | string | undefined): number | undefined {
  return typeof size === 'number' && size > 0 ? size : undefined;
}

function listed(values: readonly OnnxInput[]): string {
  return (
    values
      .slice(0, 6)
      .map(({ name }) => name)
      .join(', ') + (values.length > 6 ? ', …' : '')
  );
}

export type OnnxModel = { readonly ok: true; readonly model: LanguageModel } | { readonly ok: false; readonly reason: string };

/** Takes over `runtime`. @param fromLogits also where the graph sums them up itself */
export function makeOnnxModel<T>(
  runtime: OnnxRuntime<T>,
  { name, dtype, shape, maxRows, hidden }: Pick<ModelBundle, 'name' | 'dtype' | 'shape' | 'maxRows' | 'hidden'>,
  device: Device,
  memory: CacheMemory,
  notes: readonly string[] = [],
  fromLogits = false,
): OnnxModel {
  const read = readContract(runtime.inputs, runtime.outputs, shape);
  if (typeof read === 'string') return { ok: false, reason: read };
  const contract: Contract = read;
  const hasFigures = contract.targets !== null && !fromLogits;
  const sketching = makeSketching(contract.vocabulary, hidden);
  // The model's own caches, by the handle that stands for them outside.
  const caches = new Map<CachedPrefix, OnnxCache<T>>();

  function pastOf({ past, pastLength, rows }: ForwardRequest): { tensors: T[]; owned: boolean } {
    if (past === null || pastLength === 0)
      return { tensors: contract.past.map(({ input, heads, width }) => runtime.empty(input.type, [rows, heads, 0, width])), owned: true };
    const cache = caches.get(past);
    if (!cache || pastLength > cache.length)
      throw new Error(`expected a cache of at least ${pastLength} tokens, found ${cache?.length ?? 'none'}`);
    if (pastLength === cache.length && rows === 1) return { tensors: [...cache.tensors], owned: false };
    return { tensors: cache.tensors.map((tensor) => runtime.cut(tensor, pastLength, rows)), owned: true };
  }

  function feedsOf(request: ForwardRequest, past: readonly T[]): Record<string, T> {
    const { rows, width, pastLength, tokens, queryAt, queryTarget } = request;
    const feeds: Record<string, T> = { [contract.ids.name]: runtime.integers(contract.ids.type, tokens, [rows, width]) };
    const { mask, positions } = contract;
    // Padding is on the right, so a causal model never sees it and the mask need not know of it.
    if (mask)
      feeds[mask.name] = runtime.integers(mask.type, new Int32Array(rows * (pastLength + width)).fill(1), [rows, pastLength + width]);
    if (positions)
      feeds[positions.name] = runtime.integers(
        positions.type,
        Int32Array.from({ length: rows * width }, (_, i) => pastLength + (i % width)),
        [rows, width],
      );
    // One row where none is asked for: not every kernel takes a matrix of no rows.
    const { asked, targets } = contract;
    const [at, target] = queryAt.length === 0 ? [Int32Array.of(0), Int32Array.of(0)] : [queryAt, queryTarget];
    if (asked) feeds[asked.name] = runtime.integers(asked.type, at, [at.length]);
    if (targets) feeds[targets.name] = runtime.integers(targets.type, target, [at.length]);
    for (const { name, type, shape: dims } of contract.constants) {
      feeds[name] = runtime.integers(type, Int32Array.of(name === 'use_cache_branch' ? 1 : 0), dims.length === 0 ? [] : [1]);
    }
    contract.past.forEach(({ input }, i) => {
      const tensor = past[i];
      if (tensor !== undefined) feeds[input.name] = tensor;
    });
    return feeds;
  }

  /** Of the logits. */
  const rowsOf = (queryAt: Int32Array): Int32Array => (contract.asked === null ? queryAt : queryAt.map((_, q) => q));
  const cacheBytesPerToken = contract.past.reduce(
    (sum, { input, heads, width }) => sum + heads * width * (CACHE_BYTES[input.type] ?? 4),
    0,
  );
  const model: LanguageModel = {
    label: { name, dtype, device },
    maxRows,
    notes,
    vocabulary: contract.vocabulary,
    context: shape.context,
    get sketched() {
      return sketching.source;
    },
    cacheBytesPerToken,
    // Two caches are alive at once, each a tensor for the keys and one for the values of every layer.
    cacheBytes: Math.min(memory.bytes, 2 * contract.past.length * (memory.tensor ?? Infinity)),
    async forward(request) {
      const past = pastOf(request);
      const feeds = feedsOf(request, past.tensors);
      const wantsLogits = request.queryAt.length > 0;
      const sketch = wantsLogits ? (request.sketch ?? null) : null;
      const state = sketch === null ? null : sketching.state;
      const source = hasFigures ? FIGURE_VALUES : 'logits';
      const names = [
        ...(state === null ? [] : [state]),
        ...(wantsLogits || !request.keep ? [source] : []),
        ...(hasFigures && sketch !== null ? [MASSES] : []),
        ...(request.keep ? contract.past.map(({ present }) => present) : []),
      ];
      let results: Readonly<Record<string, T>>;
      try {
        results = await runtime.run(feeds, names);
      } finally {
        const kept = new Set<T>(past.owned ? [] : past.tensors);
        for (const tensor of Object.values(feeds)) if (!kept.has(tensor)) runtime.drop(tensor);
      }
      const hiddenState = state === null ? undefined : results[state];
      try {
        const ask = sketch && sketching.ask(sketch);
        const { counts, ...scores } = wantsLogits ? await scoresFrom(results, request, ask) : NO_SCORES;
        const states = counts === null || hiddenState === undefined ? null : await runtime.floats(hiddenState);
        const sketches = ask && sketching.sketches(request, ask, counts, states);
        return { ...scores, sketches, cache: request.keep ? keep(results, request.pastLength + request.width) : null };
      } catch (error) {
        for (const { present } of contract.past) {
          const tensor = results[present];
          if (tensor !== undefined) runtime.drop(tensor);
        }
        throw error;
      } finally {
        for (const name of ['logits', FIGURE_VALUES, MASSES, state ?? '']) {
          const tensor = results[name];
          if (tensor !== undefined) runtime.drop(tensor);
        }
      }
    },
    cut(handle, length) {
      const cache = caches.get(handle);
      if (!cache || length > cache.length)
        throw new Error(`expected a cache of at least ${length} tokens, found ${cache?.length ?? 'none'}`);
      const short: OnnxCache<T> = { length, tensors: cache.tensors.map((tensor) => runtime.cut(tensor, length, 1)) };
      caches.set(short, short);
      return short;
    },
    drop(handle) {
      const cache = caches.get(handle);
      if (!caches.delete(handle) || !cache) throw new Error('expected a cache from this model, found one that it does not hold');
      for (const tensor of cache.tensors) runtime.drop(tensor);
    },
    async dispose() {
      for (const { tensors } of caches.values()) for (const tensor of tensors) runtime.drop(tensor);
      caches.clear();
      await runtime.close();
    },
  };

  async function scoresFrom(
    results: Readonly<Record<string, T>>,
    { queryAt, queryTarget }: ForwardRequest,
    ask: SketchAsk | null,
  ): Promise<QueryScores> {
    const { logits, [FIGURE_VALUES]: figures, [MASSES]: masses } = results;
    if (figures !== undefined) {
      const values = await runtime.floats(figures);
      return scoresOf(
        { values, masses: masses === undefined ? null : await runtime.floats(masses) },
        contract.vocabulary,
        queryTarget,
        ask,
      );
    }
    if (logits === undefined) throw new Error('the model gave no logits');
    return runtime.score(logits, contract.vocabulary, rowsOf(queryAt), queryTarget, ask);
  }

  function keep(results: Readonly<Record<string, T>>, length: number): CachedPrefix {
    const tensors = contract.past.map(({ present }) => {
      const tensor = results[present];
      if (tensor === undefined) throw new Error(`the model gave no output "${present}"`);
      return tensor;
    });
    const handle: OnnxCache<T> = { length, tensors };
    caches.set(handle, handle);
    return handle;
  }
  return { ok: true, model: contract.past.length === 0 ? withoutPast(model, memory.bytes) : model };
}
