/** Packed trees of a real log: unfolded, they are the records of the profile `tokens`, and their losses have its weights in sum. */
import { readFileSync } from 'node:fs';
import { parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { DEFAULT_RULE, type PruneRule } from '../../../../src/core/model/rule.ts';
import type { ExportedFile, ExportSpec, OptionValues, RecordSettings, WeightConvention } from '../../../../src/engine/answers/exporting.ts';
import { safetensors } from '../../../../src/engine/export/safetensors.ts';
import { readSafetensors } from '../../../helpers/safetensors.ts';
import { exportSpec, inputFile, linesOf, memorySink, openSession } from '../../../helpers/openSession.ts';

const { session } = await openSession([inputFile('orchard.jsonl', readFileSync('public/samples/orchard.jsonl'))]);

interface Row {
  readonly input_ids: number[];
  readonly position_ids: number[];
  readonly segment_offsets: number[];
  readonly segment_parents: number[];
  readonly node_lengths: number[];
  readonly sample_paths: number[][];
  readonly sample_tasks: string[];
  readonly sample_rollouts: string[];
  readonly pred_index: number[];
  readonly target_id: number[];
  readonly loss_weight: number[];
  readonly old_log_prob?: (number | null)[];
  readonly advantage?: (number | null)[];
  readonly sample_id: number[];
}

interface TokenRecord {
  readonly input_ids: number[];
  readonly weight: number[];
  readonly advantage?: number[];
  readonly logprob?: number[];
  readonly task: string;
  readonly rollout: string;
}

interface Asked {
  readonly options?: OptionValues;
  readonly weights?: WeightConvention;
  readonly rule?: Partial<PruneRule>;
  readonly cut?: number;
  readonly train?: number;
  readonly records?: Partial<RecordSettings>;
}

async function written({ options = {}, weights = 'branch-mean', rule = {}, cut = 1, train = 1, records = {} }: Asked) {
  const spec: ExportSpec = { ...exportSpec(), weights, profiles: [{ profile: 'tokens' }, { profile: 'tree', options }], records };
  const sink = memorySink();
  const { orderId } = session.order({ ...DEFAULT_RULE, ...rule });
  const [, file] = await session.export(orderId, { cut, train }, spec, sink, () => undefined);
  return {
    file: file as ExportedFile,
    rows: linesOf(sink.files.get('tree/train.jsonl')) as unknown as Row[],
    records: linesOf(sink.files.get('tokens.jsonl')) as unknown as TokenRecord[],
  };
}

const samplesOf = (row: Row): { ids: number[]; task: string; rollout: string }[] =>
  row.sample_paths.map((path, i) => ({
    ids: path.flatMap((s) => row.input_ids.slice(row.segment_offsets[s], row.segment_offsets[s + 1])),
    task: row.sample_tasks[i],
    rollout: row.sample_rollouts[i],
  }));

interface Loss {
  readonly weight: number;
  readonly advantage: number | null | undefined;
  readonly logprob: number | null | undefined;
}

/** Numbers prefixes: equal ones of a task alike. */
function makePrefixes(): (task: string, ids: readonly number[]) => number[] {
  const known = new Map<string, number>();
  const number = (key: string): number => {
    const found = known.get(key) ?? known.size;
    known.set(key, found);
    return found;
  };
  return (task, ids) =>
    ids.map(
      (
        (prefix) => (id) =>
          (prefix = number(`${prefix} ${id}`))
      )(number(task)),
    );
}

/** The losses of the rows stand once each, where the sample has the token, and are those of the records in sum. */
function expectLosses(rows: readonly Row[], records: readonly TokenRecord[]): void {
  const prefixes = makePrefixes();
  const losses = new Map<number, Loss>();
  for (const row of rows) {
    const own = samplesOf(row).map(({ task, ids }) => ({ ids, prefixes: prefixes(task, ids) }));
    for (const [i, at] of row.pred_index.entries()) {
      const sample = own[row.sample_id[i]];
      const before = row.position_ids[at];
      const prefix = sample.prefixes[before + 1];
      if (sample.ids[before] !== row.input_ids[at] || sample.ids[before + 1] !== row.target_id[i] || losses.has(prefix))
        throw new Error(`loss ${i} is at ${at}, where ${row.target_id[i]} cannot be`);
      losses.set(prefix, { weight: row.loss_weight[i], advantage: row.advantage?.[i], logprob: row.old_log_prob?.[i] });
    }
  }
  const wanted = new Map<number, Loss>();
  for (const { task, input_ids: ids, weight, advantage, logprob } of records) {
    const own = prefixes(task, ids);
    for (const [i, each] of weight.entries())
      if (each > 0)
        wanted.set(own[i], { weight: (wanted.get(own[i])?.weight ?? 0) + each, advantage: advantage?.[i], logprob: logprob?.[i] });
  }
  expect(losses.size).toBe(wanted.size);
  const wrong = [...wanted].filter(([prefix, { weight, advantage, logprob }]) => {
    const found = losses.get(prefix);
    return !found || Math.abs(found.weight - weight) > 1e-12 || found.advantage !== advantage || found.logprob !== logprob;
  });
  expect(wrong).toEqual([]);
}

describe('packed trees', () => {
  it.each<Asked>([
    {},
    { weights: 'train-once', cut: 0.4 },
    { weights: 'kept-mean', cut: 0.5, rule: { strategy: 'whole-rollouts' } },
    { cut: 0.5, train: 0.3, rule: { train: 'unbiased' }, options: { tokens: 4096 } },
    { options: { tokens: 2048, multiple: 1 } },
    { options: { tokens: 8192, across: true } },
    { cut: 0.5, options: { tokens: 512 }, records: { maxTokens: 512, overLong: 'windows' } },
  ])('unfold to the records of tokens, with its weights: %j', async (asked) => {
    const { rows, records, file } = await written(asked);
    expect(file.shortfalls).toBeUndefined();
    expect(file.records).toBe(rows.length);
    const unfolded = rows.flatMap(samplesOf).map(({ ids, task, rollout }) => `${task} ${rollout} ${ids.join()}`);
    expect(unfolded.sort()).toEqual(records.map(({ input_ids: ids, task, rollout }) => `${task} ${rollout} ${ids.join()}`).sort());
    expectLosses(rows, records);
    for (const row of rows) {
      const most = Number(asked.options?.['tokens'] ?? 32768);
      expect(row.input_ids.length).toBeLessThanOrEqual(most);
      expect(row.input_ids.length % Number(asked.options?.['multiple'] ?? 128)).toBe(0);
      expect(row.position_ids).toHaveLength(row.input_ids.length);
      expect(row.node_lengths).toEqual(row.segment_parents.map((_, s) => row.segment_offsets[s + 1] - row.segment_offsets[s]));
      if (asked.options?.['across'] !== true) expect(new Set(row.sample_tasks).size).toBe(1);
    }
  });

  it('share rows between tasks where that is asked for, and only then', async () => {
    const apart = await written({});
    const across = await written({ options: { across: true } });
    expect(apart.rows.length).toBeGreaterThanOrEqual(8);
    expect(across.rows.length).toBeLessThan(apart.rows.length);
    expect(across.rows.some((row) => new Set(row.sample_tasks).size > 1)).toBe(true);
  });

  it('say which records are longer than a row, cut them where a turn ends, and count what is lost', async () => {
    const { rows, records, file } = await written({ weights: 'train-once', options: { tokens: 512, multiple: 1 } });
    const long = records.filter(({ input_ids: ids }) => ids.length > 512);
    expect(long.length).toBeGreaterThan(10);
    const ends = long.map(({ weight }) => {
      // The last token of the last run of weights that ends at 512 or before.
      const runs = weight.map((own, i) => own > 0 && (weight[i + 1] ?? 0) === 0 && i < 512);
      return runs.lastIndexOf(true) + 1;
    });
    const counts = new Map(file.shortfalls?.map(({ what, count }) => [what, count]));
    expect(counts.get('records longer than 512 tokens, cut after the last turn that fits') ?? 0).toBe(ends.filter((end) => end > 0).length);
    expect(counts.get('records longer than 512 tokens, left out') ?? 0).toBe(ends.filter((end) => end === 0).length);
    const cut = records.flatMap((record) => {
      const end = record.input_ids.length <= 512 ? record.input_ids.length : ends[long.indexOf(record)];
      return end === 0 ? [] : [{ ...record, input_ids: record.input_ids.slice(0, end), weight: record.weight.slice(0, end) }];
    });
    expectLosses(rows, cut);
    const lossOf = (list: readonly TokenRecord[]): number =>
      list.reduce((sum, { weight }) => sum + weight.filter((own) => own > 0).length, 0);
    expect(counts.get('trained tokens of long records, left out')).toBe(lossOf(records) - lossOf(cut));
    expect(Math.max(...rows.map(({ input_ids: ids }) => ids.length))).toBeLessThanOrEqual(512);
  });

  it('say how well they share: POR and ERR from tokens of samples, of distinct prefixes and of rows', async () => {
    const { file, rows, records } = await written({ options: { tokens: 2048 } });
    const flat = records.reduce((sum, { input_ids: ids }) => sum + ids.length, 0);
    const prefixes = makePrefixes();
    const tree = new Set(records.flatMap(({ task, input_ids: ids }) => prefixes(task, ids))).size;
    const packed = rows.reduce((sum, row) => sum + (row.segment_offsets.at(-1) ?? 0), 0);
    const padding = rows.reduce((sum, row) => sum + row.input_ids.length, -packed);
    expect(file.packing).toEqual({ flat, tree, packed, padding, por: 1 - tree / flat, err: 1 - packed / flat });
    expect(file.packing?.err).toBeLessThan(file.packing?.por ?? 0);
    expect(file.packing?.err).toBeGreaterThan(0.2);
  });

  it('are the same rows as Parquet and as safetensors', async () => {
    const options = { tokens: 4096 };
    const { rows } = await written({ options });
    const table = await bytesOf({ ...options, format: 'parquet' }, 0);
    expect([...table.keys()]).toEqual(['tree/train.parquet']);
    const parquet = await parquetReadObjects({ file: Uint8Array.from(table.get('tree/train.parquet') ?? []).buffer });
    expect(parquet).toEqual(rows);
    const tensors = await bytesOf({ ...options, format: 'safetensors' }, 0.1);
    expect(tensors.size).toBeGreaterThan(3);
    expect([...tensors.keys()].slice(0, 2)).toEqual(['tree/train-00000.safetensors', 'tree/train-00001.safetensors']);
    expect([...tensors.values()].flatMap(rowsOfTensors)).toEqual(rows);
    expect(Math.max(...[...tensors.values()].map(({ length }) => length))).toBeLessThan(600_000);
    const whole = await bytesOf({ ...options, format: 'safetensors' }, 0);
    expect([...whole.keys()]).toEqual(['tree/train-00000.safetensors']);
  });

  it('are empty tensors where nothing is trained, and align what is in them', async () => {
    const file = safetensors([
      { name: 'b', type: 'U8', parts: [Uint8Array.of(7)] },
      { name: 'a', type: 'F64', parts: [Float64Array.of(0.5), Float64Array.of(NaN, -1)] },
      { name: 'c', type: 'I32', parts: [] },
    ]);
    expect(file.length % 8).toBe(1);
    expect(readSafetensors(Buffer.from(file))).toEqual({ a: [0.5, NaN, -1], b: [7], c: [] });
  });
});

async function bytesOf(options: OptionValues, shard: number): Promise<Map<string, Buffer>> {
  const sink = memorySink();
  const { orderId } = session.order(DEFAULT_RULE);
  const spec: ExportSpec = { ...exportSpec(), profiles: [{ profile: 'tree', options }], records: { shard } };
  await session.export(orderId, { cut: 1, train: 1 }, spec, sink, () => undefined);
  sink.bytes.delete('manifest.json');
  return sink.bytes;
}

/** A file's columns as rows of JSON Lines have them. */
function rowsOfTensors(file: Buffer): Row[] {
  const tensors = readSafetensors(file);
  const names = Object.keys(tensors).filter((name) => !name.includes('.'));
  const column = (name: string, r: number): number[] =>
    tensors[name].slice(tensors[`${name}.offsets`][r], tensors[`${name}.offsets`][r + 1]);
  const split = (values: readonly number[], lengths: readonly number[]): number[][] => {
    let at = 0;
    return lengths.map((length) => values.slice(at, (at += length)));
  };
  return Array.from({ length: tensors['input_ids.offsets'].length - 1 }, (_, r) => {
    const entries = names.map((name) => {
      const values = column(name, r);
      const lists = `${name}.lengths` in tensors ? split(values, column(`${name}.lengths`, r)) : null;
      return [
        name,
        name.startsWith('sample_') && name !== 'sample_id' && name !== 'sample_paths'
          ? lists?.map((b) => Buffer.from(b).toString())
          : (lists ?? values),
      ];
    });
    return Object.fromEntries(entries) as Row;
  });
}
