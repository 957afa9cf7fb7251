/**
 * Two ways to node importance: typed arrays in this thread, or one ONNX graph on the device of the loaded language
 * model. Which is faster depends on the forest and the device, so it is measured on both, and the faster one is used.
 */
import type { PruneRule } from '../../core/model/rule.ts';
import type { NodeEntropy } from '../../core/signal/entropy.ts';
import { importanceGraph } from '../../core/signal/importance-graph.ts';
import {
  entropyColumns,
  graphShape,
  ruleColumns,
  structureColumns,
  type GraphColumns,
  type Structure,
} from '../../core/signal/importance-inputs.ts';
import { AGREE_RELATIVE, readOutput, scoresError } from '../../core/signal/importance-output.ts';
import { isPerTrajectory, nodeAdvantages, trajectoryAdvantages } from '../../core/signal/advantage.ts';
import { tokenReach } from '../../core/signal/reach.ts';
import { computeScores, givenReach, sampledEntropy, taskWeights, type ComputedScores } from '../../core/signal/score.ts';
import type { Dataset } from '../dataset.ts';
import type { GraphGroup } from './graph-runner.ts';
import { writeOnnx } from './onnx-writer.ts';
import type { Scorer } from './scorer.ts';

/** `auto`: the graph where it was measured to be faster on this forest. */
export type ImportanceChoice = 'auto' | 'typed arrays' | 'graph';

export interface ImportanceTiming {
  readonly nodes: number;
  /** Milliseconds for one change of the rule, entropy of nodes being at hand in both. */
  readonly typedMs: number;
  readonly graphMs: number;
  /** For example `webgpu (nvidia ada)`. */
  readonly device: string;
  /** Largest relative difference of any score. */
  readonly error: number;
  readonly agrees: boolean;
}

export type ImportanceMeasured = { readonly ok: true; readonly timing: ImportanceTiming } | { readonly ok: false; readonly reason: string };

/** What scores are computed from. */
export interface ImportanceInputs {
  readonly dataset: Dataset;
  readonly rule: PruneRule;
  readonly entropy: NodeEntropy;
  /** Entropy by a model, parallel to edge tokens; it does not change. */
  readonly model: Float32Array | null;
  readonly actionReach: Float64Array | null;
}

export interface Importance {
  readonly choice: ImportanceChoice;
  choose(choice: ImportanceChoice): void;
  /** Whether scores for this dataset would come from the graph. */
  usesGraph(dataset: Dataset): boolean;
  /**
   * Both ways once, after a first run that compiles and uploads. @param unasked a software adapter, which is slow and
   * keeps the processor busy, is left alone
   */
  measure(inputs: ImportanceInputs, unasked: boolean): Promise<ImportanceMeasured>;
  /** By the graph; null where it cannot: then the typed arrays stand in. */
  scores(inputs: ImportanceInputs): Promise<{ readonly computed: ComputedScores; readonly device: string } | null>;
  /** The device is another, or gone: nothing is held there, and what was measured no longer holds. */
  forget(): void;
}

export function makeImportance(scorer: Scorer): Importance {
  let choice: ImportanceChoice = 'auto';
  let timing: ImportanceTiming | null = null;
  let timed: Dataset | null = null;
  let known: { readonly dataset: Dataset; readonly structure: Structure } | null = null;
  /** group -> what its columns were made of, as last sent */
  const sent = new Map<string, { readonly key: string; readonly made: readonly unknown[] }>();
  let counter = 0;

  const forget = (): void => {
    sent.clear();
    timing = null;
    timed = null;
  };
  /** Columns are made and sent anew only where what they are made of has changed. */
  const group = (name: string, made: readonly unknown[], columns: () => GraphColumns): GraphGroup => {
    const last = sent.get(name);
    if (last && last.made.every((value, i) => value === made[i])) return { name, key: last.key, columns: null };
    const key = `${name} ${++counter}`;
    sent.set(name, { key, made });
    return { name, key, columns: columns() };
  };

  async function run(
    { dataset, rule, entropy, model, actionReach }: ImportanceInputs,
    unasked = false,
  ): Promise<{ values: Float32Array; device: string } | string> {
    const { forest } = dataset.tokens;
    if (forest.length === 0 || forest.trajectories.length === 0) return 'the forest is empty';
    if (known?.dataset !== dataset) known = { dataset, structure: structureColumns(forest) };
    const { structure } = known;
    const shape = graphShape(rule.aggregate, structure);
    if (shape === null) return 'the mean of the largest fifth needs a sort within each node, which the graph does not do';
    if (!isPerTrajectory(rule.advantage)) return 'advantages that differ from node to node are not summed by the graph';
    const reach = givenReach(forest, rule, actionReach);
    const groups = [
      group('structure', [dataset], () => structure.columns),
      group('entropy', [dataset, model, rule.fill], () => entropyColumns(forest, model, entropy, rule.fill)),
      { name: 'rule', key: `rule ${++counter}`, columns: ruleColumns(forest, rule, structure, reach, taskWeights(forest, rule)) },
    ];
    const reply = await scorer.graph({
      key: JSON.stringify(shape),
      onnx: writeOnnx(importanceGraph(shape)),
      output: 'scores',
      groups,
      unasked,
    });
    if (reply.ok) return reply;
    // What is held there now is not known.
    sent.clear();
    return reply.reason;
  }

  return {
    get choice() {
      return choice;
    },
    choose(next) {
      choice = next;
    },
    usesGraph(dataset) {
      if (choice !== 'auto') return choice === 'graph';
      return timing !== null && timed === dataset && timing.agrees && timing.graphMs < timing.typedMs;
    },
    async measure(inputs, unasked) {
      const first = await run(inputs, unasked);
      if (typeof first === 'string') return { ok: false, reason: first };
      let begun = performance.now();
      const second = await run(inputs);
      const graphMs = performance.now() - begun;
      if (typeof second === 'string') return { ok: false, reason: second };
      typedScores(inputs);
      begun = performance.now();
      const typed = typedScores(inputs);
      const typedMs = performance.now() - begun;
      const { forest } = inputs.dataset.tokens;
      const nodes = forest.length;
      const advantage = inputs.rule.mode === 'rl' ? trajectoryAdvantages(forest, inputs.rule.advantage) : null;
      const error = scoresError(typed, readOutput(second.values, nodes), taskWeights(forest, inputs.rule), advantage);
      timing = { nodes, typedMs, graphMs, device: second.device, error, agrees: error <= AGREE_RELATIVE };
      timed = inputs.dataset;
      return { ok: true, timing };
    },
    async scores(inputs) {
      const found = await run(inputs);
      return typeof found === 'string'
        ? null
        : { computed: readOutput(found.values, inputs.dataset.tokens.forest.length), device: found.device };
    },
    forget,
  };
}

/** The typed-array path on the same inputs. */
function typedScores({ dataset, rule, entropy, actionReach }: ImportanceInputs): ComputedScores {
  const { forest } = dataset.tokens;
  const advantage = trajectoryAdvantages(forest, rule.advantage);
  return computeScores(forest, rule, {
    h: sampledEntropy(forest, rule.aggregate, entropy, undefined, rule.fill),
    taskWeight: taskWeights(forest, rule),
    reach: givenReach(forest, rule, actionReach) ?? tokenReach(forest),
    meanAdvantage: nodeAdvantages(forest, rule.advantage, advantage, dataset.actions),
    usesAdvantage: rule.mode === 'rl' && advantage.some((value) => !Number.isNaN(value)),
  });
}
