/** Reads a rule and budget from untrusted JSON: a forest export's line, a manifest, a URL. */
import {
  DEFAULT_RULE,
  EVENT_KINDS,
  RANKINGS,
  STRATEGIES,
  type Budget,
  type HandProtection,
  type Protection,
  type ProtectionRules,
  type PruneRule,
} from '../core/model/rule.ts';
import { get, getList, getNumber, getObject, getString } from '../formats/json.ts';

/** What a forest export was pruned with, and whose token ids it holds. */
export interface Restored {
  readonly rule: PruneRule;
  readonly budget: Budget;
  readonly tokenizer: string;
  /** `model: NAME (DTYPE, EXECUTOR)` where a language model filled in entropy, else null. */
  readonly modelSource: string | null;
  /** SHA-256 of that model and of its tokenizer, where the line says. */
  readonly modelHashes: { readonly model: string; readonly tokenizer: string } | null;
}

/** Null where the line does not say, or says something that is not a rule. */
export function readRestored(record: unknown): Restored | null {
  const rule = readRule(get(record, 'rule'));
  const budget = readBudget(get(record, 'budget'));
  const hashes = get(record, 'model_sha256');
  const model = getString(hashes, 'model');
  const tokenizer = getString(hashes, 'tokenizer');
  const modelHashes = model === undefined || tokenizer === undefined ? null : { model, tokenizer };
  return rule && budget
    ? { rule, budget, tokenizer: getString(record, 'tokenizer') ?? '', modelSource: getString(record, 'model_source') ?? null, modelHashes }
    : null;
}

function readBudget(value: unknown): Budget | null {
  const cut = getNumber(value, 'cut');
  const train = getNumber(value, 'train');
  const share = (number: number | undefined): number is number => number !== undefined && number >= 0 && number <= 1;
  return share(cut) && share(train) ? { cut, train } : null;
}

/** Missing members take their default; a member of the wrong type or range makes the whole rule null. */
export function readRule(value: unknown): PruneRule | null {
  let valid = typeof value === 'object' && value !== null;
  const choice = <T extends string>(key: string, options: readonly T[], fallback: T): T => {
    const found = get(value, key);
    if (found === undefined) return fallback;
    const option = options.find((candidate) => candidate === found);
    if (option === undefined) valid = false;
    return option ?? fallback;
  };
  const number = (key: string, fallback: number, accept: (value: number) => boolean): number => {
    const found = get(value, key);
    if (found === undefined) return fallback;
    if (typeof found === 'number' && Number.isFinite(found) && accept(found)) return found;
    valid = false;
    return fallback;
  };
  const rules = (key: 'protect' | 'trainProtect'): ProtectionRules => {
    const found = get(value, key);
    if (found === undefined) return DEFAULT_RULE[key];
    const read = readProtectionRules(found);
    if (read === null) valid = false;
    return read ?? DEFAULT_RULE[key];
  };
  const model = getObject(value, 'model');
  const shape = model && {
    parameters: getNumber(model, 'parameters') ?? NaN,
    layers: getNumber(model, 'layers') ?? NaN,
    width: getNumber(model, 'width') ?? NaN,
  };
  if (shape && !(shape.parameters > 0 && shape.layers >= 0 && shape.width >= 0)) valid = false;
  const rule: PruneRule = {
    strategy: choice('strategy', STRATEGIES, DEFAULT_RULE.strategy),
    ranking: choice('ranking', RANKINGS, DEFAULT_RULE.ranking),
    mode: choice('mode', ['sft', 'rl'], DEFAULT_RULE.mode),
    gamma: number('gamma', DEFAULT_RULE.gamma, (gamma) => gamma >= 0 && gamma <= 1),
    aggregate: choice('aggregate', ['sum', 'mean', 'top20'], DEFAULT_RULE.aggregate),
    advantage: choice('advantage', ['logged', 'grpo', 'dr-grpo', 'rloo'], DEFAULT_RULE.advantage),
    reachBy: choice('reachBy', ['tokens', 'actions', 'policy'], DEFAULT_RULE.reachBy),
    weighBy: choice('weighBy', ['task', 'trajectory'], DEFAULT_RULE.weighBy),
    unit: choice('unit', ['distinct', 'flat', 'flops'], DEFAULT_RULE.unit),
    scope: choice('scope', ['global', 'task'], DEFAULT_RULE.scope),
    protect: rules('protect'),
    trainProtect: rules('trainProtect'),
    hand: readHand(getList(value, 'hand') ?? []),
    context: number('context', DEFAULT_RULE.context, (context) => Number.isInteger(context) && context >= 0),
    seed: number('seed', DEFAULT_RULE.seed, Number.isInteger),
    ...(shape ? { model: shape } : {}),
  };
  return valid ? rule : null;
}

function readProtection(value: unknown): Protection | null {
  const level = getString(value, 'level');
  if (level === 'off' || level === 'pin') return { level };
  const factor = getNumber(value, 'factor');
  return level === 'favour' && factor !== undefined && factor > 0 && Number.isFinite(factor) ? { level, factor } : null;
}

function readProtectionRules(value: unknown): ProtectionRules | null {
  const rules: Partial<Record<(typeof EVENT_KINDS)[number], Protection>> = {};
  for (const kind of EVENT_KINDS) {
    const found = get(value, kind);
    if (found === undefined) continue;
    const protection = readProtection(found);
    if (protection === null) return null;
    rules[kind] = protection;
  }
  return rules;
}

function readHand(list: readonly unknown[]): HandProtection[] {
  const hand: HandProtection[] = [];
  for (const entry of list) {
    const node = getNumber(entry, 'node');
    const protection = readProtection(get(entry, 'protection'));
    if (node !== undefined && Number.isInteger(node) && node >= 0 && protection) hand.push({ node, protection });
  }
  return hand;
}
