/** The ground truths of each task: from references of the log and of files beside it, or from rollouts of the task. */
import type { ReferenceAction, RolloutReference } from '../../../core/model/side-facts.ts';
import { ungrouped } from '../../../core/rollouts/regard.ts';
import { rolloutKeyOf } from '../../../core/rollouts/rollout-key.ts';
import { canonicalValue } from '../../../core/truths/canonical.ts';
import { asTruth, type TrueArgument, type TrueCall } from '../../../core/truths/calls.ts';
import type { TruthSettings } from '../../../core/truths/settings.ts';
import { isList, isObject, parseJson } from '../../../formats/json.ts';
import { pythonCall } from '../../../formats/python-call.ts';
import type { Dataset } from '../../dataset.ts';
import { saidOn } from '../../rollouts/said-on.ts';
import type { MadeCalls } from '../../surveys/made-calls.ts';
import { taskSides } from '../../task-side.ts';

export interface Truth {
  readonly calls: readonly TrueCall[];
  readonly answer: string | null;
  /** Changed lines of a final patch; null: of a reference, or of rollouts that handed in none. */
  readonly patch: readonly string[] | null;
  /** Those that do just this, ascending; none: a reference. */
  readonly rollouts: readonly number[];
}

export interface GatheredTruths {
  readonly from: Exclude<TruthSettings['from'], 'auto'>;
  /** task -> its ground truths, each once */
  readonly of: readonly (readonly Truth[])[];
  readonly elsewhere: number;
}

/** @param task rollout -> task. @param made rollout -> what it did; null: unknown. O(rollouts + references) */
export function gatherTruths(
  dataset: Dataset,
  task: Int32Array,
  made: readonly (MadeCalls | null)[],
  { from, user, chosen }: TruthSettings,
): GatheredTruths {
  if (from === 'auto' || from === 'references') {
    const of = referencesOf(dataset, task, made, user === 'counted');
    if (from === 'references' || of.some((truths) => truths.length > 0)) return { from: 'references', of, elsewhere: 0 };
  }
  const { rollouts, tasks } = dataset.tokens;
  const keys = new Set(chosen);
  const isTruth = takesRollout(dataset, task, from === 'auto' ? 'solved' : from, keys);
  const of = tasks.map(
    () => new Map<string, { calls: TrueCall[]; answer: string | null; patch: readonly string[] | null; rollouts: number[] }>(),
  );
  for (let r = 0; r < rollouts.length; r++) {
    const own = made[r];
    if (own === null || own === undefined || !isTruth(r)) continue;
    const calls = own.calls.map((call) => asTruth(call));
    const patch = own.patch === null || own.patch.lines.length === 0 ? null : own.patch.lines;
    const key = JSON.stringify([calls, own.answer, patch]);
    const known = of[task[r] ?? 0]?.get(key);
    if (known === undefined) of[task[r] ?? 0]?.set(key, { calls, answer: own.answer, patch, rollouts: [r] });
    else known.rollouts.push(r);
  }
  return {
    from: from === 'auto' ? 'solved' : from,
    of: of.map((truths) => [...truths.values()]),
    elsewhere: from === 'chosen' ? keys.size : 0,
  };
}

/** @param keys those that are found leave it */
function takesRollout(dataset: Dataset, task: Int32Array, from: TruthSettings['from'], keys: Set<string>): (r: number) => boolean {
  const { rollouts, tasks } = dataset.tokens;
  const rewardOf = (r: number): number => rollouts[r]?.reward ?? Number.NaN;
  if (from === 'chosen')
    return (r) => {
      const row = rollouts[r];
      return row !== undefined && keys.delete(rolloutKeyOf(dataset.opening.inputs[row.source]?.path ?? '', row));
    };
  if (from === 'solved') return (r) => rewardOf(r) > 0;
  const best = new Float64Array(tasks.length);
  for (let r = 0; r < rollouts.length; r++) if (rewardOf(r) > (best[task[r] ?? 0] ?? 0)) best[task[r] ?? 0] = rewardOf(r);
  return (r) => rewardOf(r) > 0 && rewardOf(r) === best[task[r] ?? 0];
}

function referencesOf(dataset: Dataset, task: Int32Array, made: readonly (MadeCalls | null)[], withUser: boolean): Truth[][] {
  const sideOf = taskSides(dataset.opening);
  const { group } = saidOn(dataset);
  const found = dataset.tokens.tasks.map(({ key }) => {
    const references = new Map<string, RolloutReference>();
    for (const reference of sideOf(ungrouped(key, group)).references) references.set(keyOf(reference), reference);
    return references;
  });
  for (const [r, own] of made.entries()) if (own?.reference) found[task[r] ?? 0]?.set(keyOf(own.reference), own.reference);
  return found.map((references) =>
    Array.from(references.values(), ({ actions, answer }): Truth => ({
      calls: actions.flatMap((action) => (action.by === 'user' && !withUser ? [] : [trueCall(action)])),
      answer: answer ?? null,
      patch: null,
      rollouts: [],
    })),
  );
}

function keyOf({ actions, answer }: RolloutReference): string {
  return JSON.stringify([actions, answer ?? null]);
}

/** Arguments that are no object are one without a name, as of calls that were made. */
function trueCall({ tool, args, accepts, compares }: ReferenceAction): TrueCall {
  const parsed = parseJson(args);
  const value = parsed.ok ? parsed.value : args;
  return { tool, args: argumentsOf(value, accepts === true), compares: compares ?? null };
}

function argumentsOf(value: unknown, accepts: boolean): readonly TrueArgument[] {
  if (typeof value === 'string') {
    const call = pythonCall(value);
    if (call !== null) return call.args.map(({ name, value: given }) => ({ name, value: canonicalValue(given) }));
  }
  if (!isObject(value)) return [{ name: '', value: canonicalValue(value) }];
  return Object.entries(value).map(([name, each]): TrueArgument => {
    if (!accepts || !isList(each)) return { name, value: canonicalValue(each) };
    return { name, value: canonicalValue(each), accepted: each, mayMiss: each.includes('') };
  });
}
