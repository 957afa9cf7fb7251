/** The rows of the list of top tokens and of that of the most frequent forks. */
import { NONE } from '../../core/model/kinds.ts';
import { locateNodes, nodeKeyOf, type NodeKey } from '../../core/model/node-key.ts';
import { tokenEntropies } from '../../core/signal/entropy.ts';
import { topForks, topTokens } from '../../core/signal/top-tokens.ts';
import type { Tokenizer } from '../../core/tokens/tokenizer.ts';
import { pathTo, taskOf, trajectoryCount } from '../../core/tree/navigate.ts';
import type { TokenContext, TokenMeasure, TopForkRow, TopForksAnswer, TopTokensAnswer, TreePlace } from '../answers/top.ts';
import { ENTROPY_SOURCES, type EntropySource } from '../../core/signal/entropy-source.ts';
import type { Dataset } from '../dataset.ts';
import { turnOf } from '../looking.ts';
import { kindAt, toolAt } from '../naming.ts';
import { keyAt } from '../rollouts/rollout-of.ts';
import type { Keep, Ruling } from '../ruled.ts';
import type { ModelColumns } from '../score/columns.ts';
import { weightsIn } from '../training/shares.ts';
import { contextAt, firstWords, textBefore, trajectoryAt } from './context.ts';

/** Ways of a fork that a row names. */
const MOST_WAYS = 4;

interface Measure {
  /** token -> nats, NaN unknown */
  readonly valueOf: (at: number, node: number) => number;
  readonly sourceOf: (at: number, node: number) => EntropySource;
}

function measureOf({ tokens: { forest } }: Dataset, model: ModelColumns | null, measure: TokenMeasure): Measure {
  const { channels } = forest;
  const logged = (at: number): number => channels.surprisal?.[at] ?? Number.NaN;
  const modelled = (at: number): number => model?.surprisal[at] ?? Number.NaN;
  switch (measure) {
    case 'entropy': {
      const { valueOf, sourceOf } = tokenEntropies(forest, model?.entropy ?? null);
      return { valueOf, sourceOf: (at, node) => ENTROPY_SOURCES[sourceOf(at, node)] ?? 'none' };
    }
    case 'surprisal':
      return {
        valueOf: (at) => (Number.isNaN(logged(at)) ? modelled(at) : logged(at)),
        sourceOf: (at) => (Number.isNaN(logged(at)) ? 'model' : 'logged'),
      };
    case 'mismatch':
      return { valueOf: (at) => logged(at) - modelled(at), sourceOf: () => 'model' };
  }
}

/** @param task null: of the log. @param state of an order on this forest; null: of another one */
export function topTokensAnswer(
  dataset: Dataset,
  model: ModelColumns | null,
  state: { readonly ruling: Ruling; readonly keep: Keep },
  { measure, task, count }: { readonly measure: TokenMeasure; readonly task: number | null; readonly count: number },
): TopTokensAnswer {
  const { forest } = dataset.tokens;
  const { valueOf, sourceOf } = measureOf(dataset, model, measure);
  // Of differences the size counts, whichever is the larger.
  const sizeOf = measure === 'mismatch' ? (at: number, node: number): number => Math.abs(valueOf(at, node)) : valueOf;
  const { tokens, sampled, known } = topTokens(forest, sizeOf, task, count);
  const { ruling, keep } = state;
  const weights = weightsIn(ruling, keep);
  const rows = tokens.map(({ at, node }) => {
    const place = placeOf(dataset, node);
    const offset = at - (forest.edgeStart[node] ?? 0);
    return {
      ...place,
      offset,
      id: forest.edgeTokens[at] ?? 0,
      value: valueOf(at, node),
      source: sourceOf(at, node),
      kind: kindAt(forest, node),
      tool: toolAt(forest, node),
      turn: turnOf(forest, pathTo(forest, node)),
      reach: forest.reachCount[node] ?? 0,
      trajectories: trajectoryCount(forest, place.task),
      kept: (ruling.order.rank[node] ?? 0) < (keep.cut.limit[place.task] ?? 0),
      weight: weights(node)?.[offset] ?? 0,
    };
  });
  return {
    rows,
    sampled,
    known,
    model: rows.some(({ source }) => source === 'model' || source === 'combined') ? (model?.source.name ?? null) : null,
  };
}

function placeOf(dataset: Dataset, node: number): TreePlace {
  const { forest } = dataset.tokens;
  const trajectory = trajectoryAt(forest, node);
  return {
    task: taskOf(forest, node),
    node: nodeKeyOf(forest.keys, node),
    rollout: keyAt(dataset, forest.trajectories.rollout[trajectory] ?? 0),
    branch: forest.trajectories.branch[trajectory] ?? 0,
  };
}

/** In the order asked for; null where there is no such token, or it cannot be decoded. */
export function tokenContexts(
  dataset: Dataset,
  tokenizer: Tokenizer,
  asked: readonly { readonly node: NodeKey; readonly offset: number }[],
): (TokenContext | null)[] {
  const nodes = locateNodes(
    dataset.tokens.forest.keys,
    asked.map(({ node }) => node),
  );
  return asked.map(({ offset }, at) => (nodes[at] === NONE ? null : contextAt(dataset, tokenizer, nodes[at] ?? NONE, offset)));
}

/** @param task null: of the log */
export function topForksAnswer(dataset: Dataset, tokenizer: Tokenizer, task: number | null, count: number): TopForksAnswer {
  const { forks, of } = topForks(dataset.tokens.forest, task, count);
  return { rows: forks.map(({ node, parted }) => forkRow(dataset, tokenizer, node, parted)), of };
}

function forkRow(dataset: Dataset, tokenizer: Tokenizer, node: number, parted: number): TopForkRow {
  const { forest } = dataset.tokens;
  const place = placeOf(dataset, node);
  const children: number[] = [];
  for (let child = node + 1; child < (forest.subtreeEnd[node] ?? 0); child = forest.subtreeEnd[child] ?? Infinity) children.push(child);
  const countOf = (child: number): number => forest.reachCount[child] ?? 0;
  const sorted = children.toSorted((a, b) => countOf(b) - countOf(a));
  const goOn = children.reduce((sum, child) => sum + countOf(child), 0);
  return {
    ...place,
    before: textBefore(dataset, tokenizer, node),
    turn: turnOf(forest, pathTo(forest, node)),
    reach: forest.reachCount[node] ?? 0,
    trajectories: trajectoryCount(forest, place.task),
    parted,
    ways: sorted.slice(0, MOST_WAYS).map((child) => ({
      node: nodeKeyOf(forest.keys, child),
      kind: kindAt(forest, child),
      tool: toolAt(forest, child),
      count: countOf(child),
      words: firstWords(dataset, tokenizer, child),
    })),
    wayCount: children.length,
    moreCount: sorted.slice(MOST_WAYS).reduce((sum, child) => sum + countOf(child), 0),
    ending: (forest.reachCount[node] ?? 0) - goOn,
  };
}
