/** The flags of `espalier prune` that are not the rule's, and the budget that they name. */
import type { Budget } from '../core/model/rule.ts';
import type { Preset } from '../core/rule/preset.ts';
import { PRESETS, type PresetId } from '../core/rule/presets.ts';
import { ACT_OPTIONS } from './act-flags.ts';
import { OPEN_OPTIONS } from './open-flags.ts';
import { RECORD_OPTIONS } from './record-flags.ts';
import { RULE_OPTIONS } from './rule-flags.ts';
import { SAID_OPTIONS } from './session-flag.ts';
import { UsageError } from './usage.ts';

const OTHER_OPTIONS = {
  preset: { type: 'string' },
  budget: { type: 'string' },
  'train-budget': { type: 'string' },
  export: { type: 'string' },
  out: { type: 'string' },
  weights: { type: 'string' },
  'mask-errors': { type: 'boolean' },
  ...SAID_OPTIONS,
  scores: { type: 'string' },
  'import-scores': { type: 'string' },
  strict: { type: 'boolean' },
  check: { type: 'boolean' },
  json: { type: 'boolean' },
  lines: { type: 'boolean' },
  stream: { type: 'boolean' },
  share: { type: 'string' },
  memory: { type: 'string' },
  ...OPEN_OPTIONS,
} as const;

export type PruneFlags = {
  readonly [K in keyof typeof OTHER_OPTIONS]?: ((typeof OTHER_OPTIONS)[K]['type'] extends 'boolean' ? boolean : string) | undefined;
};

export const PRUNE_OPTIONS = { ...RULE_OPTIONS, ...RECORD_OPTIONS, ...OTHER_OPTIONS, ...ACT_OPTIONS };

/**
 * The preset that flags name, or that the log calls for (`auto`: where none is named and no setting of the rule is
 * given); null: none. Throws UsageError for a name that is not one.
 */
export function prunePreset(flags: PruneFlags & Readonly<Record<string, unknown>>, suited: PresetId): Preset | null {
  const own = Object.keys(RULE_OPTIONS).some((flag) => flags[flag] !== undefined);
  const named = flags.preset ?? (own ? 'none' : 'auto');
  if (named === 'none') return null;
  const found = PRESETS.find(({ id }) => id === (named === 'auto' ? suited : named));
  if (!found) throw new UsageError(`--preset: expected auto, none, ${PRESETS.map(({ id }) => id).join(', ')}, found ${named}`);
  return found;
}

/** The preset of that name, for parts of a log, of which each would find another with auto; null: none. Throws UsageError. */
export function namedPreset(name: string | undefined): Preset | null {
  if (name === 'auto') throw new UsageError('--preset auto: each part would find another; name one');
  return name === undefined ? null : prunePreset({ preset: name }, PRESETS[0].id);
}

/** The lines of `--preset` in the help. */
export const PRESET_HELP = [
  `  --preset NAME          settings and budgets that belong together; other flags change them: auto (what the log calls`,
  `                         for; default where no setting of the rule is given), none, ${PRESETS.map(({ id }) => id).join(', ')}`,
].join('\n');

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

/** Where either share is given the other is everything; where neither is, both are the preset's. */
export function pruneBudget(flags: Pick<PruneFlags, 'budget' | 'train-budget'>, preset: Preset | null): Budget {
  if (preset !== null && flags.budget === undefined && flags['train-budget'] === undefined) return preset.budget;
  return { cut: share('--budget', flags.budget, preset === null ? null : 1), train: share('--train-budget', flags['train-budget'], 1) };
}
