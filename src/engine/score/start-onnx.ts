/** Starts a model with a graph that makes logits for the asked tokens only and sums them up, or with as little of that as cannot be. */
import type { ForwardReply, LanguageModel } from '../../core/score/language-model.ts';
import type { Device } from '../../core/score/model-source.ts';
import { figuresTail } from './figures-graph.ts';
import type { CacheMemory } from './limits.ts';
import type { ModelBundle } from './model-folder.ts';
import { makeOnnxModel } from './onnx-model.ts';
import type { OnnxRuntime } from './onnx-port.ts';
import { AGREE_WITHIN } from './probe.ts';
import { withQueries } from './query-graph.ts';

/** A session of a graph and where it runs. */
export interface OnnxSession<T> {
  readonly runtime: OnnxRuntime<T>;
  readonly device: Device;
  readonly memory: CacheMemory;
}

/**
 * Rejects with a sentence where the model cannot be started.
 * @param create called again where the first graph does not do
 * @param sumsUp whether the graph is to sum up its logits itself, rather than the runtime
 */
export async function startOnnx<T>(
  bundle: ModelBundle,
  create: (graph: Uint8Array<ArrayBuffer>) => Promise<OnnxSession<T>>,
  sumsUp = false,
): Promise<LanguageModel> {
  const notes: string[] = [];
  if (sumsUp) {
    const tail = figuresTail(bundle.graph, bundle.shape.vocabulary);
    const model = typeof tail === 'string' ? tail : await checked(bundle, create, tail, notes);
    if (typeof model !== 'string') return model;
    notes.push(`logits are summed up outside the graph: ${model}`);
  }
  const model = await checked(bundle, create, new Uint8Array(0), notes);
  if (typeof model !== 'string') return model;
  // What is wrong with the model itself is told by the last start.
  return modelOf(bundle, await create(bundle.graph), [`logits are made of every token, asked or not: ${model}`]);
}

/** The model with a graph that makes logits for the asked tokens only, and `tail` behind it; a sentence where that does not do. */
async function checked<T>(
  bundle: ModelBundle,
  create: (graph: Uint8Array<ArrayBuffer>) => Promise<OnnxSession<T>>,
  tail: Uint8Array<ArrayBuffer>,
  notes: readonly string[],
): Promise<LanguageModel | string> {
  try {
    const graph = withQueries(bundle.graph, tail);
    if (typeof graph === 'string') return graph;
    const session = await create(graph);
    const model = await modelOf(bundle, session, notes);
    const isHalf = session.runtime.outputs.some(({ name, type }) => name === 'logits' && type === 'float16');
    const oracle =
      tail.length === 0 ? null : { of: await modelOf(bundle, session, [], true), within: isHalf ? HALVES_WITHIN : SUMS_WITHIN };
    const why = await differs(model, oracle).catch(sentence);
    if (why === '') return model;
    await model.dispose();
    return why;
  } catch (error) {
    return sentence(error);
  }
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function modelOf<T>(
  bundle: ModelBundle,
  { runtime, device, memory }: OnnxSession<T>,
  notes: readonly string[],
  fromLogits = false,
): Promise<LanguageModel> {
  const made = makeOnnxModel(runtime, bundle, device, memory, notes, fromLogits);
  if (made.ok) return made.model;
  await runtime.close();
  throw new Error(`${bundle.name}: ${made.reason}`);
}

/** Tokens of the check. With all rows asked for, the graph computes what it did before; some rows of it must agree with that. */
const TOKENS = 8;
const SOME = Int32Array.of(1, 4, 5, 7);

/** Largest difference of a score in float32 from that in float64, of the same logits. */
const SUMS_WITHIN = 1e-4;
/** Where logits leave the graph as float16, it sums up what they were before they were rounded to its 11 bits. */
const HALVES_WITHIN = 3e-2;

/**
 * Empty where the scores of some tokens of one row and of two are those that come with all of one row, and these are the
 * ones that the oracle makes of the same logits; else a sentence.
 */
async function differs(model: LanguageModel, oracle: { readonly of: LanguageModel; readonly within: number } | null): Promise<string> {
  const width = Math.min(TOKENS, model.context);
  const tokens = Int32Array.from({ length: width }, (_, i) => (1 + 37 * i) % model.vocabulary);
  const all = tokens.map((_, at) => at);
  const some = SOME.filter((at) => at < width);
  const ask = (by: LanguageModel, rows: number, queryAt: Int32Array): Promise<ForwardReply> =>
    by.forward({
      past: null,
      pastLength: 0,
      rows,
      width,
      tokens: Int32Array.from({ length: rows * width }, (_, i) => tokens[i % width] ?? 0),
      queryAt,
      queryTarget: queryAt.map((at) => tokens[at % width] ?? 0),
      keep: false,
    });
  const whole = await ask(model, 1, all);
  if (oracle !== null) {
    const sums = await ask(oracle.of, 1, all);
    for (const column of ['entropy', 'logprob', 'gradient'] as const) {
      const most = largest(whole[column], (i) => sums[column][i]);
      if (!(most <= oracle.within)) return `its own sums of logits differ by ${most.toPrecision(2)}`;
    }
  }
  for (const rows of model.maxRows > 1 ? [1, 2] : [1]) {
    const last = (rows - 1) * width;
    const part = await ask(
      model,
      rows,
      some.map((at) => last + at),
    );
    for (const column of ['entropy', 'logprob'] as const) {
      const most = largest(part[column], (i) => whole[column][some[i] ?? 0]);
      if (!(most <= AGREE_WITHIN)) return `some rows differ from all by ${most.toPrecision(2)} nats`;
    }
  }
  return '';
}

/** Largest difference; infinite where one side has no number. */
function largest(found: Float32Array, expected: (at: number) => number | undefined): number {
  let most = 0;
  for (const [at, value] of found.entries()) {
    const other = expected(at) ?? Number.NaN;
    // Log-probabilities of −∞ are equal.
    if (value === other) continue;
    const difference = Math.abs(value - other);
    most = Number.isNaN(difference) ? Infinity : Math.max(most, difference);
  }
  return most;
}
