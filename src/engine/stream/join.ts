/** One manifest of the manifests of parts: what the export of the whole log would have written, to the bit. */
import { effectiveOf } from '../../core/gradient/weights.ts';
import { perCounter, type KeepSummary } from '../../core/prune/counters.ts';
import { sumOf } from '../../core/prune/bound.ts';
import type { ExportFigures } from '../answers/exporting.ts';
import { entropyOf } from '../dataset.ts';
import type { ActsAnswer } from '../answers/acts.ts';
import { effectiveTokens, rewardOf } from '../export/fidelity.ts';
import { actsOf } from '../export/manifest.ts';
import { get, getList, getNumber, getString, isObject } from '../../formats/json.ts';
import { keepWarnings } from '../keep-warnings.ts';
import { entropyText } from '../words/sources.ts';
import type { Part } from './part.ts';
import type { SharedCut } from './shared-budget.ts';
import { joinActs } from './stream-acts.ts';

/** What the whole came to. */
export interface Joined {
  /** Plain data, as a manifest holds it. */
  readonly manifest: unknown;
  readonly summary: KeepSummary;
  /** Tokens that carry loss in what was written. */
  readonly trainingTokens: number;
  /** What the signal is of. */
  readonly signal: string;
  /** Some pin did not fit. */
  readonly isPinUnmet: boolean;
  /** Records longer than the limit. */
  readonly overLong: ExportFigures['overLong'];
  /** What the budget loses. */
  readonly warnings: ReturnType<typeof keepWarnings>;
  /** What lines of acts came to. */
  readonly acts: ActsAnswer;
}

/** What of the whole is known without the parts. */
export interface JoinedFacts {
  readonly inputs: unknown;
  readonly issues: unknown;
  readonly more_issues: unknown;
  readonly outputs: unknown;
}

/**
 * @param manifests of the parts, in the order of tasks, at least one. @param parts the same exports, by their sums
 * @param shared what one budget for all tasks comes to; null: each task has its own
 * Throws where the parts differ in what the whole has only one of.
 */
export function joinManifests(manifests: readonly unknown[], parts: readonly Part[], facts: JoinedFacts, shared: SharedCut | null): Joined {
  const summary = joinSummaries(parts, shared);
  const train = shared === null ? parts.flatMap((part) => part.train) : [shared.train];
  const tokens = total(train.map((set) => set.tokens));
  const unmet = train.flatMap(({ pinsUnmet }) => pinsUnmet ?? []);
  const fidelity = parts.flatMap((part) => part.fidelity);
  const entropy = entropyOf(
    parts.reduce((sum, part) => sum.map((count, i) => count + (part.entropy[i] ?? 0)), new Float64Array(parts[0]?.entropy.length ?? 0)),
    null,
  );
  const known = total(parts.map((part) => part.known));
  const sampled = total(parts.map((part) => part.sampled));
  const dropped = total(parts.map((part) => part.pinnedDropped));
  const signal = parts[0]?.signal ?? '';
  const effective = effectiveOf(parts.flatMap((part) => part.weights));
  const warnings = keepWarnings(summary, tokens);
  const acts = joinActs(parts.map((part) => part.acts));
  const given: Readonly<Record<string, unknown>> = {
    entropy_source: entropyText(entropy),
    entropy_coverage: entropy.coverage,
    'train.budget_tokens': total(train.map(({ budget }) => budget)),
    'train.expected_tokens': total(train.map(({ expected }) => expected)),
    'train.tokens': tokens,
    'train.effective_tokens': effective,
    'totals.cost': { total: summary.cost.total, kept: summary.cost.kept },
    'totals.signal': {
      of: signal,
      ...summary.signal,
      coverage: sampled > 0 ? known / sampled : 1,
      bound_at_cost: summary.signal.bound,
    },
    'fidelity.effective_tokens': effectiveTokens(fidelity),
    'fidelity.reward': rewardOf(fidelity),
    pinned_events_dropped:
      summary.floorUnmet > 0
        ? { nodes: dropped, floor: summary.cost.total > 0 ? summary.cost.floor / summary.cost.total : 0 }
        : { nodes: 0 },
    train_pins_unmet:
      unmet.length === 0 ? null : { pinned: total(unmet.map(({ pinned }) => pinned)), budget: total(unmet.map(({ budget }) => budget)) },
    warnings,
    ...(parts[0] === undefined ? {} : actsOf(parts[0].rule, acts)),
  };
  // As JSON holds them: what is undefined is absent, what is NaN is null.
  const tasks = manifests.flatMap((manifest) => get(get(manifest, 'fidelity'), 'tasks'));
  const plain: unknown = JSON.parse(JSON.stringify(given));
  return {
    manifest: join('', manifests, {
      ...(isObject(plain) ? plain : {}),
      ...facts,
      rewards_from: joinRewards(manifests),
      'fidelity.tasks': tasks,
    }),
    summary,
    trainingTokens: total(parts.flatMap(({ weights }) => weights.map((task) => task.tokens))),
    signal,
    overLong: {
      records: total(parts.map(({ overLong }) => overLong.records)),
      parts: total(parts.map(({ overLong }) => overLong.parts)),
      tokens: total(parts.map(({ overLong }) => overLong.tokens)),
    },
    isPinUnmet: summary.floorUnmet > 0 || unmet.length > 0,
    warnings,
    acts,
  };
}

