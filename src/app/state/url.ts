/** Settings and selection as the address's hash, and back. The hash is untrusted: what it does not spell right is ignored. */
import { DEFAULT_RULE, EVENT_KINDS, RANKINGS, STRATEGIES } from '../../core/model/rule.ts';
import type { Budget, EventKind, HandProtection, Protection, ProtectionRules, PruneRule } from '../../core/model/rule.ts';
import type { OpenSettings } from '../../engine/answers/opening.ts';
import type { TreeView } from '../../engine/answers/drawing.ts';
import type { ColourBy, Shape, SortBy, Target } from './looks.ts';

/** The part of the choices that a link carries. */
export interface Linked {
  readonly rule: Partial<PruneRule>;
  readonly budget: Budget | null;
  readonly open: Partial<Pick<OpenSettings, 'memoryTools' | 'maxNodeTokens'>>;
  readonly target: Target | null;
  readonly task: number | null;
  readonly node: number | null;
  readonly action: number | null;
  readonly shape: Shape;
  readonly colour: ColourBy;
  readonly treeView: TreeView;
  readonly sort: SortBy;
}

const SHAPES = ['icicle', 'left-heavy', 'tree', 'rollouts'] as const;
const COLOURS = ['kind', 'entropy', 'reward'] as const;
const VIEWS = ['tokens', 'actions'] as const;
const SORTS = ['signal', 'tokens', 'sharing', 'spread', 'name', 'arrival'] as const;
const TARGETS = ['cut', 'train'] as const;

/** Settings of the rule that are one word each: their name in the hash and the words allowed. */
const WORDS = {
  strategy: STRATEGIES,
  ranking: RANKINGS,
  mode: ['sft', 'rl'],
  aggregate: ['sum', 'mean', 'top20'],
  advantage: ['logged', 'grpo', 'dr-grpo', 'rloo'],
  reachBy: ['tokens', 'actions', 'policy'],
  weighBy: ['task', 'trajectory'],
  unit: ['distinct', 'flat', 'flops'],
  scope: ['global', 'task'],
} as const satisfies Partial<Record<keyof PruneRule, readonly string[]>>;

const WORD_NAMES = [
  'strategy',
  'ranking',
  'mode',
  'aggregate',
  'advantage',
  'reachBy',
  'weighBy',
  'unit',
  'scope',
] as const satisfies readonly (keyof typeof WORDS)[];

/** Everything that differs from the defaults, as `#name=value&…`; empty where nothing does. */
export function writeHash(linked: Linked): string {
  const out = new URLSearchParams();
  const put = (name: string, value: string | number | null | undefined, normal: string | number | null = null): void => {
    if (value !== null && value !== undefined && value !== normal) out.set(name, String(value));
  };
  put('cut', linked.budget?.cut);
  put('train', linked.budget?.train);
  const rule = { ...DEFAULT_RULE, ...linked.rule };
  for (const name of WORD_NAMES) put(name, rule[name], DEFAULT_RULE[name]);
  put('gamma', rule.gamma, DEFAULT_RULE.gamma);
  put('context', rule.context, DEFAULT_RULE.context);
  put('seed', rule.seed, DEFAULT_RULE.seed);
  put('protect', writeProtection(rule.protect), writeProtection(DEFAULT_RULE.protect));
  put('trainProtect', writeProtection(rule.trainProtect), writeProtection(DEFAULT_RULE.trainProtect));
  put('hand', rule.hand.map((choice) => `${choice.node}:${writeLevel(choice.protection)}`).join(','), '');
  if (rule.model) put('model', `${rule.model.parameters},${rule.model.layers},${rule.model.width}`);
  put('target', linked.target);
  put('task', linked.task);
  put('node', linked.node);
  put('action', linked.action);
  put('view', linked.shape, 'icicle');
  put('colour', linked.colour, 'kind');
  put('by', linked.treeView, 'tokens');
  put('sort', linked.sort, 'signal');
  if (linked.open.memoryTools) put('memory', linked.open.memoryTools.join(','));
  put('block', linked.open.maxNodeTokens);
  // These need no escape in a hash, and a link is read by people too.
  const text = out.toString().replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%3D', '=');
  return text === '' ? '' : `#${text}`;
}

