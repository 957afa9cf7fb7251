/** Scoring in Node on ONNX Runtime's native binary beside WebAssembly: the same plan, the same bundled model, one thread each. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { planScores } from '../../../src/core/score/plan.ts';
import { runScores } from '../../../src/core/score/run.ts';
import type { LanguageModel } from '../../../src/core/score/language-model.ts';
import { wantedTokens } from '../../../src/core/score/wanted.ts';
import { scoreLimits } from '../../../src/engine/score/limits.ts';
import { loadBundle } from '../../../src/engine/score/model-folder.ts';
import { modelFolder, startNodeModel } from '../../../src/platform/node/language-model.ts';
import { nativeFolder, startNativeModel } from '../../../src/platform/node/native-model.ts';
import { datasetAt } from '../dataset.ts';
import { faster, type Row, type Scale } from './row.ts';

const SAMPLE = 'public/samples/orchard-chat.jsonl';
const MODEL = 'public/models/espalier-3m';
const NAME = 'sample: scoring on the native CPU vs on WebAssembly';
const GOAL = '>= 3.5';

export async function nativeRows(root: string, scale: Scale): Promise<Row[]> {
  if (!existsSync(join(root, MODEL, 'model.onnx'))) return [];
  if (nativeFolder() === null)
    return [{ name: NAME, value: NaN, unit: 'ms', reference: NaN, ratio: NaN, goal: GOAL, note: 'onnxruntime-node is not installed' }];
  const { forest } = (await datasetAt(join(root, SAMPLE))).tokens;
  const loaded = await loadBundle(modelFolder(join(root, MODEL)), null, () => undefined, new AbortController().signal);
  if (!loaded.ok) throw new Error(loaded.reason);
  const { bundle } = loaded;
  const sides = {
    reference: { model: await startNodeModel(bundle, 1), ms: Infinity, entropy: new Float32Array(0) },
    ours: { model: await startNativeModel(bundle, 'cpu', 1), ms: Infinity, entropy: new Float32Array(0) },
  };
  const edgeTokens = forest.edgeTokens.map((id) => id % sides.ours.model.vocabulary);
  const tasks = scale.quick ? 2 : forest.treeStart.length - 1;
  const tree = { ...forest, edgeTokens, treeStart: forest.treeStart.subarray(0, tasks + 1) };
  const plan = planScores(tree, wantedTokens(forest, 'sampled'), scoreLimits(sides.ours.model, bundle.shape.start));
  for (let round = 0; round < (scale.quick ? 1 : 2); round++)
    for (const side of [sides.reference, sides.ours]) {
      scale.say(`scoring the sample on ${side.model.label.device.on}`);
      const begun = process.cpuUsage();
      side.entropy = await entropyOf(plan, edgeTokens, side.model);
      const { user, system } = process.cpuUsage(begun);
      side.ms = Math.min(side.ms, (user + system) / 1000);
    }
  await sides.ours.model.dispose();
  await sides.reference.model.dispose();
  let worst = 0;
  sides.ours.entropy.forEach((value, at) => {
    if (!Number.isNaN(value)) worst = Math.max(worst, Math.abs(value - sides.reference.entropy[at]));
  });
  const rate = (ms: number): number => Math.round((plan.forwarded / ms) * 1000);
  const rates = `${plan.forwarded} tokens forwarded, ${rate(sides.ours.ms)} tokens/s beside ${rate(sides.reference.ms)}`;
  const note = `${rates}; largest difference of entropy ${worst.toExponential(1)} nats`;
  return [faster(NAME, { ours: sides.ours.ms, reference: sides.reference.ms }, GOAL, `${note}; processor time, 1 thread`)];
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
