/** Starts a model with a graph that makes logits for the asked tokens only, or with the graph as it is where that cannot be. */
import type { LanguageModel } from '../../core/score/language-model.ts';
import type { Device } from '../../core/score/model-source.ts';
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
 */
export async function startOnnx<T>(
  bundle: ModelBundle,
  create: (graph: Uint8Array<ArrayBuffer>) => Promise<OnnxSession<T>>,
): Promise<LanguageModel> {
  let why: string;
  try {
    const graph = withQueries(bundle.graph);
    if (typeof graph === 'string') why = graph;
    else {
      const model = await modelOf(bundle, await create(graph), []);
      why = await differs(model).catch(sentence);
      if (why === '') return model;
      await model.dispose();
    }
  } catch (error) {
    why = sentence(error);
  }
  // What is wrong with the model itself is told by the second start.
  return modelOf(bundle, await create(bundle.graph), [`logits are made of every token, asked or not: ${why}`]);
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function modelOf<T>(
  bundle: ModelBundle,
  { runtime, device, memory }: OnnxSession<T>,
  notes: readonly string[],
): Promise<LanguageModel> {
  const made = makeOnnxModel(runtime, bundle, device, memory, notes);
  if (made.ok) return made.model;
  await runtime.close();
  throw new Error(`${bundle.name}: ${made.reason}`);
}

/** Tokens of the check. With all rows asked for, the graph computes what it did before; some rows of it must agree with that. */
const TOKENS = 8;
const SOME = Int32Array.of(1, 4, 5, 7);

/** Empty where the scores of some tokens of one row and of two are those that come with all of one row; else a sentence. */
async function differs(model: LanguageModel): Promise<string> {
  const width = Math.min(TOKENS, model.context);
  const tokens = Int32Array.from({ length: width }, (_, i) => (1 + 37 * i) % model.vocabulary);
  const some = SOME.filter((at) => at < width);
  const ask = async (rows: number, queryAt: Int32Array): Promise<Float32Array> => {
    const reply = await model.forward({
      past: null,
      pastLength: 0,
      rows,
      width,
      tokens: Int32Array.from({ length: rows * width }, (_, i) => tokens[i % width] ?? 0),
      queryAt,
      queryTarget: queryAt.map((at) => tokens[at % width] ?? 0),
      keep: false,
    });
    return Float32Array.from([...reply.entropy, ...reply.logprob]);
  };
  const whole = await ask(
    1,
    tokens.map((_, at) => at),
  );
  for (const rows of model.maxRows > 1 ? [1, 2] : [1]) {
    const last = (rows - 1) * width;
    const part = await ask(
      rows,
      some.map((at) => last + at),
    );
    for (const [i, value] of part.entries()) {
      const at = some[i % some.length] ?? 0;
      const difference = Math.abs(value - (whole[at + (i < some.length ? 0 : width)] ?? Number.NaN));
      if (!(difference <= AGREE_WITHIN)) return `some rows differ from all by ${difference.toPrecision(2)} nats`;
    }
  }
  return '';
}
