/**
 * For any loss per token, the sum of weight × loss over a profile's files is that of flat training. With nothing pruned that is, for
 * each task, the mean over its trajectories of the loss of what they sampled, counted from the drawn log alone; pruned, the same of
 * what the forest export says is trained. Targets of 0 and 1 count each trained token once. Shards change nothing.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_RULE } from '../../../../src/core/model/rule.ts';
import type { OptionValues, RecordSettings, WeightConvention } from '../../../../src/engine/answers/exporting.ts';
import { inputFile, linesOf, memorySink, openSession } from '../../../helpers/openSession.ts';
import { traceLines, tracePaths, traces, type Trace } from '../../../helpers/randomTraces.ts';
import { makePrefixes, WEIGHT_DECODERS, type Prefixes, type WeightDecoder } from '../../../helpers/weightDecoders.ts';

/** prefix -> weight; the first token of a record has no loss, as nothing predicts it. */
type Weights = Map<number, number>;

function addWeight(weights: Weights, prefixes: Prefixes, prefix: number, weight: number): void {
  if (weight !== 0 && prefixes.length(prefix) > 1) weights.set(prefix, (weights.get(prefix) ?? 0) + weight);
}

/** Flat training of every trajectory, from the log as it was drawn. @param valueOf what a rollout's loss is multiplied by */
function flatWeights(drawn: readonly Trace[], prefixes: Prefixes, valueOf: (rollout: number) => number = () => 1): Weights {
  const weights: Weights = new Map();
  const paths = drawn.flatMap((trace, rollout) => tracePaths(trace).map((path) => ({ task: trace.task, rollout, path })));
  for (const { task, rollout, path } of paths) {
    const own = paths.filter((other) => other.task === task).length;
    let prefix = 0;
    for (const { ids, sampled } of path)
      ids.forEach((id, at) => {
        prefix = prefixes.after(prefix, id);
        if (sampled && at > 0) addWeight(weights, prefixes, prefix, valueOf(rollout) / own);
      });
  }
  return weights;
}

interface ForestLine {
  readonly parent: number[];
  readonly token_ids: number[][];
  readonly sampled_count: number[];
  readonly trained: number[];
  readonly factors?: (number[] | null)[];
  readonly trajectories: { readonly rollout: string; readonly advantage: number | null }[];
}

/** What the forest export says: every trained node with s/K, times the factors of its tokens. */
function forestWeights(text: string | undefined, prefixes: Prefixes): Weights {
  const weights: Weights = new Map();
  for (const line of linesOf(text) as unknown as ForestLine[]) {
    const ends: number[] = [];
    line.token_ids.forEach((ids, n) => {
      let prefix = ends[line.parent[n]] ?? 0;
      ids.forEach((id, at) => {
        prefix = prefixes.after(prefix, id);
        const factor = line.factors?.[n]?.[at] ?? 1;
        if (line.trained[n] === 1) addWeight(weights, prefixes, prefix, (factor * line.sampled_count[n]) / line.trajectories.length);
      });
      ends[n] = prefix;
    });
  }
  return weights;
}

/** The same times advantages: those of the forest export, 0 where unknown. */
function flatAdvantages(drawn: readonly Trace[], prefixes: Prefixes, forest: string | undefined): Weights {
  const lines = linesOf(forest) as unknown as ForestLine[];
  const known = new Map(lines.flatMap(({ trajectories }) => trajectories.map(({ rollout, advantage }) => [rollout, advantage ?? 0])));
  return flatWeights(drawn, prefixes, (rollout) => known.get(`r${rollout}`) ?? 0);
}

/** @param kept what is trained, with the export's weights */
function wantedOf(
  { says }: WeightDecoder,
  kept: Weights,
  drawn: readonly Trace[],
  prefixes: Prefixes,
  forest: string | undefined,
): Weights {
  if (says === 'weights') return kept;
  if (says === 'train-once') return once(kept);
  const flat = flatWeights(drawn, prefixes);
  const advantages = flatAdvantages(drawn, prefixes, forest);
  return new Map([...kept].map(([prefix, weight]) => [prefix, (weight * (advantages.get(prefix) ?? 0)) / (flat.get(prefix) ?? 1)]));
}

function once(weights: Weights): Weights {
  return new Map([...weights.keys()].map((prefix) => [prefix, 1]));
}

interface Budget {
  readonly cut: number;
  readonly train: number;
  readonly method: 'nodes' | 'unbiased';
}

/** A session on the drawn log, and what it writes. */
async function openDrawn(drawn: readonly Trace[], budget: Budget) {
  const { session } = await openSession([inputFile('traces.jsonl', traceLines(drawn))]);
  const { orderId } = session.order({ ...DEFAULT_RULE, train: budget.method });
  return async (
    profile: string,
    options: OptionValues = {},
    records: Partial<RecordSettings> = {},
    weights: WeightConvention = 'branch-mean',
  ) => {
    const sink = memorySink();
    // A log in which nobody sampled has no log-probs.
    const profiles = [{ profile, options }, ...(profile === 'forest' ? [] : [{ profile: 'forest' }])];
    const spec = { profiles, weights, maskErrors: false, records, skipUnavailable: true };
    const files = await session.export(orderId, budget, spec, sink, () => undefined);
    const own = files.map(({ name }) => name).filter((name) => name.startsWith(profile));
    return own.map((name) => sink.bytes.get(name) ?? Buffer.alloc(0));
  };
}

function decoded(decoder: WeightDecoder, files: readonly Buffer[], prefixes: Prefixes): Weights {
  const weights: Weights = new Map();
  for (const { prefix, weight } of decoder.decode(files, prefixes)) addWeight(weights, prefixes, prefix, weight);
  return weights;
}

