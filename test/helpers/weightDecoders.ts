/**
 * What a profile's files say of loss: the weight of each token, named by all ids up to it. One decoder for each profile of token
 * ids; `test/unit/engine/export/identity.test.ts` holds each to flat training.
 */
import type { OptionValues } from '../../src/engine/answers/exporting.ts';
import { linesOf } from './openSession.ts';
import { readTorchFile } from './torchFile.ts';

/** Numbers for lists of ids, each made from the number of the list without its last id; that of the empty list is 0. */
export interface Prefixes {
  after(prefix: number, id: number): number;
  length(prefix: number): number;
}

export function makePrefixes(): Prefixes {
  const numbers = new Map<string, number>();
  const lengths = [0];
  return {
    after(prefix, id) {
      const key = `${prefix} ${id}`;
      const known = numbers.get(key) ?? lengths.length;
      if (known === lengths.length) {
        numbers.set(key, known);
        lengths.push((lengths[prefix] ?? 0) + 1);
      }
      return known;
    },
    length: (prefix) => lengths[prefix] ?? 0,
  };
}

/** The numbers of all beginnings of a list, the shortest first. */
function prefixesOf(prefixes: Prefixes, ids: readonly number[]): number[] {
  let prefix = 0;
  return ids.map((id) => (prefix = prefixes.after(prefix, id)));
}

export interface WeightedToken {
  readonly prefix: number;
  readonly weight: number;
}

export interface WeightDecoder {
  readonly profile: string;
  readonly options?: OptionValues;
  /** What its weights are: those of the export's convention, these times advantages, or 0 and 1 by train-once. */
  readonly says: 'weights' | 'advantages' | 'train-once';
  /** It leaves out records of unknown reward. */
  readonly needsRewards?: true;
  /** Its files' tokens, as often as they occur; the first token of a record may be left out, as nothing predicts it. */
  decode(files: readonly Buffer[], prefixes: Prefixes): WeightedToken[];
}

interface FlatRow {
  readonly ids: readonly number[];
  readonly weight: readonly number[];
}

/** @param rows of a line: the records in it, with a weight for each token */
function jsonDecoder(rows: (line: never) => readonly FlatRow[]): WeightDecoder['decode'] {
  return (files, prefixes) =>
    files.flatMap((file) =>
      linesOf(file.toString('utf8')).flatMap((line) =>
        rows(line as never).flatMap(({ ids, weight }) => prefixesOf(prefixes, ids).map((prefix, i) => ({ prefix, weight: weight[i] }))),
      ),
    );
}

interface Labelled {
  readonly input_ids: number[];
  readonly labels: number[];
}

const labelled = ({ input_ids: ids, labels }: Labelled): FlatRow => ({ ids, weight: labels.map((label) => (label === -100 ? 0 : 1)) });

interface TreeLine {
  readonly input_ids: number[];
  readonly position_ids: number[];
  readonly segment_offsets: number[];
  readonly sample_paths: number[][];
  readonly pred_index: number[];
  readonly target_id: number[];
  readonly loss_weight: number[];
  readonly sample_id: number[];
}

/** Each loss with the beginning of the sample that it is of. */
const decodeTree: WeightDecoder['decode'] = (files, prefixes) =>
  files.flatMap((file) =>
    (linesOf(file.toString('utf8')) as unknown as TreeLine[]).flatMap((row) => {
      const samples = row.sample_paths.map((path) =>
        prefixesOf(
          prefixes,
          path.flatMap((s) => row.input_ids.slice(row.segment_offsets[s], row.segment_offsets[s + 1])),
        ),
      );
      return row.pred_index.map((at, i) => {
        const before = samples[row.sample_id[i]][row.position_ids[at]];
        return { prefix: prefixes.after(before, row.target_id[i]), weight: row.loss_weight[i] };
      });
    }),
  );
interface TraceNode {
  readonly parent?: number;
  readonly token_ids: number[];
  readonly loss_weights?: { readonly ce: number[] };
}

/** prime-rl trains each node once, in the first of the branches that share it. */
function traceTokens({ nodes }: { readonly nodes: readonly TraceNode[] }, prefixes: Prefixes): WeightedToken[] {
  const ends: number[] = [];
  return nodes.flatMap(({ parent, token_ids: ids, loss_weights: weights }, n) => {
    let prefix = parent === undefined ? 0 : ends[parent];
    const tokens = ids.map((id, i) => ({ prefix: (prefix = prefixes.after(prefix, id)), weight: weights?.ce[i] ?? 0 }));
    ends[n] = prefix;
    return tokens;
  });
}

