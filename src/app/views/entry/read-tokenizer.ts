/** A tokenizer with its chat template, from the files that were handed over. */
import type { TokenizerChoice } from '../../../engine/answers/opening.ts';
import { withTemplates } from '../../../engine/tokenizers/template-files.ts';
import type { PickedFile } from '../../../platform/browser/inputs.ts';
import type { PickedModel } from './find-model.ts';
import { sortPicked, templateName } from './sort-picked.ts';
import type { Sorted } from './sort-picked.ts';

/** @param name what it is called; absent: as its folder */
export async function readTokenizer(
  file: PickedFile,
  { tokenizerConfig, chatTemplates }: Pick<Sorted, 'tokenizerConfig' | 'chatTemplates'>,
  name = file.path.split('/').at(-2) ?? 'tokenizer.json',
): Promise<TokenizerChoice> {
  const json = await file.blob.text();
  const templates = await Promise.all(
    chatTemplates.map(async ({ path, blob }) => ({ name: templateName(path, file.path) ?? '', template: await blob.text() })),
  );
  const config = withTemplates(await tokenizerConfig?.blob.text(), templates);
  return { kind: 'huggingface', name, json, ...(config === undefined ? {} : { config }) };
}

/** The one in a language model's folder, under the model's name; null where the folder has none. */
export async function tokenizerOfModel({ name, files }: PickedModel): Promise<TokenizerChoice | null> {
  const sorted = sortPicked(files.filter(({ path }) => !path.endsWith('.onnx')));
  return sorted.tokenizer === null ? null : readTokenizer(sorted.tokenizer, sorted, name);
}
