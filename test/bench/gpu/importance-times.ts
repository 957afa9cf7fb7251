/** Node importance on WebGPU by the ONNX graph, beside typed arrays, for one change of a rule. Runs in a page. */
import * as ort from 'onnxruntime-web/webgpu';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { ruleColumns, structureColumns, type GraphColumns } from '../../../src/core/signal/importance-inputs.ts';
import { scoreNodes } from '../../../src/core/signal/score.ts';
import { makeGraphRunner } from '../../../src/platform/browser/graph-runner.ts';
import { importanceErrors, importanceWork, scoredForest } from '../../helpers/importance.ts';
import { typedImportance } from '../typed-importance.ts';

export interface ImportanceTimes {
  readonly adapter: string;
  readonly software: boolean;
  readonly nodes: number;
  /** Milliseconds, the least of all rounds. */
  readonly graph: number;
  readonly typed: number;
  /** Largest relative difference of any score. */
  readonly error: number;
}

/** @param files address of ONNX Runtime's own files. @returns null where the browser offers no WebGPU adapter */
export async function measureImportance(files: string, nodes: number, rounds: number): Promise<ImportanceTimes | null> {
  const gpu: GPU | undefined = 'gpu' in navigator ? navigator.gpu : undefined;
  if (!(await gpu?.requestAdapter())) return null;
  ort.env.wasm.wasmPaths = files;
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = 'error';
  const forest = scoredForest(nodes, nodes, [16, 64], 16);
  const rule = { ...DEFAULT_RULE, mode: 'rl', advantage: 'grpo', gamma: 0.99 } as const;
  const { onnx, columns } = importanceWork(forest, rule);
  // The runtime makes its device with the first session.
  await ort.InferenceSession.create(onnx, { executionProviders: ['webgpu'], logSeverityLevel: 3 });
  const device = await ort.env.webgpu.device;
  const { vendor, architecture, description, isFallbackAdapter } = device.adapterInfo;
  const runner = makeGraphRunner(ort, device, 'webgpu');
  const structure = structureColumns(forest);
  const { entropy, taskWeight } = scoreNodes(forest, rule);
  let graph = Infinity;
  let typed = Infinity;
  let scores = new Float32Array(0);
  for (let round = 0; round <= rounds; round++) {
    let begun = performance.now();
    const changing: GraphColumns = ruleColumns(forest, rule, structure, null, taskWeight);
    scores = await runner.run({
      key: 'graph',
      onnx,
      output: 'scores',
      unasked: false,
      groups: [
        { name: 'all', key: 'all', columns: round === 0 ? columns : null },
        { name: 'rule', key: `${round}`, columns: changing },
      ],
    });
    // The first round compiles shaders and uploads the forest.
    if (round > 0) graph = Math.min(graph, performance.now() - begun);
    begun = performance.now();
    typedImportance(forest, rule, entropy.h);
    typed = Math.min(typed, performance.now() - begun);
  }
  const errors = Object.values(importanceErrors(forest, rule, scores));
  return {
    adapter: [vendor, architecture].filter((word) => word !== '').join(' ') || description || 'unnamed adapter',
    software: isFallbackAdapter,
    nodes: forest.length,
    graph,
    typed,
    error: errors.reduce((worst, value) => Math.max(worst, value), 0),
  };
}
