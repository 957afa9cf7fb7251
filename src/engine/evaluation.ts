/** Every strategy and train method at some budgets: what each keeps of the signal, of the gradient and of the endings. */
import { gradientWeights, effectiveSize } from '../core/gradient/weights.ts';
import type { PruneRule } from '../core/model/rule.ts';
import { countKept, summarize } from '../core/prune/counters.ts';
import { cutAt } from '../core/prune/cut.ts';
import { planOrder, type PruneOrder } from '../core/prune/order.ts';
import { nodeTasks } from '../core/prune/problem.ts';
import { STRATEGIES } from '../core/prune/strategies.ts';
import type { TrainSet } from '../core/prune/train-method.ts';
import { TRAIN_METHODS } from '../core/prune/train-methods.ts';
import type { ImportedScores } from '../core/signal/signal.ts';
import type { EvaluatedWay, Evaluation, EvaluationOptions, EvaluationRow, Measured } from './answers/evaluation.ts';
import type { Dataset } from './dataset.ts';
import { gradientOf } from './gradient.ts';
import { applyBudget, makeRuling, signalFacts } from './ruling.ts';
import type { Ruling } from './ruled.ts';
import type { ModelColumns } from './score/columns.ts';

/** Figures of one draw at one budget; as in `EvaluationRow`. */
type Figures = { readonly [K in Exclude<keyof EvaluationRow, 'budget'>]: Measured | number | null };

export interface EvaluationInput {
  readonly dataset: Dataset;
  readonly rule: PruneRule;
  readonly model: ModelColumns | null;
  readonly imported: ImportedScores | null;
}

/** Awaits `pause` before each way and says how many of all are done. Throws for ways that are not registered. */
export async function evaluateWays(
  { dataset, rule, model, imported }: EvaluationInput,
  { budgets, strategies, methods, seeds }: EvaluationOptions,
  pause: (done: number, total: number) => Promise<void>,
): Promise<Evaluation> {
  const ruling = makeRuling(dataset, rule, 0, model, imported);
  const cuts = chosen(STRATEGIES, strategies, 'strategy');
  const ways = chosen(TRAIN_METHODS, methods, 'train method');
  const total = cuts.length + ways.length;
  const cut: EvaluatedWay[] = [];
  for (const { id, label, help } of cuts) {
    await pause(cut.length, total);
    const drawn = seedsOf(rule.seed, seeds, (seed) => planOrder(ruling.problem, ruling.shared, id, seed), sameOrder);
    cut.push(
      merged(
        { id, label, help },
        budgets,
        drawn.map((order) => cutFigures(ruling, order, budgets)),
      ),
    );
  }
  const train: EvaluatedWay[] = [];
  for (const { id, label, help } of ways) {
    await pause(cut.length + train.length, total);
    const drawn = seedsOf(rule.seed, seeds, (seed) => makeRuling(dataset, { ...rule, train: id, seed }, 0, model, imported), sameChoice);
    train.push(
      merged(
        { id, label, help },
        budgets,
        drawn.map((made) => trainFigures(made, budgets)),
      ),
    );
  }
  const meter = gradientOf(ruling);
  const whole = cutFigures(ruling, ruling.order, [1])[0];
  return {
    inputs: dataset.opening.inputs.map(({ path }) => path),
    rule,
    signal: signalFacts(ruling),
    measured: typeof meter === 'string' ? null : meter.source,
    why: typeof meter === 'string' ? meter : null,
    totals: {
      rollouts: dataset.tokens.rollouts.length,
      tasks: dataset.tokens.tasks.length,
      cost: ruling.order.totalCost,
      sampledTokens: ruling.scores.by.sampled,
      effectiveTokens: valueOf(whole?.effectiveTokens),
      endings: valueOf(whole?.endings),
    },
    cut,
    train,
  };
}

function chosen<T extends { readonly id: string }>(all: readonly T[], ids: readonly string[] | undefined, what: string): readonly T[] {
  if (ids === undefined) return all;
  for (const id of ids)
    if (!all.some((one) => one.id === id)) throw new Error(`no ${what} ${id}; there are ${all.map((one) => one.id).join(', ')}`);
  return all.filter(({ id }) => ids.includes(id));
}

/** One draw where two seeds give the same, else one for each seed. */
function seedsOf<T>(first: number, seeds: number, make: (seed: number) => T, same: (a: T, b: T) => boolean): T[] {
  const drawn = [make(first)];
  for (let i = 1; i < seeds; i++) {
    const next = make(first + i);
    if (i === 1 && drawn[0] !== undefined && same(drawn[0], next)) return drawn;
    drawn.push(next);
  }
  return drawn;
}

function sameOrder(a: PruneOrder, b: PruneOrder): boolean {
  return a.rank.every((rank, n) => rank === b.rank[n]);
}

/** A method is drawn where a third of the tokens is another third under another seed. */
function sameChoice(a: Ruling, b: Ruling): boolean {
  const of = (ruling: Ruling): Float32Array => factorsOf(ruling, applyBudget(ruling, { cut: 1, train: 1 / 3 }).train);
  const other = of(b);
  return of(a).every((factor, at) => factor === other[at]);
}

function factorsOf({ problem: { forest } }: Ruling, set: TrainSet): Float32Array {
  const factors = new Float32Array(forest.edgeTokens.length);
  for (let n = 0; n < forest.length; n++) set.factorsOf(n, factors, forest.edgeStart[n] ?? 0);
  return factors;
}