/** Reads what `writeHash` wrote. */
export function readHash(hash: string): Linked {
  const words = new URLSearchParams(hash.replace(/^#/, ''));
  const rule: Record<string, unknown> = {};
  for (const [name, allowed] of Object.entries(WORDS)) {
    const value = words.get(name);
    if (value !== null && (allowed as readonly string[]).includes(value)) rule[name] = value;
  }
  for (const [name, low, high] of [
    ['gamma', 0, 1],
    ['context', 0, 64],
    ['seed', 0, 2 ** 31],
  ] as const) {
    const value = number(words.get(name), low, high);
    if (value !== null) rule[name] = name === 'gamma' ? value : Math.floor(value);
  }
  for (const name of ['protect', 'trainProtect'] as const) {
    const text = words.get(name);
    if (text !== null) rule[name] = readProtection(text);
  }
  const hand = words.get('hand');
  if (hand) rule['hand'] = readHand(hand);
  const [parameters, layers, width] = (words.get('model') ?? '').split(',').map((text) => number(text, 1, 1e15));
  if (parameters && layers && width) rule['model'] = { parameters, layers, width };
  const cut = number(words.get('cut'), 0, 1);
  const train = number(words.get('train'), 0, 1);
  const block = number(words.get('block'), 1, 1e9);
  const memory = words.get('memory');
  return {
    rule,
    budget: cut === null && train === null ? null : { cut: cut ?? 1, train: train ?? 1 },
    open: {
      ...(memory === null ? {} : { memoryTools: memory.split(',').filter(Boolean) }),
      ...(block === null ? {} : { maxNodeTokens: Math.floor(block) }),
    },
    target: oneOf(words.get('target'), TARGETS),
    task: whole(words.get('task')),
    node: whole(words.get('node')),
    action: whole(words.get('action')),
    shape: oneOf(words.get('view'), SHAPES) ?? 'icicle',
    colour: oneOf(words.get('colour'), COLOURS) ?? 'kind',
    treeView: oneOf(words.get('by'), VIEWS) ?? 'tokens',
    sort: oneOf(words.get('sort'), SORTS) ?? 'signal',
  };
}

function writeLevel(protection: Protection): string {
  return protection.level === 'favour' ? `favour:${protection.factor}` : protection.level;
}

function readLevel(level: string | undefined, factor: string | undefined): Protection | null {
  if (level === 'pin' || level === 'off') return { level };
  const value = number(factor ?? '2', 0, 1e6);
  return level === 'favour' && value !== null ? { level, factor: value } : null;
}

/** `tool=favour:2,memory=pin`, or `none`: the same words as the terminal's `--protect`. */
export function writeProtection(rules: ProtectionRules): string {
  const parts = EVENT_KINDS.flatMap((kind) => {
    const protection = rules[kind];
    return protection && protection.level !== 'off' ? [`${kind}=${writeLevel(protection)}`] : [];
  });
  return parts.length === 0 ? 'none' : parts.join(',');
}

export function readProtection(text: string): ProtectionRules {
  const rules: Partial<Record<EventKind, Protection>> = {};
  for (const part of text.split(',')) {
    const [kind, level, factor] = part.split(/[=:]/);
    const known = oneOf(kind ?? '', EVENT_KINDS);
    const protection = readLevel(level, factor);
    if (known && protection) rules[known] = protection;
  }
  return rules;
}

function readHand(text: string): HandProtection[] {
  const chosen: HandProtection[] = [];
  for (const part of text.split(',')) {
    const [node, level, factor] = part.split(':');
    const index = whole(node ?? null);
    const protection = readLevel(level, factor);
    if (index !== null && protection) chosen.push({ node: index, protection });
  }
  return chosen;
}

function oneOf<T extends string>(value: string | null, allowed: readonly T[]): T | null {
  return allowed.find((word) => word === value) ?? null;
}

function number(text: string | null, low: number, high: number): number | null {
  if (text === null || text.trim() === '') return null;
  const value = Number(text);
  return Number.isFinite(value) && value >= low && value <= high ? value : null;
}

function whole(text: string | null): number | null {
  const value = number(text, 0, 2 ** 31);
  return value !== null && Number.isInteger(value) ? value : null;
}