/** Files that give rewards, by path, with the rollouts of all parts. */
function joinRewards(manifests: readonly unknown[]): readonly unknown[] {
  const counts = new Map<string, number>();
  for (const from of manifests.flatMap((manifest) => getList(manifest, 'rewards_from') ?? [])) {
    const file = getString(from, 'file') ?? '';
    counts.set(file, (counts.get(file) ?? 0) + (getNumber(from, 'rollouts') ?? 0));
  }
  return [...counts].map(([file, rollouts]) => ({ file, rollouts })).sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** Whole numbers of these are added up over the parts. */
const SUMMED = /^(totals|fidelity\.(endings|whole_rollouts|tasks_trained))\b/;

function join(path: string, values: readonly unknown[], given: Readonly<Record<string, unknown>>): unknown {
  if (Object.hasOwn(given, path)) return given[path] ?? null;
  const [first] = values;
  if (isObject(first) && values.every(isObject)) {
    return Object.fromEntries(
      Object.keys(first).map((key) => [
        key,
        join(
          path === '' ? key : `${path}.${key}`,
          values.map((value) => value[key]),
          given,
        ),
      ]),
    );
  }
  if (SUMMED.test(path) && values.every((value) => typeof value === 'number')) {
    const sum = total(values);
    if (!Number.isInteger(sum)) throw new Error(`parts cannot be joined: ${path} is no whole number`);
    return sum;
  }
  return only(values, path);
}

/** What all parts say alike. */
function only(values: readonly unknown[], path: string): unknown {
  const [first = null] = values;
  const text = JSON.stringify(first);
  if (values.some((value) => JSON.stringify(value ?? null) !== text)) throw new Error(`parts cannot be joined: they differ in ${path}`);
  return first;
}

function joinSummaries(parts: readonly Part[], shared: SharedCut | null): KeepSummary {
  const cuts = parts.flatMap((part) => part.cuts);
  const cost = shared?.cost ?? {
    kept: total(cuts.map((task) => task.cost.kept)),
    total: total(cuts.map((task) => task.cost.total)),
    budget: total(cuts.map((task) => task.cost.budget)),
    floor: total(cuts.map((task) => task.cost.floor)),
  };
  const signal = shared?.signal ?? {
    kept: total(cuts.map((task) => task.signal.kept)),
    total: total(cuts.map((task) => task.signal.total)),
    bound: total(cuts.map((task) => task.signal.bound)),
    pinnedBound: parts.every(({ hasPinnedBound }) => hasPinnedBound) ? sumOf(cuts.map((task) => task.signal.pinnedBound)) : null,
  };
  const counts = perCounter((name) => ({
    kept: total(parts.map(({ summary }) => summary.counts[name].kept)),
    total: total(parts.map(({ summary }) => summary.counts[name].total)),
  }));
  return {
    share: parts[0]?.summary.share ?? 0,
    cost,
    floorUnmet: shared?.floorUnmet ?? total(parts.map(({ summary }) => summary.floorUnmet)),
    signal,
    certificate: signal.bound > 0 ? Math.min(1, signal.kept / signal.bound) : 1,
    counts,
    rolloutsTouched: total(parts.map(({ summary }) => summary.rolloutsTouched)),
  };
}

/** From the first to the last: what is rounded is rounded as in one pass over all tasks. */
function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
