/** Tells logs from the tokenizer and mapping files that may lie among what was dropped. */
import type { PickedFile } from '../../../platform/browser/inputs.ts';

export interface Sorted {
  readonly logs: readonly PickedFile[];
  readonly tokenizer: PickedFile | null;
  readonly tokenizerConfig: PickedFile | null;
  readonly chatTemplate: PickedFile | null;
  readonly mapping: PickedFile | null;
}

/** What file managers and editors leave in folders. */
const CLUTTER = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini']);

export function sortPicked(files: readonly PickedFile[]): Sorted {
  const named = (name: string): PickedFile | null => files.find((file) => baseName(file.path) === name) ?? null;
  const tokenizer = named('tokenizer.json');
  const tokenizerConfig = named('tokenizer_config.json');
  const chatTemplate = tokenizer ? named('chat_template.jinja') : null;
  const mapping = files.find((file) => /(^|[.-])mapping\.json$/.test(baseName(file.path))) ?? null;
  const taken = new Set([tokenizer, tokenizerConfig, chatTemplate, mapping]);
  return { logs: files.filter((file) => !taken.has(file) && !CLUTTER.has(baseName(file.path))), tokenizer, tokenizerConfig, chatTemplate, mapping };
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
