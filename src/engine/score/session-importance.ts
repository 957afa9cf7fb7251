/** How a session comes to node importance: what a rule's scores are made of, kept while it holds, and which way they are computed. */
import type { Forest } from '../../core/model/forest.ts';
import type { PruneRule } from '../../core/model/rule.ts';
import { nodeEntropy } from '../../core/signal/entropy.ts';
import { learningForest } from '../../core/tree/outcome.ts';
import { actionReach } from '../../core/signal/reach.ts';
import type { ComputedScores } from '../../core/signal/score.ts';
import type { Dataset } from '../dataset.ts';
import { makeImportance, type ImportanceChoice, type ImportanceInputs, type ImportanceMeasured } from './importance.ts';
import type { ModelColumns } from './columns.ts';
import type { Scorer } from './scorer.ts';

/** From this many nodes on the two ways are measured unasked: below, typed arrays take a few milliseconds. */
const LARGE = 100_000;

export interface RuleScores extends Pick<ImportanceInputs, 'entropy' | 'actionReach'> {
  /** From the graph, with its device; null: typed arrays. */
  readonly graph: { readonly computed: ComputedScores; readonly device: string } | null;
}

/** Made from nothing at hand. */
export function ruleScores({ tokens, actions, whole }: Dataset, rule: PruneRule, model: ModelColumns | null): RuleScores {
  const forest = learningForest(tokens.forest, rule.outcome, whole?.hasRewards);
  return {
    entropy: nodeEntropy(forest, rule.aggregate, model?.entropy ?? null),
    actionReach: rule.reachBy === 'actions' ? actionReach(forest, actions) : null,
    graph: null,
  };
}

const learning = new WeakMap<Forest, Dataset>();

/** The dataset with its forest as far as it may train; the same one whenever it is asked for again. */
function learningDataset(dataset: Dataset, outcome: PruneRule['outcome']): Dataset {
  const forest = learningForest(dataset.tokens.forest, outcome);
  if (forest === dataset.tokens.forest) return dataset;
  const known = learning.get(forest) ?? { ...dataset, tokens: { ...dataset.tokens, forest } };
  learning.set(forest, known);
  return known;
}

export interface SessionImportance {
  /** For an order: at hand from `prepare`, or what typed arrays need. */
  inputs(dataset: Dataset, rule: PruneRule, model: ModelColumns | null, key: string): RuleScores;
  /** Computes by the graph ahead of an order where that is the way for this forest. */
  prepare(dataset: Dataset, rule: PruneRule, model: () => ModelColumns | null, key: string): Promise<void>;
  /** Compares the two ways on this forest and rule. */
  measure(dataset: Dataset, rule: PruneRule, model: ModelColumns | null): Promise<ImportanceMeasured>;
  choose(choice: ImportanceChoice): void;
  /** Another model, hence perhaps another device. */
  forget(): void;
}

export function makeSessionImportance(scorer: Scorer): SessionImportance {
  const importance = makeImportance(scorer);
  let entropy: {
    readonly forest: Forest;
    readonly aggregate: string;
    readonly model: Float32Array | null;
    readonly value: RuleScores['entropy'];
  } | null = null;
  let actions: { readonly dataset: Dataset; readonly value: Float64Array } | null = null;
  let ready: { readonly key: string; readonly graph: NonNullable<RuleScores['graph']> } | null = null;
  let triedOn: Dataset | null = null;

  function inputsOf(whole: Dataset, rule: PruneRule, columns: ModelColumns | null): ImportanceInputs {
    const dataset = learningDataset(whole, rule.outcome);
    const { forest } = dataset.tokens;
    const model = columns?.entropy ?? null;
    if (entropy?.forest !== forest || entropy.aggregate !== rule.aggregate || entropy.model !== model) {
      entropy = { forest, aggregate: rule.aggregate, model, value: nodeEntropy(forest, rule.aggregate, model) };
    }
    if (rule.reachBy === 'actions' && actions?.dataset !== dataset) actions = { dataset, value: actionReach(forest, dataset.actions) };
    return { dataset, rule, entropy: entropy.value, model, actionReach: actions?.dataset === dataset ? actions.value : null };
  }

  return {
    inputs(dataset, rule, model, key) {
      const found = inputsOf(dataset, rule, model);
      const graph = ready?.key === key ? ready.graph : null;
      // The order holds them from now on.
      ready = null;
      return { entropy: found.entropy, actionReach: found.actionReach, graph };
    },
    async prepare(dataset, rule, model, key) {
      if (!dataset.complete) return;
      const own = learningDataset(dataset, rule.outcome);
      if (importance.usesGraph(own)) {
        const graph = await importance.scores(inputsOf(dataset, rule, model()));
        ready = graph && { key, graph };
        return;
      }
      ready = null;
      const measurable =
        importance.choice === 'auto' && triedOn !== own && dataset.tokens.forest.length >= LARGE && rule.aggregate !== 'top20';
      if (!measurable) return;
      triedOn = own;
      // After the order that is being asked for: the next one profits.
      setTimeout(() => void importance.measure(inputsOf(dataset, rule, model()), true).catch(() => undefined), 0);
    },
    measure: (dataset, rule, model) => importance.measure(inputsOf(dataset, rule, model), false),
    choose(choice) {
      importance.choose(choice);
      ready = null;
    },
    forget() {
      importance.forget();
      triedOn = null;
    },
  };
}
