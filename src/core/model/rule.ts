/** Settings that decide figures. All of them appear in the manifest. */

export type Mode = 'sft' | 'rl';
export type Unit = 'distinct' | 'flat' | 'flops';
export type Scope = 'global' | 'task';
export type ReachBy = 'tokens' | 'actions' | 'policy';
export const STRATEGIES = [
  'density',
  'best-first',
  'random',
  'breadth-first',
  'reach',
  'longest-path',
  'top-advantage',
  'max-reward-variance',
] as const;
export type Strategy = (typeof STRATEGIES)[number];
export const RANKINGS = ['importance', 'surprisal', 'reward-spread', 'reach', 'tokens', 'uniform'] as const;
export type Ranking = (typeof RANKINGS)[number];
export type AdvantageRule = 'logged' | 'grpo' | 'dr-grpo' | 'rloo';
export type EntropyAggregate = 'sum' | 'mean' | 'top20';

/** Events that can be protected. */
export const EVENT_KINDS = ['tool', 'result', 'memory', 'error', 'final', 'thinking', 'text'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];
export type Protection = { readonly level: 'off' } | { readonly level: 'favour'; readonly factor: number } | { readonly level: 'pin' };
/** Event kinds that are not named are off. */
export type ProtectionRules = Readonly<Partial<Record<EventKind, Protection>>>;

/** A node chosen by hand. Its number is the same whenever the same inputs are read with the same settings. */
export interface HandProtection {
  readonly node: number;
  readonly protection: Protection;
}

/** Everything that an order of nodes depends on, except the forest. */
export interface PruneRule {
  readonly strategy: Strategy;
  readonly ranking: Ranking;
  readonly mode: Mode;
  readonly gamma: number;
  readonly aggregate: EntropyAggregate;
  readonly advantage: AdvantageRule;
  readonly reachBy: ReachBy;
  /** 'task': every task weighs the same. 'trajectory': every trajectory does. */
  readonly weighBy: 'task' | 'trajectory';
  readonly unit: Unit;
  readonly scope: Scope;
  readonly protect: ProtectionRules;
  readonly trainProtect: ProtectionRules;
  readonly hand: readonly HandProtection[];
  /** Segments kept after a kept protected node. */
  readonly context: number;
  readonly seed: number;
  readonly model?: ModelShape;
}

/** For FLOPs: forward cost per token is 2·parameters + 4·layers·width·position. */
export interface ModelShape {
  readonly parameters: number;
  readonly layers: number;
  readonly width: number;
}

export interface Budget {
  /** Share of the total cost that the cut may keep, 0..1. */
  readonly cut: number;
  /** Share of the kept sampled tokens that may carry loss, 0..1. */
  readonly train: number;
}

export const DEFAULT_RULE: PruneRule = {
  strategy: 'density',
  ranking: 'importance',
  mode: 'sft',
  gamma: 1,
  aggregate: 'sum',
  advantage: 'grpo',
  reachBy: 'tokens',
  weighBy: 'task',
  unit: 'distinct',
  scope: 'global',
  protect: { tool: { level: 'favour', factor: 2 }, final: { level: 'favour', factor: 2 }, memory: { level: 'pin' } },
  trainProtect: { tool: { level: 'pin' }, memory: { level: 'pin' }, final: { level: 'pin' } },
  hand: [],
  context: 1,
  seed: 0,
};
