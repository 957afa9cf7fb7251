/** The tiny model's files as the page gets them, and the executors on them. */
import config from '../../fixtures/tiny-lm/config.json?url';
import graph from '../../fixtures/tiny-lm/model.onnx?url';
import tokenizer from '../../fixtures/tiny-lm/tokenizer.json?url';
import tokenizerConfig from '../../fixtures/tiny-lm/tokenizer_config.json?url';
import groupedConfig from '../../fixtures/tiny-gqa/config.json?url';
import groupedGraph from '../../fixtures/tiny-gqa/model_q4.onnx?url';
import groupedData from '../../fixtures/tiny-gqa/model_q4.onnx_data?url';
import grouped8 from '../../fixtures/tiny-gqa/model_q8.onnx?url';
import groupedBlocks from '../../fixtures/tiny-gqa/model_blocks.onnx?url';
import groupedInt8 from '../../fixtures/tiny-gqa/model_int8.onnx?url';
import groupedHalf from '../../fixtures/tiny-gqa/model_fp16.onnx?url';
import type { LanguageModel } from '../../../src/core/score/language-model.ts';
import { loadBundle, type ModelBundle } from '../../../src/engine/score/model-folder.ts';
import type { ModelChoice } from '../../../src/engine/score/model-choice.ts';
import { browserExecutors, type Build, BUILDS, buildForHere } from '../../../src/platform/browser/language-model.ts';
import { RUNTIME_FILES } from './runtime-files.ts';
import { openModel } from '../../../src/platform/browser/model-files.ts';

const FILES = { 'config.json': config, 'model.onnx': graph, 'tokenizer.json': tokenizer, 'tokenizer_config.json': tokenizerConfig };

/**
 * Grouped-query attention: 4-bit weights in an external file, 8-bit ones, these with the token table in blocks too,
 * 8-bit ones behind DequantizeLinear, all in fp16.
 */
const GROUPED = {
  q4: { 'model_q4.onnx': groupedGraph, 'model_q4.onnx_data': groupedData },
  q8: { 'model_q8.onnx': grouped8 },
  blocks: { 'model.onnx': groupedBlocks },
  int8: { 'model_int8.onnx': groupedInt8 },
  fp16: { 'model_fp16.onnx': groupedHalf },
} as const;
export type Grouped = keyof typeof GROUPED;

/** The four files as if dropped, some of them changed. */
export function droppedTiny(changes: Readonly<Record<string, (blob: Blob) => Blob>> = {}): Promise<ModelChoice> {
  return dropped('tiny-lm', FILES, changes);
}

async function dropped(
  name: string,
  addresses: Readonly<Record<string, string>>,
  changes: Readonly<Record<string, (blob: Blob) => Blob>> = {},
): Promise<ModelChoice> {
  const files = await Promise.all(
    Object.entries(addresses).map(async ([path, address]) => {
      const blob = await (await fetch(address)).blob();
      return { path, blob: changes[path]?.(blob) ?? blob };
    }),
  );
  return { kind: 'files', name, files };
}

export function tinyBundle(): Promise<ModelBundle> {
  return bundleOf(droppedTiny());
}

export function droppedGrouped(weights: Grouped, changes: Readonly<Record<string, (blob: Blob) => Blob>> = {}): Promise<ModelChoice> {
  return dropped(
    'tiny-gqa',
    { 'config.json': groupedConfig, 'tokenizer.json': tokenizer, 'tokenizer_config.json': tokenizerConfig, ...GROUPED[weights] },
    changes,
  );
}

export function groupedBundle(weights: Grouped): Promise<ModelBundle> {
  return bundleOf(droppedGrouped(weights));
}

async function bundleOf(choice: Promise<ModelChoice>): Promise<ModelBundle> {
  const { signal } = new AbortController();
  const loaded = await loadBundle(await openModel(await choice, 'http://localhost/', signal), null, () => undefined, signal);
  if (!loaded.ok) throw new Error(loaded.reason);
  return loaded.bundle;
}

const executors = new Map(BUILDS.map((build) => [build, browserExecutors(RUNTIME_FILES, build)]));

export function startOn(id: 'webgpu' | 'wasm', bundle: ModelBundle, build: Build = buildForHere()): Promise<LanguageModel> {
  return executors
    .get(build)!
    .find((executor) => executor.id === id)!
    .start(bundle, true);
}
