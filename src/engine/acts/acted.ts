/** The acts of a rule on a dataset: what each line names there, and the forests, with the rewards, that the rule then works on. */
import { actedForest } from '../../core/acts/acted-forest.ts';
import type { Act } from '../../core/acts/act.ts';
import { resolveActs, type ActMatch, type ResolvedActs } from '../../core/acts/resolve.ts';
import { withoutDropped } from '../../core/acts/exclude.ts';
import { NONE } from '../../core/model/kinds.ts';
import { locateNodes } from '../../core/model/node-key.ts';
import type { PruneRule } from '../../core/model/rule.ts';
import { rolloutKeyOf } from '../../core/rollouts/rollout-key.ts';
import type { ActFacts, ActsAnswer } from '../answers/acts.ts';
import { withRelativeRewards } from '../../core/signal/ruled-reward.ts';
import type { RelativeFacts } from '../answers/truths.ts';
import type { Dataset } from '../dataset.ts';
import { relativeKey, relativeRewardsOf, type RelativeRewards } from '../studies/truths/relative-rewards.ts';
import type { ModelColumns } from '../score/columns.ts';
import type { Notes } from '../../core/notes/notes.ts';
import { saidOn } from '../rollouts/said-on.ts';
import { matchWhere } from './match-where.ts';

export interface Acted {
  /** The dataset with its forests as acts leave them; itself where they change nothing. Rows stay where they are. */
  readonly dataset: Dataset;
  /** Null where no line is on. Lines are those of the rule. */
  readonly resolved: ResolvedActs | null;
  readonly answer: ActsAnswer;
  /** Null where the rule goes by the log's rewards. */
  readonly relative: RelativeFacts | null;
}

/** Stacks held for a dataset: those of the page's undo. */
const HELD = 6;
type Held = Acted & { readonly model: ModelColumns | null; readonly notes: Notes };
const held = new WeakMap<Dataset, Map<string, Held>>();

/**
 * The same object whenever it is asked for again. O(lines · (rollouts + nodes)). Throws `NotScanned` where a filter looks for text
 * that nobody has looked for yet (`match-where.ts`), and where relative rewards have not been measured yet.
 */
export function actedOf(dataset: Dataset, rule: Pick<PruneRule, 'acts' | 'reward' | 'truths'>, model: ModelColumns | null): Acted {
  const { acts } = rule;
  const stacks = held.get(dataset) ?? new Map<string, Held>();
  held.set(dataset, stacks);
  // Names decide nothing.
  const key = JSON.stringify([relativeKey(rule), acts.map((act) => ({ ...act, name: undefined }))]);
  const known = stacks.get(key);
  const { notes } = saidOn(dataset);
  if (known !== undefined && known.model === model && known.notes === notes) return known;
  const made = { ...rewarded(apply(dataset, acts, model), relativeRewardsOf(dataset, rule)), model, notes };
  stacks.delete(key);
  stacks.set(key, made);
  for (const oldest of stacks.keys()) if (stacks.size > HELD) stacks.delete(oldest);
  return made;
}

function rewarded(acted: Omit<Acted, 'relative'>, relative: RelativeRewards | null): Acted {
  if (relative === null) return { ...acted, relative: null };
  const { tokens } = acted.dataset;
  const forest = withRelativeRewards(tokens.forest, relative.rewards);
  return { ...acted, dataset: { ...acted.dataset, tokens: { ...tokens, forest } }, relative: relative.facts };
}

function apply(dataset: Dataset, acts: readonly Act[], model: ModelColumns | null): Omit<Acted, 'relative'> {
  const { forest, rollouts } = dataset.tokens;
  const lines = acts.map((act) => lineOf(dataset, act, model));
  const isNothing = lines.every(({ match, fault }) => fault !== null || !match.act.isOn);
  if (isNothing) {
    const none = { total: rollouts.length, dropped: 0, untrained: 0, written: null };
    return { dataset, resolved: null, answer: { lines: lines.map((line) => factsOf(line, 0)), rollouts: none, excludedNodes: 0 } };
  }
  const resolved = resolveActs(
    forest,
    rollouts.length,
    lines.map(({ match }) => match),
  );
  const own = actedForest(forest, resolved);
  const acted =
    own === forest
      ? dataset
      : {
          ...dataset,
          tokens: { ...dataset.tokens, forest: own },
          actions: { ...dataset.actions, forest: withoutDropped(dataset.actions.forest, resolved.dropped, null) },
        };
  const count = (mask: Uint8Array | null | undefined): number => mask?.reduce((sum, is) => sum + is, 0) ?? 0;
  return {
    dataset: acted,
    resolved,
    answer: {
      lines: lines.map((line, at) => factsOf(line, overruled(line, at, resolved))),
      rollouts: {
        total: rollouts.length,
        dropped: count(resolved.dropped),
        untrained: count(resolved.untrained),
        written: resolved.written === null ? null : count(resolved.written),
      },
      excludedNodes: count(own.excluded),
    },
  };
}

interface Line {
  readonly match: ActMatch;
  readonly elsewhere: number;
  readonly fault: string | null;
}

/** A line whose filter cannot be asked here is off. */
function lineOf(dataset: Dataset, act: Act, model: ModelColumns | null): Line {
  if (act.nodes !== undefined) {
    const found = locateNodes(dataset.tokens.forest.keys, act.nodes);
    const nodes = found.filter((n) => n !== NONE);
    return { match: { act, rollouts: null, nodes }, elsewhere: found.length - nodes.length, fault: null };
  }
  if (act.rollouts !== undefined) {
    const wanted = new Set(act.rollouts);
    const { rollouts } = dataset.tokens;
    const isNamed = Uint8Array.from(rollouts, (row) =>
      wanted.delete(rolloutKeyOf(dataset.opening.inputs[row.source]?.path ?? '', row)) ? 1 : 0,
    );
    return { match: { act, rollouts: isNamed, nodes: null }, elsewhere: wanted.size, fault: null };
  }
  if (act.where === undefined) {
    return { match: { act, rollouts: new Uint8Array(dataset.tokens.rollouts.length).fill(1), nodes: null }, elsewhere: 0, fault: null };
  }
  const found = matchWhere(dataset, act.where, model, act.isOn);
  if (found.ok) return { match: { act, rollouts: found.taken, nodes: null }, elsewhere: 0, fault: null };
  const none = new Uint8Array(dataset.tokens.rollouts.length);
  return { match: { act: { ...act, isOn: false }, rollouts: none, nodes: null }, elsewhere: 0, fault: found.fault };
}

function factsOf({ match: { rollouts, nodes }, elsewhere, fault }: Line, overruledBy: number): ActFacts {
  return {
    rollouts: rollouts === null ? null : rollouts.reduce((sum, is) => sum + is, 0),
    nodes: nodes?.length ?? null,
    overruled: overruledBy,
    elsewhere,
    fault,
  };
}

function overruled({ match: { act, rollouts, nodes } }: Line, at: number, resolved: ResolvedActs): number {
  if (!act.isOn) return 0;
  const { lineOfRollout, lineOfNode, written } = resolved;
  if (nodes !== null) return nodes.reduce((sum, n) => sum + (lineOfNode[n] === at ? 0 : 1), 0);
  const isLimit = act.verb === 'keep' || act.verb === 'best';
  const isOverruled = (r: number): boolean => (isLimit ? written?.[r] === 0 : lineOfRollout[r] !== at);
  return rollouts?.reduce((sum, is, r) => sum + (is === 1 && isOverruled(r) ? 1 : 0), 0) ?? 0;
}