function cutFigures(ruling: Ruling, order: PruneOrder, budgets: readonly number[]): Figures[] {
  const { forest } = ruling.problem;
  const meter = gradientOf(ruling);
  const curve = typeof meter === 'string' ? null : meter.curve(order, 'coefficient');
  const whole = typeof meter === 'string' ? null : meter.curve(order, 'whole');
  const counters = countKept(forest, order);
  const coefficients = gradientWeights(forest, { ...ruling.rule, mode: 'sft' }, ruling.scores);
  const tokens = sampledTokens(ruling);
  const task = nodeTasks(forest);
  return budgets.map((share) => {
    const cut = cutAt(order, share);
    const { cost, counts } = summarize(order, counters, cut);
    const kept = tokens.map((count, n) => ((order.rank[n] ?? 0) < (cut.limit[task[n] ?? 0] ?? 0) ? count : 0));
    const found = curve?.at(cut) ?? null;
    const mean = whole?.at(cut) ?? null;
    return {
      used: cost.total > 0 ? cost.kept / cost.total : 1,
      retained: order.totalSignal > 0 ? cut.signal / order.totalSignal : 1,
      cosine: found && { value: found.cosine, low: found.low, high: found.high },
      norm: found && found.norm,
      wholeCosine: mean && { value: mean.cosine, low: mean.low, high: mean.high },
      wholeNorm: mean && mean.norm,
      effectiveTokens: effectiveSize(coefficients, kept),
      endings: counts.finals.kept,
      tasks: new Set(task.filter((_, n) => (kept[n] ?? 0) > 0)).size,
    };
  });
}

function trainFigures(ruling: Ruling, budgets: readonly number[]): Figures[] {
  const { forest } = ruling.problem;
  const meter = gradientOf(ruling);
  const coefficients = gradientWeights(forest, { ...ruling.rule, mode: 'sft' }, ruling.scores);
  const task = nodeTasks(forest);
  const worth = ruling.problem.tokens;
  return budgets.map((share) => {
    const keep = applyBudget(ruling, { cut: 1, train: share });
    const factors = factorsOf(ruling, keep.train);
    const trained = new Set<number>();
    let sum = 0;
    let squares = 0;
    let signal = 0;
    let all = 0;
    for (let n = 0; n < forest.length; n++) {
      if ((forest.sampledCount[n] ?? 0) === 0) continue;
      for (let at = forest.edgeStart[n] ?? 0; at < (forest.edgeStart[n + 1] ?? 0); at++) {
        const value = (worth?.weight[n] ?? 0) * (worth?.value(at, n) ?? 0);
        all += value;
        const factor = factors[at] ?? 0;
        if (factor === 0) continue;
        const weight = (coefficients[n] ?? 0) * factor;
        signal += value;
        sum += weight;
        squares += weight ** 2;
        trained.add(task[n] ?? 0);
      }
    }
    const found = typeof meter === 'string' ? null : meter.compute(keep);
    const { sampled, finals } = keep.summary.counts;
    return {
      used: sampled.total > 0 ? keep.train.tokens / sampled.total : 1,
      retained: all > 0 ? signal / all : 1,
      cosine: found && { value: found.cosine, low: found.low, high: found.high },
      norm: found && found.norm,
      wholeCosine: null,
      wholeNorm: null,
      effectiveTokens: squares > 0 ? sum ** 2 / squares : 0,
      endings: finals.kept,
      tasks: trained.size,
    };
  });
}

/** node -> its tokens where it is sampled, else 0 */
function sampledTokens({ problem: { forest } }: Ruling): Float64Array {
  return Float64Array.from(forest.sampledCount, (count, n) =>
    count > 0 ? (forest.edgeStart[n + 1] ?? 0) - (forest.edgeStart[n] ?? 0) : 0,
  );
}

/** One way from the figures of its draws: seed -> budget -> figures. */
function merged(way: Pick<EvaluatedWay, 'id' | 'label' | 'help'>, budgets: readonly number[], draws: readonly Figures[][]): EvaluatedWay {
  const rows = budgets.map((budget, b): EvaluationRow => {
    const over = (name: keyof Figures): Measured | null => measured(draws.map((draw) => draw[b]?.[name] ?? null));
    const sure = (name: keyof Figures): Measured => over(name) ?? { value: 0, low: 0, high: 0 };
    return {
      budget,
      used: sure('used'),
      retained: sure('retained'),
      cosine: over('cosine'),
      norm: over('norm'),
      wholeCosine: over('wholeCosine'),
      wholeNorm: over('wholeNorm'),
      effectiveTokens: sure('effectiveTokens'),
      endings: sure('endings'),
      tasks: sure('tasks'),
    };
  });
  return { ...way, seeds: draws.length, rows };
}

function measured(values: readonly (Measured | number | null)[]): Measured | null {
  const [only] = values;
  if (values.length === 1 && typeof only === 'object') return only;
  const numbers = values.flatMap((value) => (value === null ? [] : [valueOf(value)]));
  if (numbers.length === 0) return null;
  const value = numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
  const low = numbers.reduce((least, one) => Math.min(least, one), Infinity);
  return { value, low, high: numbers.reduce((most, one) => Math.max(most, one), -Infinity) };
}

function valueOf(value: Measured | number | null | undefined): number {
  return typeof value === 'number' ? value : (value?.value ?? 0);
}
