/** Scoring in Node on ONNX Runtime's native binary beside WebAssembly: the same plan, the same bundled model, one thread each. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { planScores } from '../../../src/core/score/plan.ts';
import { runScores } from '../../../src/core/score/run.ts';
import type { LanguageModel } from '../../../src/core/score/language-model.ts';
import { wantedTokens } from '../../../src/core/score/wanted.ts';
import { scoreLimits } from '../../../src/engine/score/limits.ts';
import { loadBundle, type ModelBundle } from '../../../src/engine/score/model-folder.ts';
import { modelFolder, startNodeModel } from '../../../src/platform/node/language-model.ts';
import { nativeFolder, startNativeModel } from '../../../src/platform/node/native-model.ts';
import { datasetAt } from '../dataset.ts';
import { faster, type Row, type Scale } from './row.ts';

const SAMPLE = 'public/samples/orchard-chat.jsonl';
const MODEL = 'public/models/espalier-3m';
const SIDES = {
  native: { name: 'sample: scoring on the native CPU vs on WebAssembly', goal: '>= 3.5' },
  int8: { name: 'sample: scoring on the native CPU with int8 weights vs on WebAssembly with fp16 ones', goal: '>= 5' },
} as const;

interface Side {
  readonly model: LanguageModel;
  ms: number;
  entropy: Float32Array<ArrayBuffer>;
}

/** Each is timed by the processor time of this process, all its threads together, the least of all rounds. */
export async function nativeRows(root: string, scale: Scale): Promise<Row[]> {
  if (!existsSync(join(root, MODEL, 'model.onnx'))) return [];
  if (nativeFolder() === null)
    return Object.values(SIDES).map(({ name, goal }) => ({
      name,
      value: NaN,
      unit: 'ms',
      reference: NaN,
      ratio: NaN,
      goal,
      note: 'onnxruntime-node is not installed',
    }));
  const { forest } = (await datasetAt(join(root, SAMPLE))).tokens;
  const fp16 = await bundleOf(root, null);
  const none = { ms: Infinity, entropy: new Float32Array(0) };
  const sides: Record<string, Side> & Record<'wasm' | 'native', Side> = {
    wasm: { ...none, model: await startNodeModel(fp16, 1) },
    native: { ...none, model: await startNativeModel(fp16, 'cpu', 1) },
  };
  // Made by training/quantise_int8.py; not shipped.
  if (existsSync(join(root, MODEL, 'model_int8.onnx')))
    sides['int8'] = { ...none, model: await startNativeModel(await bundleOf(root, 'int8'), 'cpu', 1) };
  const edgeTokens = forest.edgeTokens.map((id) => id % sides.wasm.model.vocabulary);
  const tasks = scale.quick ? 2 : forest.treeStart.length - 1;
  const tree = { ...forest, edgeTokens, treeStart: forest.treeStart.subarray(0, tasks + 1) };
  const plan = planScores(tree, wantedTokens(forest, 'sampled'), scoreLimits(sides.native.model, fp16.shape.start));
  for (let round = 0; round < (scale.quick ? 1 : 2); round++)
    for (const [name, side] of Object.entries(sides)) {
      scale.say(`scoring the sample: ${name}`);
      const begun = process.cpuUsage();
      side.entropy = await entropyOf(plan, edgeTokens, side.model);
      const { user, system } = process.cpuUsage(begun);
      side.ms = Math.min(side.ms, (user + system) / 1000);
    }
  for (const { model } of Object.values(sides)) await model.dispose();
  const rate = (ms: number): number => Math.round((plan.forwarded / ms) * 1000);
  const { wasm } = sides;
  return (['native', 'int8'] as const).flatMap((which) => {
    const side = sides[which];
    if (side === undefined) return [];
    let [sum, count] = [0, 0];
    side.entropy.forEach((value, at) => {
      if (Number.isNaN(value)) return;
      sum += Math.abs(value - wasm.entropy[at]);
      count++;
    });
    const note =
      `${plan.forwarded} tokens forwarded, ${rate(side.ms)} tokens/s beside ${rate(wasm.ms)}; ` +
      `mean difference of entropy ${(sum / count).toExponential(1)} nats; processor time, 1 thread`;
    return faster(SIDES[which].name, { ours: side.ms, reference: wasm.ms }, SIDES[which].goal, note);
  });
}

async function bundleOf(root: string, dtype: string | null): Promise<ModelBundle> {
  const loaded = await loadBundle(modelFolder(join(root, MODEL)), dtype, () => undefined, new AbortController().signal);
  if (!loaded.ok) throw new Error(loaded.reason);
  return loaded.bundle;
}

async function entropyOf(
  plan: ReturnType<typeof planScores>,
  edgeTokens: Int32Array,
  model: LanguageModel,
): Promise<Float32Array<ArrayBuffer>> {
  const found = new Float32Array(edgeTokens.length).fill(NaN);
  const outcome = await runScores(plan, edgeTokens, {
    models: [() => Promise.resolve(model)],
    now: () => performance.now() / 1000,
    control: { ready: () => Promise.resolve(), cancelled: false },
    onFacts: ({ at, entropy }) => at.forEach((token, i) => (found[token] = entropy[i])),
    onProgress: () => undefined,
  });
  if (!outcome.ok) throw new Error(outcome.reason);
  return found;
}