/** Equal token by token, hence for any losses; and in sum for some. */
function expectEqual(found: Weights, wanted: Weights, what: string): void {
  const lossOf = (prefix: number): number => ((prefix * 2654435761) % 1009) / 500 - 1;
  const total = (weights: Weights): number => [...weights].reduce((sum, [prefix, weight]) => sum + weight * lossOf(prefix), 0);
  for (const prefix of new Set([...found.keys(), ...wanted.keys()]))
    expect(Math.abs((found.get(prefix) ?? 0) - (wanted.get(prefix) ?? 0)), what).toBeLessThan(1e-9);
  expect(Math.abs(total(found) - total(wanted)), what).toBeLessThan(1e-9);
}

/** Logs, and for some of them a reward for every rollout, which some profiles need. */
const logs = fc
  .record({ drawn: traces, areRewarded: fc.boolean() })
  .map(({ drawn, areRewarded }) => (areRewarded ? drawn.map((trace) => ({ ...trace, reward: trace.reward ?? 0.25 })) : drawn));

function decodersFor(drawn: readonly Trace[]): readonly WeightDecoder[] {
  const areRewarded = drawn.every(({ reward }) => reward !== null);
  return WEIGHT_DECODERS.filter(({ needsRewards }) => areRewarded || needsRewards !== true);
}

const nameOf = ({ profile, options = {} }: WeightDecoder): string => `${profile} ${JSON.stringify(options)}`;

/** decoder -> tokens that it was held to, whose weight is not 0 */
const checked = new Map(WEIGHT_DECODERS.map((decoder) => [nameOf(decoder), 0]));

describe('every profile of token ids', () => {
  it('says the loss of flat training where nothing is pruned, in one file and in many', async () => {
    await fc.assert(
      fc.asyncProperty(logs, async (drawn) => {
        const write = await openDrawn(drawn, { cut: 1, train: 1, method: 'nodes' });
        const prefixes = makePrefixes();
        const flat = flatWeights(drawn, prefixes);
        const [forest] = await write('forest');
        for (const decoder of decodersFor(drawn)) {
          const name = nameOf(decoder);
          const wanted = wantedOf(decoder, flat, drawn, prefixes, forest.toString('utf8'));
          expectEqual(decoded(decoder, await write(decoder.profile, decoder.options), prefixes), wanted, name);
          expectEqual(
            decoded(decoder, await write(decoder.profile, decoder.options, { shard: 0.002 }), prefixes),
            wanted,
            `${name} in shards`,
          );
          checked.set(name, (checked.get(name) ?? 0) + [...wanted.values()].filter((weight) => weight !== 0).length);
        }
      }),
      { numRuns: 20 },
    );
    for (const [name, tokens] of checked) expect(tokens, name).toBeGreaterThan(10);
  });

  it('says the loss of what is kept and chosen', async () => {
    const budgets: fc.Arbitrary<Budget> = fc.oneof(
      fc.record({ cut: fc.constantFrom(0.3, 0.5, 0.8), train: fc.constantFrom(0.4, 1), method: fc.constant('nodes' as const) }),
      fc.record({ cut: fc.constantFrom(0.5, 1), train: fc.constant(0.4), method: fc.constant('unbiased' as const) }),
    );
    const sizes = { all: 0, kept: 0, factors: 0 };
    await fc.assert(
      fc.asyncProperty(logs, budgets, async (drawn, budget) => {
        const write = await openDrawn(drawn, budget);
        const prefixes = makePrefixes();
        const text = (await write('forest'))[0].toString('utf8');
        const kept = forestWeights(text, prefixes);
        for (const decoder of decodersFor(drawn)) {
          const wanted = wantedOf(decoder, kept, drawn, prefixes, text);
          expectEqual(decoded(decoder, await write(decoder.profile, decoder.options), prefixes), wanted, nameOf(decoder));
        }
        const flat = flatWeights(drawn, prefixes);
        sizes.all += flat.size;
        sizes.kept += kept.size;
        sizes.factors += [...kept].filter(([prefix, weight]) => Math.abs(weight - (flat.get(prefix) ?? 0)) > 0.01).length;
      }),
      { numRuns: 25 },
    );
    expect(sizes.kept).toBeGreaterThan(20);
    expect(sizes.kept).toBeLessThan(sizes.all);
    expect(sizes.factors).toBeGreaterThan(0);
  });

  it('says what the tokens profile says, whatever records are asked for', async () => {
    const settings = fc.record({
      maxTokens: fc.constantFrom(0, 12, 18, 22),
      overLong: fc.constantFrom('drop' as const, 'cut' as const, 'windows' as const, 'windows' as const, 'windows' as const),
      eos: fc.constantFrom('on' as const, 'off' as const),
      dedup: fc.boolean(),
      shuffle: fc.boolean(),
    });
    let windows = 0;
    await fc.assert(
      fc.asyncProperty(logs, settings, async (drawn, records) => {
        const write = await openDrawn(drawn, { cut: 1, train: 1, method: 'nodes' });
        const prefixes = makePrefixes();
        const [tokens] = WEIGHT_DECODERS;
        for (const decoder of decodersFor(drawn)) {
          if (decoder.says === 'advantages') continue;
          const weights = decoder.says === 'weights' ? 'branch-mean' : 'train-once';
          const wanted = decoded(tokens, await write('tokens', {}, records, weights), prefixes);
          const found = decoded(decoder, await write(decoder.profile, decoder.options, records, weights), prefixes);
          expectEqual(found, wanted, `${nameOf(decoder)} ${JSON.stringify(records)}`);
          if (records.maxTokens > 0 && records.overLong === 'windows') windows += wanted.size;
        }
      }),
      { numRuns: 20 },
    );
    expect(windows).toBeGreaterThan(20);
  });
});