interface RolloutSample {
  readonly tokens: number[];
  readonly response_length: number;
  readonly loss_mask: number[];
}

const decodeSamples: WeightDecoder['decode'] = (files, prefixes) =>
  files.flatMap((file) =>
    (readTorchFile(file) as { samples: RolloutSample[] }).samples.flatMap(({ tokens, response_length: length, loss_mask: mask }) =>
      prefixesOf(prefixes, tokens).map((prefix, i) => ({ prefix, weight: mask[i - tokens.length + length] ?? 0 })),
    ),
  );

export const WEIGHT_DECODERS: readonly WeightDecoder[] = [
  {
    profile: 'tokens',
    says: 'weights',
    decode: jsonDecoder(({ input_ids: ids, weight }: { input_ids: number[]; weight: number[] }) => [{ ids, weight }]),
  },
  { profile: 'trl-tokens', says: 'train-once', decode: jsonDecoder((line: Labelled) => [labelled(line)]) },
  {
    profile: 'trl-tokens',
    options: { packed: 64 },
    says: 'train-once',
    decode: jsonDecoder(({ input_ids: ids, labels, position_ids: positions }: Labelled & { position_ids: number[] }) => {
      const starts = [...positions.keys()].filter((i) => positions[i] === 0);
      return starts.map((start, i) => labelled({ input_ids: ids.slice(start, starts[i + 1]), labels: labels.slice(start, starts[i + 1]) }));
    }),
  },
  { profile: 'axolotl-tokens', says: 'train-once', decode: jsonDecoder((line: Labelled) => [labelled(line)]) },
  {
    profile: 'skyrl',
    says: 'train-once',
    decode: jsonDecoder(({ input_ids: ids, loss_mask: weight }: { input_ids: number[]; loss_mask: number[] }) => [{ ids, weight }]),
  },
  { profile: 'tree', says: 'weights', decode: decodeTree },
  { profile: 'tree', options: { tokens: 64, multiple: 16 }, says: 'weights', decode: decodeTree },
  { profile: 'tree', options: { tokens: 512, across: true }, says: 'weights', decode: decodeTree },
  {
    profile: 'trl-grpo-replay',
    says: 'advantages',
    decode: jsonDecoder((line: { prompt_ids: number[]; completion_ids: number[]; advantage: number[] }) => [
      { ids: [...line.prompt_ids, ...line.completion_ids], weight: [...line.prompt_ids.map(() => 0), ...line.advantage] },
    ]),
  },
  {
    profile: 'atropos',
    says: 'train-once',
    needsRewards: true,
    decode: jsonDecoder(({ tokens, masks }: { tokens: number[][]; masks: number[][] }) =>
      tokens.map((ids, i) => labelled({ input_ids: ids, labels: masks[i] })),
    ),
  },
  {
    profile: 'prime-rl-samples',
    says: 'weights',
    decode: jsonDecoder((line: { token_ids: number[]; ce_weights: number[] }) => [{ ids: line.token_ids, weight: line.ce_weights }]),
  },
  {
    profile: 'prime-rl-samples',
    options: { loss: 'rl' },
    says: 'advantages',
    decode: jsonDecoder((line: { token_ids: number[]; rl_weights: number[]; advantages: number[] }) => [
      { ids: line.token_ids, weight: line.rl_weights.map((weight, i) => weight * line.advantages[i]) },
    ]),
  },
  {
    profile: 'prefix-grouper',
    says: 'weights',
    decode: jsonDecoder((line: { prompt_ids: number[]; completion_ids: number[][]; weights: number[][] }) =>
      line.completion_ids.map((ids, i) => ({
        ids: [...line.prompt_ids, ...ids],
        weight: [...line.prompt_ids.map(() => 0), ...line.weights[i]],
      })),
    ),
  },
  { profile: 'slime-rollouts', says: 'train-once', needsRewards: true, decode: decodeSamples },
  { profile: 'miles-rollouts', options: { reward: 'reward' }, says: 'train-once', needsRewards: true, decode: decodeSamples },
  {
    profile: 'verifiers',
    says: 'weights',
    decode: (files, prefixes) =>
      files.flatMap((file) => linesOf(file.toString('utf8')).flatMap((line) => traceTokens(line as never, prefixes))),
  },
];
