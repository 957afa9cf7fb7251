/** The flags of `espalier prune` that are not the rule's, and the budget that they name. */
import type { Budget } from '../core/model/rule.ts';
import { OPEN_OPTIONS } from './open-flags.ts';
import { RULE_OPTIONS } from './rule-flags.ts';
import { UsageError } from './usage.ts';

const OTHER_OPTIONS = {
  budget: { type: 'string' },
  'train-budget': { type: 'string' },
  export: { type: 'string' },
  out: { type: 'string' },
  weights: { type: 'string' },
  'mask-errors': { type: 'boolean' },
  scores: { type: 'string' },
  'import-scores': { type: 'string' },
  strict: { type: 'boolean' },
  ...OPEN_OPTIONS,
} as const;

export type PruneFlags = {
  readonly [K in keyof typeof OTHER_OPTIONS]?: ((typeof OTHER_OPTIONS)[K]['type'] extends 'boolean' ? boolean : string) | undefined;
};

export const PRUNE_OPTIONS = { ...RULE_OPTIONS, ...OTHER_OPTIONS };

/** `30%` or `0.3`. */
export function share(flag: string, text: string | undefined, fallback: number | null): number {
  if (text === undefined) {
    if (fallback === null) throw new UsageError(`${flag}: expected a share such as 30%`);
    return fallback;
  }
  const number = text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text);
  if (text.trim() === '' || !(number >= 0 && number <= 1)) throw new UsageError(`${flag}: expected a share from 0% to 100%, found ${text}`);
  return number;
}

export function pruneBudget(flags: PruneFlags): Budget {
  return { cut: share('--budget', flags.budget, null), train: share('--train-budget', flags['train-budget'], 1) };
}
