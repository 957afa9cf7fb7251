/** Which sketches of gradients a run computes beside scores, and what is made of them. */
import { chooseSketches, missingSketches, SKETCH_LIMITS, type SketchChoice } from '../../core/gradient/choose.ts';
import { SKETCH_DIM } from '../../core/gradient/sketch.ts';
import type { Sketches, SketchSource } from '../../core/gradient/store.ts';
import type { Forest } from '../../core/model/forest.ts';
import type { MappedTree } from '../../core/score/map.ts';
import type { ScorePlan } from '../../core/score/plan.ts';
import type { SketchWish } from '../../core/score/run.ts';
import type { Dataset } from '../dataset.ts';
import type { Held } from './model-columns.ts';
import type { ModelFacts } from './scorer.ts';
import { makeSketchTaker, mappedWish, type SketchTaker } from './take-sketches.ts';

export interface SketchEstimate extends SketchSource {
  /** Kept in all, and the shares of the sampled tokens and nodes that they are. */
  readonly tokens: number;
  readonly nodes: number;
  readonly tokenShare: number;
  readonly nodeShare: number;
  /** At rest and in a file. */
  readonly bytes: number;
}

export interface SketchPlan {
  readonly choice: SketchChoice;
  /** edge token -> 1 where a sketch is still to be computed */
  readonly missing: Uint8Array<ArrayBuffer>;
}

export function planSketches(forest: Forest, have: Sketches | null): SketchPlan {
  const choice = chooseSketches(forest, SKETCH_LIMITS);
  return { choice, missing: missingSketches(forest, choice, have) };
}

interface Work {
  readonly dataset: Dataset;
  readonly model: ModelFacts;
  readonly plan: ScorePlan;
  readonly mapped: MappedTree | null;
}

/** For one run. @param before the sketches that are there */
export function startSketches(
  { choice, missing }: SketchPlan,
  { dataset, model, plan, mapped }: Work,
  before: Sketches | null,
): SketchTaker & { readonly wish: SketchWish } {
  const { forest } = dataset.tokens;
  const wish = { dim: SKETCH_DIM, wanted: mapped === null ? missing : mappedWish(mapped, forest, missing) };
  const asked = plan.queryTarget.filter((at) => wish.wanted[at] === 1);
  return { wish, ...makeSketchTaker({ forest, mapped, choice, dim: SKETCH_DIM, source: model.sketched, asked, before }) };
}

/** What columns have of the model's sketches, where these are of the same. */
export function sketchesOf(columns: Held | null, { sketched }: ModelFacts): Sketches | null {
  const sketches = columns?.sketches ?? null;
  return sketches !== null && sketches.of === sketched.of && sketches.dim === SKETCH_DIM ? sketches : null;
}

export function sketchEstimate(choice: SketchChoice, { sketched }: ModelFacts): SketchEstimate {
  const taken = (marks: Uint8Array): number => marks.reduce((sum, mark) => sum + mark, 0);
  const [tokens, nodes] = [taken(choice.tokens), taken(choice.nodes)];
  const bytes = (tokens + nodes) * (2 * SKETCH_DIM + 8);
  return { ...sketched, tokens, nodes, tokenShare: choice.tokenShare, nodeShare: choice.nodeShare, bytes };
}
