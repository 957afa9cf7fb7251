/** Node importance as one ONNX graph beside typed arrays: on wasm in Node, and on WebGPU in a real Chromium. */
import { InferenceSession, Tensor } from 'onnxruntime-web';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { scoreNodes } from '../../../src/core/signal/score.ts';
import { importanceErrors, importanceWork, scoredForest } from '../../helpers/importance.ts';
import type { ImportanceTimes } from '../gpu/importance-times.ts';
import { inGpuPage } from '../gpu/page.ts';
import { typedImportance } from '../typed-importance.ts';
import { faster, timed, type Row, type Scale } from './row.ts';

const RULE = { ...DEFAULT_RULE, mode: 'rl', advantage: 'grpo', gamma: 0.99 } as const;
const GOAL = 'the faster is used';

/** @param executable Chromium's path; null where there is none */
export async function importanceRows(root: string, executable: string | null, scale: Scale): Promise<Row[]> {
  scale.say('node importance as one graph, on wasm and on WebGPU');
  return [await onWasm(scale), await onGpu(root, executable, scale)];
}

async function onWasm(scale: Scale): Promise<Row> {
  const forest = scoredForest(scale.quick ? 5_000 : 100_000, 100_000, [16, 64], 16);
  const { onnx, columns } = importanceWork(forest, RULE);
  const session = await InferenceSession.create(onnx, { executionProviders: ['wasm'], logSeverityLevel: 3 });
  const feeds = Object.fromEntries(
    session.inputNames.flatMap((name) => {
      const column = columns[name];
      return column ? [[name, new Tensor(column.data instanceof Int32Array ? 'int32' : 'float32', column.data, column.dims)]] : [];
    }),
  );
  const { entropy } = scoreNodes(forest, RULE);
  let [ours, reference] = [Infinity, Infinity];
  let scores = new Float32Array(0);
  for (let run = 0; run < scale.runs; run++) {
    const begun = performance.now();
    const { scores: output } = await session.run(feeds);
    ours = Math.min(ours, performance.now() - begun);
    if (output?.data instanceof Float32Array) scores = Float32Array.from(output.data);
    reference = Math.min(reference, timed(() => typedImportance(forest, RULE, entropy.h)).ms);
  }
  await session.release();
  const error = Object.values(importanceErrors(forest, RULE, scores)).reduce((worst, value) => Math.max(worst, value), 0);
  return faster(
    'node importance as one ONNX graph on wasm vs typed arrays',
    { ours, reference },
    GOAL,
    `${forest.length} nodes, 1 thread; scores differ by at most ${error.toPrecision(2)} (relative)`,
  );
}

async function onGpu(root: string, executable: string | null, scale: Scale): Promise<Row> {
  const name = 'node importance as one ONNX graph on WebGPU vs typed arrays';
  const nodes = scale.quick ? 2_000 : 20_000;
  const times = await inGpuPage<ImportanceTimes>(
    root,
    executable,
    'test/bench/gpu/importance-times.ts',
    (files) => `measureImportance(${JSON.stringify(files)}, ${nodes}, ${scale.quick ? 1 : 3})`,
  );
  if (typeof times === 'string') return { name, value: NaN, unit: 'ms', reference: NaN, ratio: NaN, goal: GOAL, note: `skipped: ${times}` };
  const adapter = `${times.adapter}${times.software ? ', a software adapter, which says nothing of a GPU’s speed' : ''}`;
  return faster(
    name,
    { ours: times.graph, reference: times.typed },
    GOAL,
    `${times.nodes} nodes, one change of the rule; ${adapter}; scores differ by at most ${times.error.toPrecision(2)} (relative)`,
  );
}
