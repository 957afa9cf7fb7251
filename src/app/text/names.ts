/** What kinds, strategies, units and other settings are called on the screen, with one sentence each. */
import type { EventKind, Ranking, Strategy, Unit } from '../../core/model/rule.ts';
import type { Kind } from '../../core/model/kinds.ts';

/** Name of a kind, and the class that paints it. Kinds without hue share the context neutral. */
export const KIND_NAMES: Readonly<Record<Kind, { readonly name: string; readonly swatch: string }>> = {
  system: { name: 'System', swatch: 'k-context' },
  user: { name: 'User', swatch: 'k-context' },
  text: { name: 'Text', swatch: 'k-text' },
  thinking: { name: 'Thinking', swatch: 'k-think' },
  call: { name: 'Tool call', swatch: 'k-call' },
  result: { name: 'Tool result', swatch: 'k-result' },
  memory: { name: 'Memory', swatch: 'k-memory' },
  summary: { name: 'Summary', swatch: 'k-memory' },
  scaffold: { name: 'Template', swatch: 'k-context' },
};

export const STRATEGY_NAMES: Readonly<Record<Strategy, { readonly name: string; readonly about: string }>> = {
  density: { name: 'density', about: 'Blocks of falling signal per cost: at every block boundary no other cut of that cost retains more.' },
  'best-first': { name: 'best-first', about: 'From the root, always the most important node of the frontier.' },
  random: { name: 'random', about: 'Baseline: uniformly random among the frontier.' },
  'breadth-first': { name: 'breadth-first', about: 'Baseline: level by level, so every branch is truncated at one depth.' },
  reach: { name: 'reach', about: 'Baseline: the most shared prefix first.' },
  'longest-path': { name: 'longest path', about: 'Baseline: whole branches, the longest first.' },
  'top-advantage': { name: 'top |advantage|', about: 'Baseline: whole trajectories, largest |advantage| first.' },
  'max-reward-variance': { name: 'max reward variance', about: 'Baseline: the subset of rollouts whose rewards differ most.' },
};

export const RANKING_NAMES: Readonly<Record<Ranking, { readonly name: string; readonly about: string }>> = {
  importance: { name: 'importance', about: 'Reach × long-term entropy; in RL mode also × |mean advantage|.' },
  surprisal: { name: 'surprisal', about: 'Reach × −log p of the sampled tokens.' },
  'reward-spread': { name: 'reward spread', about: 'How far rewards differ among a node’s children.' },
  reach: { name: 'reach alone', about: 'Share of trajectories that pass.' },
  tokens: { name: 'token count', about: 'Reach × sampled tokens.' },
  uniform: { name: 'uniform', about: 'Every node alike.' },
};

export const UNIT_NAMES: Readonly<Record<Unit, { readonly name: string; readonly about: string }>> = {
  distinct: { name: 'distinct tokens', about: 'Forward tokens, each shared prefix once.' },
  flat: { name: 'flat tokens', about: 'Summed over kept branches, as if each were written out.' },
  flops: { name: 'FLOPs', about: 'Estimated forward cost from a model shape.' },
};

export const EVENT_NAMES: Readonly<Record<EventKind, { readonly name: string; readonly about: string }>> = {
  tool: { name: 'Tool calls', about: 'A call of any tool that is not a memory tool.' },
  result: { name: 'Tool results', about: 'What a tool answered.' },
  memory: { name: 'Memory events', about: 'Calls of memory tools, condensations and summaries.' },
  error: { name: 'Errors', about: 'Results and turns that the log marks as errors.' },
  final: { name: 'Final turns', about: 'The sampled turn that ends a rollout.' },
  thinking: { name: 'Thinking', about: 'Reasoning of the policy.' },
  text: { name: 'Text', about: 'Plain text of the policy.' },
};
