/**
 * Every setting of a rule, once: what it may be, what it is called, and where it is found. Manifests, `readRule`, the
 * address, the flags of the CLI with their help, and the panel derive from this table. Its order is that of a rule's
 * members in a manifest.
 */
import { EVENT_KINDS } from '../model/protection.ts';
import { STRATEGIES } from '../prune/strategies.ts';
import { TRAIN_METHODS } from '../prune/train-methods.ts';
import { ADVANTAGES } from '../signal/advantages.ts';
import { FILLS } from '../signal/fill.ts';
import { RANKINGS } from '../signal/rankings.ts';
import { SIGNALS } from '../signal/signals.ts';
import { acts } from './acts-field.ts';
import { choice, number, type AnyField } from './field.ts';
import { hand } from './hand-field.ts';
import { protection } from './protection-field.ts';
import { DEFAULT_TRUTHS } from '../truths/settings.ts';
import { shape } from './shape-field.ts';
import { truths } from './truths-field.ts';

export const RULE_FIELDS = {
  strategy: choice({
    label: 'Strategy',
    help: 'which nodes are kept first',
    values: STRATEGIES,
    default: STRATEGIES[0].id,
    flag: 'strategy',
    placeholder: 'NAME',
    address: 'strategy',
    panel: 'main',
  }),
  signal: choice({
    label: 'Signal',
    help: 'what a sampled token is worth',
    values: SIGNALS,
    default: SIGNALS[0].id,
    flag: 'signal',
    placeholder: 'NAME',
    address: 'signal',
    panel: 'more',
  }),
  fill: choice({
    label: 'Unknown values',
    help: 'what a sampled token counts whose signal is not known, next to others whose is',
    values: FILLS,
    default: FILLS[0].id,
    flag: 'fill',
    placeholder: 'HOW',
    address: 'fill',
    panel: 'more',
  }),
  ranking: choice({
    label: 'Ranking',
    help: 'what best-first ranks nodes by',
    values: RANKINGS,
    default: RANKINGS[0].id,
    flag: 'ranking',
    placeholder: 'NAME',
    address: 'ranking',
    panel: 'more',
  }),
  mode: choice({
    label: 'Mode',
    help: 'the training that the signal is for',
    values: [
      { id: 'sft', label: 'SFT', help: 'Signal is coefficient × what its tokens are worth' },
      { id: 'rl', label: 'RL', help: 'The same × |mean advantage|' },
    ],
    default: 'sft',
    segments: true,
    flag: 'mode',
    placeholder: 'MODE',
    address: 'mode',
    panel: 'main',
  }),
  outcome: choice({
    label: 'Rollouts',
    help: 'which rollouts may carry loss',
    values: [
      { id: 'all', label: 'all', help: 'Whatever their reward.' },
      {
        id: 'successes',
        label: 'successes only',
        help: 'Those with a reward above 0, an unknown one being none; all, where the log has no rewards.',
      },
    ],
    default: 'all',
    flag: 'outcome',
    placeholder: 'WHICH',
    address: 'outcome',
    panel: 'more',
  }),
  gamma: number({
    label: 'γ',
    spoken: 'Gamma',
    help: 'how much of the entropy below a node counts towards it, 0 to 1',
    low: 0,
    high: 1,
    step: 0.05,
    default: 1,
    flag: 'gamma',
    placeholder: 'G',
    address: 'gamma',
    panel: 'more',
  }),
  aggregate: choice({
    label: 'Entropy of a node',
    help: 'how the entropy of a node is computed from its tokens',
    values: [
      { id: 'sum', label: 'sum over tokens', help: 'Long nodes weigh more.' },
      { id: 'mean', label: 'mean over tokens', help: 'Long and short nodes weigh the same.' },
      { id: 'top20', label: 'mean of the top 20 %', help: 'The mean of the largest fifth of its tokens.' },
    ],
    default: 'sum',
    flag: 'aggregate',
    placeholder: 'NAME',
    address: 'aggregate',
    panel: 'more',
  }),
  advantage: choice({
    label: 'Advantage',
    help: 'advantage of a trajectory or of its nodes, for RL',
    values: ADVANTAGES,
    default: ADVANTAGES[0].id,
    flag: 'advantage',
    placeholder: 'RULE',
    address: 'advantage',
    panel: 'more',
  }),
  reward: choice({
    label: 'Reward',
    help: 'what advantages, and strategies that go by reward, are computed from',
    values: [
      { id: 'logged', label: 'as logged', help: 'The reward that the log, a file beside it or a person gives.' },
      {
        id: 'relative',
        label: 'relative to ground truths',
        help: 'How near the rollout’s calls and answer come to a ground truth of its task; chosen in the view Ground truths.',
      },
    ],
    default: 'logged',
    flag: 'reward',
    placeholder: 'WHICH',
    address: 'reward',
    panel: 'more',
  }),
  truths: truths({
    label: 'Ground truths',
    help: 'what --reward relative is measured by, such as from=solved,tools=log (espalier study truths --help)',
    example: DEFAULT_TRUTHS,
    flag: 'truths',
    placeholder: 'SETTINGS',
    address: 'truths',
    panel: 'elsewhere',
  }),
  reachBy: choice({
    label: 'Reach by',
    help: 'what a node’s reach is based on',
    values: [
      { id: 'tokens', label: 'shared tokens', help: 'The share of the task’s trajectories that pass the node.' },
      { id: 'actions', label: 'shared actions', help: 'The share of trajectories that did the same things up to there.' },
      { id: 'policy', label: 'the policy’s probabilities', help: 'The path’s probability, normalised by its length.' },
    ],
    default: 'tokens',
    flag: 'reach',
    placeholder: 'BY',
    address: 'reachBy',
    panel: 'more',
  }),
  weighBy: choice({
    label: 'Weigh',
    help: 'what carries equal weight',
    values: [
      { id: 'task', label: 'every task alike', help: 'Tasks with few trajectories count as much as others.' },
      { id: 'trajectory', label: 'every trajectory alike', help: 'Tasks count in proportion to their trajectories.' },
    ],
    default: 'task',
    flag: 'weigh',
    placeholder: 'BY',
    address: 'weighBy',
    panel: 'more',
  }),
  divisor: choice({
    label: 'Divide by',
    help: 'what a token’s coefficient divides by',
    values: [
      {
        id: 'trajectories',
        label: 'trajectories of the task',
        help: 'One rollout whose log holds six calls counts as six, so its tokens weigh a sixth.',
      },
      {
        id: 'rollouts',
        label: 'rollouts of the task',
        help: 'A token sampled once in each rollout weighs 1, however many calls its log holds.',
      },
    ],
    default: 'trajectories',
    flag: 'divisor',
    placeholder: 'BY',
    address: 'divisor',
    panel: 'more',
  }),
  unit: choice({
    label: 'Unit of the budget',
    help: 'what the budget counts',
    values: [
      { id: 'distinct', label: 'distinct tokens', help: 'Forward tokens, each shared prefix once.' },
      { id: 'flat', label: 'flat tokens', help: 'Summed over kept branches, as if each were written out.' },
      { id: 'flops', label: 'FLOPs', help: 'Estimated forward cost from a model shape.', needs: 'model' },
    ],
    default: 'distinct',
    flag: 'unit',
    placeholder: 'UNIT',
    address: 'unit',
    panel: 'cost',
  }),
  scope: choice({
    label: 'Scope',
    help: 'one budget for all tasks, or the same share of each',
    values: [
      { id: 'global', label: 'one budget over all tasks', help: 'Tasks compete for it.' },
      { id: 'task', label: 'the same share for each task', help: 'Every task keeps that share.' },
    ],
    default: 'global',
    flag: 'scope',
    placeholder: 'SCOPE',
    address: 'scope',
    panel: 'more',
  }),
  train: choice({
    label: 'Loss on',
    help: 'which sampled tokens of the cut carry loss first',
    values: TRAIN_METHODS,
    default: TRAIN_METHODS[0].id,
    flag: 'train',
    placeholder: 'NAME',
    address: 'trainBy',
    panel: 'main',
  }),
  floor: number({
    label: 'Least probability',
    help: 'least probability of an unbiased draw, as a share of that of a token of mean worth; it keeps weights bounded',
    low: 0.001,
    high: 1,
    step: 0.01,
    default: 0.05,
    flag: 'floor',
    placeholder: 'SHARE',
    address: 'floor',
    panel: 'more',
  }),
  protect: protection({
    label: 'in the cut',
    help: `events favoured or pinned in the cut, such as memory=pin,tool=favour:2 or none; events: ${EVENT_KINDS.join(', ')}`,
    default: { tool: { level: 'favour', factor: 2 }, final: { level: 'favour', factor: 2 }, memory: { level: 'favour', factor: 2 } },
    flag: 'protect',
    placeholder: 'RULES',
    address: 'protect',
    panel: 'protect',
  }),
  trainProtect: protection({
    label: 'in training',
    help: 'the same, for training',
    default: { tool: { level: 'pin' }, memory: { level: 'pin' }, final: { level: 'pin' } },
    flag: 'train-protect',
    placeholder: 'RULES',
    address: 'trainProtect',
    panel: 'protect',
  }),
  hand: hand({
    label: 'by hand',
    help: 'single nodes of the token tree that are protected, by their keys, such as 0123456789abcdef:pin,fedcba9876543210:favour:2',
    default: [],
    flag: 'hand',
    placeholder: 'KEYS',
    address: 'hand',
    panel: 'elsewhere',
  }),
  acts: acts({
    label: 'Acts',
    help: 'what is said of rollouts and nodes, line by line',
    default: [],
    flag: null,
    placeholder: '',
    address: 'acts',
    panel: 'elsewhere',
  }),
  context: number({
    label: 'Local context',
    spoken: 'Local context in segments',
    help: 'segments kept after a kept protected node',
    low: 0,
    high: Number.MAX_SAFE_INTEGER,
    isInteger: true,
    unit: 'segment',
    default: 1,
    flag: 'context',
    placeholder: 'N',
    address: 'context',
    panel: 'more',
  }),
  seed: number({
    label: 'Seed',
    help: 'seed of everything random',
    low: Number.MIN_SAFE_INTEGER,
    high: Number.MAX_SAFE_INTEGER,
    isInteger: true,
    default: 0,
    flag: 'seed',
    placeholder: 'N',
    address: 'seed',
    panel: 'more',
  }),
  model: shape({
    label: 'Model shape',
    help: 'model that FLOPs are estimated for: PARAMETERS,LAYERS,WIDTH',
    // A common 8-billion-parameter decoder, so that the unit means something before the person names theirs.
    example: { parameters: 8e9, layers: 32, width: 4096 },
    flag: 'model',
    placeholder: 'SHAPE',
    address: 'model',
    panel: 'elsewhere',
  }),
} as const;

export type RuleFields = typeof RULE_FIELDS;
export type RuleFieldName = keyof RuleFields;

/** The table as a list, in its order. */
export const RULE_FIELD_LIST: readonly (AnyField & { readonly name: RuleFieldName })[] = Object.keys(RULE_FIELDS)
  .filter(isFieldName)
  .map((name) => ({ ...RULE_FIELDS[name], name }));

function isFieldName(name: string): name is RuleFieldName {
  return Object.hasOwn(RULE_FIELDS, name);
}
