/** A byte-level tokenizer without merges, with chat templates that mark what the model generates: read by trainers and by us alike. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TokenizerChoice } from '../../src/engine/answers/opening.ts';
import { ROOT } from './sources.ts';
import { tinyTokenizerJson } from './tinyTokenizer.ts';

/** A file of integrations/trainers/templates, whose first line says what it is like. */
export type TemplateName = 'chatml' | 'thinking' | 'headers';

const MARKS = [
  '<|endoftext|>',
  '<|im_start|>',
  '<|im_end|>',
  '<|begin_of_text|>',
  '<|start_header_id|>',
  '<|end_header_id|>',
  '<|eot_id|>',
];
const ENDS: Readonly<Record<TemplateName, string>> = { chatml: '<|im_end|>', thinking: '<|im_end|>', headers: '<|eot_id|>' };

/** A chat template of another origin, by its text. */
export interface TemplateText {
  readonly name: string;
  readonly text: string;
}

/** Files of a tokenizer by name, as `save_pretrained` of transformers would write them. */
export function tokenizerFiles(template: TemplateName | TemplateText): Readonly<Record<string, string>> {
  const tiny = JSON.parse(tinyTokenizerJson()) as { added_tokens: object[]; model: { vocab: Record<string, number>; merges: unknown[] } };
  const bytes = Object.entries(tiny.model.vocab).filter(([, id]) => id < 256);
  const added = MARKS.map((content, index) => ({ ...tiny.added_tokens[0], content, id: 256 + index }));
  const json = { ...tiny, added_tokens: added, model: { ...tiny.model, vocab: Object.fromEntries(bytes), merges: [] } };
  const isOurs = typeof template === 'string';
  const chat_template = isOurs ? readFileSync(join(ROOT, 'integrations/trainers/templates', `${template}.jinja`), 'utf8') : template.text;
  const config = {
    tokenizer_class: 'PreTrainedTokenizerFast',
    bos_token: '<|begin_of_text|>',
    eos_token: isOurs ? ENDS[template] : '<|im_end|>',
    pad_token: '<|endoftext|>',
    chat_template,
  };
  return { 'tokenizer.json': JSON.stringify(json), 'tokenizer_config.json': JSON.stringify(config) };
}

/** The same for opening a log. */
export function trainerTokenizer(template: TemplateName | TemplateText): TokenizerChoice {
  const files = tokenizerFiles(template);
  const name = typeof template === 'string' ? template : template.name;
  return { kind: 'huggingface', name, json: files['tokenizer.json'] ?? '', config: files['tokenizer_config.json'] ?? '' };
}
