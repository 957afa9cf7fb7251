/** The flags of `espalier prune` as a rule, a budget and an export. */
import {
  DEFAULT_RULE,
  EVENT_KINDS,
  type Budget,
  type EventKind,
  type Protection,
  type ProtectionRules,
  type PruneRule,
} from '../core/model/rule.ts';
import { DEFAULT_EXPORT, EXPORTS, type ExportFormat, type ExportSpec } from '../engine/answers/exporting.ts';
import { readRule } from '../engine/read-rule.ts';
import { UsageError } from './usage.ts';

export const PRUNE_OPTIONS = {
  budget: { type: 'string' },
  unit: { type: 'string' },
  'train-budget': { type: 'string' },
  scope: { type: 'string' },
  strategy: { type: 'string' },
  ranking: { type: 'string' },
  mode: { type: 'string' },
  gamma: { type: 'string' },
  aggregate: { type: 'string' },
  advantage: { type: 'string' },
  reach: { type: 'string' },
  weigh: { type: 'string' },
  protect: { type: 'string' },
  'train-protect': { type: 'string' },
  context: { type: 'string' },
  seed: { type: 'string' },
  model: { type: 'string' },
  export: { type: 'string' },
  out: { type: 'string' },
  weights: { type: 'string' },
  'mask-errors': { type: 'boolean' },
  scores: { type: 'string' },
  strict: { type: 'boolean' },
  tokenizer: { type: 'string' },
  mapping: { type: 'string' },
  'memory-tools': { type: 'string' },
  'max-node-tokens': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

export type PruneFlags = {
  readonly [K in keyof typeof PRUNE_OPTIONS]?: ((typeof PRUNE_OPTIONS)[K]['type'] extends 'boolean' ? boolean : string) | undefined;
};

/** Throws UsageError naming the flag, what was expected and what was found. */
export function pruneRule(flags: PruneFlags): PruneRule {
  const rule: Record<string, unknown> = { ...DEFAULT_RULE };
  const set = (flag: keyof PruneFlags, key: keyof PruneRule, convert: (text: string) => unknown = (text) => text): void => {
    const text = flags[flag];
    if (typeof text !== 'string') return;
    rule[key] = convert(text);
    if (readRule(rule) === null) throw new UsageError(`--${flag}: ${text} is not one of its values; see --help`);
  };
  set('strategy', 'strategy');
  set('ranking', 'ranking');
  set('mode', 'mode');
  set('gamma', 'gamma', Number);
  set('aggregate', 'aggregate');
  set('advantage', 'advantage');
  set('reach', 'reachBy');
  set('weigh', 'weighBy');
  set('unit', 'unit');
  set('scope', 'scope');
  set('context', 'context', Number);
  set('seed', 'seed', Number);
  set('protect', 'protect', (text) => protectionRules('--protect', text));
  set('train-protect', 'trainProtect', (text) => protectionRules('--train-protect', text));
  set('model', 'model', modelShape);
  if (rule['unit'] === 'flops' && rule['model'] === undefined) throw new UsageError('--unit flops: needs --model PARAMETERS,LAYERS,WIDTH');
  const read = readRule(rule);
  if (read === null) throw new UsageError('the settings do not make a rule; see --help');
  return read;
}

function modelShape(text: string): unknown {
  const [parameters, layers, width] = text.split(',').map(Number);
  return { parameters, layers, width };
}

/** `memory=pin,tool=favour:2,text=off`, or `none`. Kinds that are not named are off. */
function protectionRules(flag: string, text: string): ProtectionRules {
  const rules: Partial<Record<EventKind, Protection>> = {};
  if (text === 'none') return rules;
  for (const entry of text.split(',')) {
    const [name, level] = entry.split('=');
    const kind = EVENT_KINDS.find((candidate) => candidate === name);
    const favour = /^favour:(\d+(?:\.\d+)?)$/.exec(level ?? '');
    if (!kind || !(level === 'pin' || level === 'off' || favour)) {
      throw new UsageError(`${flag}: expected entries like memory=pin or tool=favour:2 with ${EVENT_KINDS.join(', ')}, found ${entry}`);
    }
    rules[kind] = favour ? { level: 'favour', factor: Number(favour[1]) } : { level: level === 'pin' ? 'pin' : 'off' };
  }
  return rules;
}

/** `30%` or `0.3`. */
function share(flag: string, text: string | undefined, fallback: number | null): number {
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

export function exportSpec(flags: PruneFlags): ExportSpec {
  const names = (flags.export ?? DEFAULT_EXPORT.formats.join(',')).split(',');
  const formats = names.map((name): ExportFormat => {
    const format = EXPORTS.find((candidate) => candidate === name);
    if (!format) throw new UsageError(`--export: expected some of ${EXPORTS.join(', ')}, found ${name}`);
    return format;
  });
  const weights = flags.weights ?? DEFAULT_EXPORT.weights;
  if (weights !== 'branch-mean' && weights !== 'train-once')
    throw new UsageError(`--weights: expected branch-mean or train-once, found ${weights}`);
  // In a fixed order, each once: the same files whatever the order on the command line.
  return {
    formats: EXPORTS.filter((format) => formats.includes(format)),
    weights,
    maskErrors: flags['mask-errors'] ?? DEFAULT_EXPORT.maskErrors,
  };
}
