/** Tells logs from the tokenizer, mapping, model and scores files that may lie among what was dropped. */
import type { PickedFile } from '../../../platform/browser/inputs.ts';
import { DEFAULT_TEMPLATE, TEMPLATE_FILE, TEMPLATE_FOLDER } from '../../../engine/tokenizers/template-files.ts';
import type { InputBlob } from '../../../../workers/contract.ts';
import { findModel } from './find-model.ts';
import type { PickedModel } from './find-model.ts';

export interface Sorted {
  readonly logs: readonly InputBlob[];
  readonly tokenizer: PickedFile | null;
  readonly tokenizerConfig: PickedFile | null;
  /** `chat_template.jinja` and those of `additional_chat_templates`, beside the tokenizer. */
  readonly chatTemplates: readonly PickedFile[];
  readonly mapping: PickedFile | null;
  /** A language model's folder; a tokenizer in it is the model's own and not the log's. */
  readonly model: PickedModel | null;
  readonly scores: PickedFile | null;
  /** Scores per token of a person's own. */
  readonly tokenScores: PickedFile | null;
  /** Rewards or labels by rollout: a table, or a file named so. */
  readonly verdicts: PickedFile | null;
  /** Notes and labels. */
  readonly notes: PickedFile | null;
  /** What is open and what was chosen, of an earlier visit. */
  readonly session: PickedFile | null;
}

/** What file managers and editors leave in folders. */
const CLUTTER = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini']);

export function isClutter(path: string): boolean {
  return CLUTTER.has(baseName(path));
}

export function sortPicked(picked: readonly PickedFile[]): Sorted {
  const model = findModel(picked);
  const files = model ? picked.filter((file) => !model.files.includes(file)) : picked;
  const named = (name: string): PickedFile | null => files.find((file) => baseName(file.path) === name) ?? null;
  const tokenizer = named('tokenizer.json');
  const tokenizerConfig = named('tokenizer_config.json');
  const chatTemplates = tokenizer ? files.filter((file) => templateName(file.path, tokenizer.path) !== null) : [];
  const mapping = files.find((file) => /(^|[.-])mapping\.json$/.test(baseName(file.path))) ?? null;
  const scores = files.find((file) => /(^|[.-])scores( \(\d+\))?\.bin$/.test(baseName(file.path))) ?? null;
  const tokenScores = files.find((file) => /(^|[.-])token-scores( \(\d+\))?\.jsonl$/.test(baseName(file.path))) ?? null;
  const notes = files.find((file) => /(^|[.-])notes( \(\d+\))?\.jsonl$/i.test(baseName(file.path))) ?? null;
  const session = files.find((file) => /\.espalier( \(\d+\))?\.json$/i.test(baseName(file.path))) ?? null;
  const verdicts = files.find((file) => /(^|[.-])verdicts( \(\d+\))?\.(csv|jsonl?)$/i.test(baseName(file.path))) ?? loneTable(files);
  const taken = new Set([tokenizer, tokenizerConfig, ...chatTemplates, mapping, scores, tokenScores, verdicts, notes, session]);
  return {
    logs: files.filter((file) => !taken.has(file) && !isClutter(file.path)),
    tokenizer,
    tokenizerConfig,
    chatTemplates,
    mapping,
    model,
    scores,
    tokenScores,
    verdicts,
    notes,
    session,
  };
}

/** A CSV that comes alone is what somebody judged: no log is one. */
function loneTable(files: readonly PickedFile[]): PickedFile | null {
  const [file] = files;
  return files.length === 1 && file !== undefined && /\.(csv|tsv)$/i.test(file.path) ? file : null;
}

/** What transformers calls the chat template in this file; null: it is none of the tokenizer's. */
export function templateName(path: string, tokenizer: string): string | null {
  const folder = tokenizer.slice(0, tokenizer.lastIndexOf('/') + 1);
  if (path === `${folder}${TEMPLATE_FILE}`) return DEFAULT_TEMPLATE;
  const further = `${folder}${TEMPLATE_FOLDER}/`;
  if (!path.startsWith(further) || !path.endsWith('.jinja')) return null;
  return path.slice(further.length, -'.jinja'.length);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
