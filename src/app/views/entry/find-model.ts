/** Finds a language model's folder among files that were handed over: a graph with its tokenizer and config. */
import type { PickedFile } from '../../../platform/browser/inputs.ts';

export interface PickedModel {
  readonly name: string;
  readonly files: readonly PickedFile[];
}

/** Files that belong to a model even where it lies loose among others. */
const PARTS =
  /(^|\/)(.+\.onnx(_data(_\d+)?|\.data)?|((generation_|tokenizer_)?config|tokenizer|special_tokens_map)\.json|chat_template\.jinja)$/;

/** null where no `.onnx` file is among them. Whether the folder is complete is for loading to say. */
export function findModel(files: readonly PickedFile[]): PickedModel | null {
  const graph = files.find(({ path }) => path.endsWith('.onnx'));
  if (!graph) return null;
  const folders = graph.path.split('/').slice(0, -1);
  // Exporters put graphs one level below the tokenizer.
  if (folders.at(-1) === 'onnx') folders.pop();
  const root = folders.join('/');
  const name = folders.at(-1) ?? 'dropped model';
  const inside = root === '' ? files.filter(({ path }) => PARTS.test(path)) : files.filter(({ path }) => path.startsWith(`${root}/`));
  return { name, files: inside };
}
