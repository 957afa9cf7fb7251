/** Every setting of which records are written, in what order and into which files: flags, help and dialog derive from this list. */
import type { ExportSpec, ProfileOption, RecordSettings } from '../answers/exporting.ts';
import { MIX_BY, MIX_WAYS, readMix } from '../../core/axes/mix-text.ts';
import { LATEST } from '../../core/errors/find.ts';
import { ERROR_RULES } from '../../core/errors/registry.ts';
import { FLAGGED, unknownRule } from '../errors/choice.ts';
import { readRedact } from './preflight/redact.ts';
import { SECRET_KINDS } from './preflight/secrets.ts';
import { completeSettings } from './options.ts';

/** `flag`: its name on the command line, without the dashes. */
export type RecordSetting = ProfileOption & { readonly name: keyof RecordSettings; readonly flag: string };

const SETTINGS: { readonly [K in keyof RecordSettings]: RecordSetting & { readonly name: K; readonly default: RecordSettings[K] } } = {
  errorRules: {
    name: 'errorRules',
    flag: 'error-rules',
    label: 'Error rules',
    help: `where failed turns are masked: the rules of errors that it goes by, all or none: ${ERROR_RULES.map(({ id }) => id).join(', ')}`,
    type: 'text',
    default: FLAGGED,
  },
  corrections: {
    name: 'corrections',
    flag: 'corrections',
    label: 'Corrected errors',
    help:
      'where failed turns are masked: mask all of them, let the turn of a recovery train that was only a repeated call, ' +
      'or keep errors that are corrected too',
    type: 'choice',
    values: ['mask', 'recovery', 'keep'],
    default: 'recovery',
  },
  correctedWithin: {
    name: 'correctedWithin',
    flag: 'corrected-within',
    label: 'Corrected within',
    help: 'turns within which a later call has to succeed for an error to count as corrected',
    type: 'number',
    min: 1,
    max: LATEST,
    whole: true,
    default: 3,
  },
  maxTokens: {
    name: 'maxTokens',
    flag: 'max-tokens',
    label: 'Tokens of a record',
    help: 'no record shows more; 0: however many',
    type: 'number',
    min: 0,
    max: 1e9,
    whole: true,
    default: 0,
  },
  overLong: {
    name: 'overLong',
    flag: 'over-long',
    label: 'Longer ones',
    help: 'left out, cut behind the last turn that trains and fits, or written in windows, each turn trained in one of them',
    type: 'choice',
    values: ['drop', 'cut', 'windows'],
    default: 'windows',
  },
  closeCalls: {
    name: 'closeCalls',
    flag: 'close-calls',
    label: 'Close calls',
    help: 'in files of messages, a call that has no result in its record gets one that says so, without loss',
    type: 'flag',
    default: false,
  },
  eos: {
    name: 'eos',
    flag: 'eos',
    label: 'End-of-turn tokens',
    help: 'whether they carry loss, in files of token ids',
    type: 'choice',
    values: ['on', 'off'],
    default: 'on',
  },
  dedup: {
    name: 'dedup',
    flag: 'dedup',
    label: 'No duplicates',
    help: 'leave out records with the tokens and marks of an earlier one, of whatever task',
    type: 'flag',
    default: false,
  },
  balance: {
    name: 'balance',
    flag: 'balance',
    label: 'Balance',
    help: 'leave out records until all tasks have as many, or successes and failures are as many',
    type: 'choice',
    values: ['off', 'task', 'outcome'],
    default: 'off',
  },
  mixBy: {
    name: 'mixBy',
    flag: 'mix-by',
    label: 'Mix by',
    help: 'tags of tasks that have shares: language, tasktype, scenario or pairs of the latter two (docs/axes.md)',
    type: 'choice',
    values: MIX_BY,
    default: 'off',
  },
  mixWay: {
    name: 'mixWay',
    flag: 'mix-way',
    label: 'Mix by way of',
    help: 'sample: tasks by chance until shares are met; cap: no more tasks of a tag; weight: weights of tokens are multiplied',
    type: 'choice',
    values: MIX_WAYS,
    default: 'sample',
  },
  mix: {
    name: 'mix',
    flag: 'mix',
    label: 'Mix',
    help: 'shares, or for cap the most tasks, such as python=50,rest=50; rest: all others together; each: each other one',
    type: 'text',
    default: 'each=1',
  },
  shuffle: {
    name: 'shuffle',
    flag: 'shuffle',
    label: 'Shuffle',
    help: 'write records in a random order; in files of tasks, the tasks',
    type: 'flag',
    default: false,
  },
  seed: {
    name: 'seed',
    flag: 'record-seed',
    label: 'Seed',
    help: 'of what is left out to balance and for the mix, of the shuffled order, and of the tasks of the validation',
    type: 'number',
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    whole: true,
    default: 0,
  },
  validation: {
    name: 'validation',
    flag: 'validation',
    label: 'Validation',
    help: 'share of the tasks, such as 10%, whose records stand in files of their own',
    type: 'number',
    min: 0,
    max: 0.99,
    whole: false,
    default: 0,
  },
  shard: {
    name: 'shard',
    flag: 'shard',
    label: 'MB per file',
    help: 'a file of records is followed by a further one once it has so many MB; 0: one file',
    type: 'number',
    min: 0,
    max: 1e6,
    whole: false,
    default: 0,
  },
  redact: {
    name: 'redact',
    flag: 'redact',
    label: 'Redact',
    help: `secrets of these kinds in files of messages, or all: ${SECRET_KINDS.map(({ id }) => id).join(', ')}`,
    type: 'text',
    default: 'none',
  },
  compress: {
    name: 'compress',
    flag: 'compress',
    label: 'Compress',
    help: 'files of JSON, by a name that ends with .gz',
    type: 'choice',
    values: ['none', 'gzip'],
    default: 'none',
  },
};

