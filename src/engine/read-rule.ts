/** Reads a rule and budget from untrusted JSON: a forest export's line, a manifest, a URL. */
import { isRule, type Budget, type PruneRule } from '../core/model/rule.ts';
import { RULE_FIELD_LIST } from '../core/rule/fields.ts';
import { readModelSource } from '../core/score/model-source.ts';
import { readWindows } from '../core/score/score-windows.ts';
import { readNumberedHand } from './numbered-hand.ts';
import { get, getNumber, getString } from '../formats/json.ts';
import type { Restored } from './restored.ts';

/** Null where the line does not say, or says something that is not a rule. */
export function readRestored(record: unknown): Restored | null {
  const rule = readRule(get(record, 'rule'));
  const budget = readBudget(get(record, 'budget'));
  const hashes = get(record, 'model_sha256');
  const model = getString(hashes, 'model');
  const tokenizer = getString(hashes, 'tokenizer');
  const modelSource = getString(record, 'model_source');
  const modelHashes = model === undefined || tokenizer === undefined ? null : { model, tokenizer };
  if (!rule || !budget) return null;
  return {
    rule,
    numberedHand: readNumberedHand(get(get(record, 'rule'), 'hand')),
    budget,
    tokenizer: getString(record, 'tokenizer') ?? '',
    modelSource: modelSource === undefined ? null : readModelSource(modelSource),
    modelHashes,
    modelWindows: readWindows(get(record, 'model_windows')),
  };
}

/** Null where it is none. */
export function readBudget(value: unknown): Budget | null {
  const cut = getNumber(value, 'cut');
  const train = getNumber(value, 'train');
  const share = (number: number | undefined): number is number => number !== undefined && number >= 0 && number <= 1;
  return share(cut) && share(train) ? { cut, train } : null;
}

/** Missing members take their default; a member of the wrong type or range makes the whole rule null. */
export function readRule(value: unknown): PruneRule | null {
  if (typeof value !== 'object' || value === null) return null;
  const rule: Record<string, unknown> = {};
  for (const field of RULE_FIELD_LIST) {
    const found = get(value, field.name);
    const read = found === undefined ? field.default : field.read(found);
    if (read !== undefined) rule[field.name] = read;
    else if (found !== undefined) return null;
  }
  return isRule(rule) ? rule : null;
}