/** In the order in which they are told. */
export const RECORD_SETTINGS: readonly RecordSetting[] = Object.values(SETTINGS);

const DEFAULTS: RecordSettings = {
  errorRules: SETTINGS.errorRules.default,
  corrections: SETTINGS.corrections.default,
  correctedWithin: SETTINGS.correctedWithin.default,
  maxTokens: SETTINGS.maxTokens.default,
  overLong: SETTINGS.overLong.default,
  closeCalls: SETTINGS.closeCalls.default,
  eos: SETTINGS.eos.default,
  dedup: SETTINGS.dedup.default,
  balance: SETTINGS.balance.default,
  mixBy: SETTINGS.mixBy.default,
  mixWay: SETTINGS.mixWay.default,
  mix: SETTINGS.mix.default,
  shuffle: SETTINGS.shuffle.default,
  seed: SETTINGS.seed.default,
  validation: SETTINGS.validation.default,
  shard: SETTINGS.shard.default,
  redact: SETTINGS.redact.default,
  compress: SETTINGS.compress.default,
};

/** All settings with a value each. Throws for values that are not theirs. */
export function recordSettings({ records = {} }: Pick<ExportSpec, 'records'>): RecordSettings {
  completeSettings('records', RECORD_SETTINGS, { ...records });
  if (readRedact(records.redact ?? 'none') === null)
    throw new Error(`records: redact takes all, or some of ${SECRET_KINDS.map(({ id }) => id).join(', ')}; found ${records.redact ?? ''}`);
  const unknown = unknownRule(records.errorRules ?? FLAGGED);
  if (unknown !== null)
    throw new Error(`records: errorRules takes all, none, or some of ${ERROR_RULES.map(({ id }) => id).join(', ')}; found ${unknown}`);
  const settings = { ...DEFAULTS, ...records };
  if (settings.mixBy !== 'off') {
    const read = readMix(settings.mix, settings.mixBy, settings.mixWay);
    if (!read.ok) throw new Error(`records: mix takes ${read.expected}; found ${settings.mix}`);
  }
  return settings;
}
