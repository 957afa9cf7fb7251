/** The files of an export: folders of profiles, splits by task, shards, and Parquet. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parquetReadObjects } from 'hyparquet';
import { expect, it } from 'vitest';
import { DEFAULT_RULE } from '../../../../src/core/model/rule.ts';
import type { ExportedFile, ExportSpec, RecordSettings } from '../../../../src/engine/answers/exporting.ts';
import { fileNameOf, mayWrite } from '../../../../src/engine/export/file-names.ts';
import { parquetRows, prepareParquet } from '../../../../src/engine/export/parquet.ts';
import type { PlannedExport } from '../../../../src/engine/export/planned.ts';
import { taskSplits } from '../../../../src/engine/export/records.ts';
import { makeTally } from '../../../../src/engine/export/tally.ts';
import type { TaskUnit } from '../../../../src/engine/export/units.ts';
import { exportSpec, inputFile, linesOf, memorySink, openSession } from '../../../helpers/openSession.ts';

const sample = inputFile('orchard.jsonl', readFileSync('public/samples/orchard.jsonl'));
const { session } = await openSession([sample]);

async function written(records: Partial<RecordSettings>, ...profiles: string[]) {
  const spec: ExportSpec = { ...exportSpec(...profiles), records };
  const sink = memorySink();
  const files = await session.export(session.order(DEFAULT_RULE).orderId, { cut: 0.3, train: 1 }, spec, sink, () => undefined);
  return { files: files.filter(({ name }) => name !== 'manifest.json'), sink };
}

const total = (files: readonly ExportedFile[]): number => files.reduce((sum, { records }) => sum + records, 0);

it('are those of the whole set, divided by task', async () => {
  const whole = await written({}, 'tokens', 'trl-tokens');
  expect(whole.files.map(({ name }) => name)).toEqual(['tokens.jsonl', 'trl-tokens/train.jsonl']);
  const { files, sink } = await written({ validation: 0.25, seed: 7 }, 'tokens', 'trl-tokens', 'forest');
  expect(files.map(({ name }) => name)).toEqual([
    'tokens.jsonl',
    'tokens-validation.jsonl',
    'forest.jsonl',
    'trl-tokens/train.jsonl',
    'trl-tokens/validation.jsonl',
  ]);
  const tasksOf = (name: string): Set<unknown> => new Set(linesOf(sink.files.get(name)).map(({ task }) => task));
  const [train, validation] = [tasksOf('tokens.jsonl'), tasksOf('tokens-validation.jsonl')];
  expect(train.size).toBe(6);
  expect(validation.size).toBe(2);
  expect([...train].filter((task) => validation.has(task))).toEqual([]);
  const lines = (sinkOf: typeof sink, ...names: string[]): string[] =>
    names.flatMap((name) => (sinkOf.files.get(name) ?? '').trimEnd().split('\n')).sort();
  expect(lines(sink, 'trl-tokens/train.jsonl', 'trl-tokens/validation.jsonl')).toEqual(lines(whole.sink, 'trl-tokens/train.jsonl'));
});

it('are followed by a further one when they are full, with every record in one of them', async () => {
  const whole = await written({}, 'tokens');
  const { files, sink } = await written({ shard: 0.1 }, 'tokens');
  expect(files.length).toBeGreaterThan(3);
  expect(files[1].name).toBe('tokens-00001.jsonl');
  expect(total(files)).toBe(total(whole.files));
  expect(files.map(({ name }) => sink.files.get(name)).join('')).toBe(whole.sink.files.get('tokens.jsonl'));
});

it('have labels only where the record trains, each token once over all', async () => {
  const { sink, files } = await written({}, 'tokens', 'trl-tokens');
  const rows = linesOf(sink.files.get('trl-tokens/train.jsonl')) as { input_ids: number[]; labels: number[]; attention_mask: number[] }[];
  const trained = rows.reduce((sum, { labels }) => sum + labels.filter((label) => label !== -100).length, 0);
  const { orderId } = session.order(DEFAULT_RULE);
  const figures = session.exportFigures(orderId, { cut: 0.3, train: 1 }, { ...exportSpec('tokens'), weights: 'train-once' });
  expect(trained).toBe(figures.trainingTokens);
  expect(rows.every(({ input_ids: ids, labels }) => labels.every((label, i) => label === -100 || label === ids[i]))).toBe(true);
  expect(files[1].records).toBe(rows.length);
});

it('say where labels stand for weights, and that prompts go without tools', async () => {
  const { files, sink } = await written({}, 'trl-tokens', 'verl-rl');
  expect(files[0].shortfalls).toEqual([{ what: 'records marked by train-once in place of branch-mean', count: files[0].records }]);
  expect(files[1].shortfalls).toEqual([{ what: 'tasks whose tool definitions are left out', count: 8 }]);
  const { outputs } = JSON.parse(sink.files.get('manifest.json') ?? '') as { outputs: ExportedFile[] };
  expect(outputs.map(({ shortfalls }) => shortfalls)).toEqual(files.map(({ shortfalls }) => shortfalls));
  const spec: ExportSpec = { ...exportSpec('trl-tokens'), weights: 'branch-mean' };
  const { orderId } = session.order(DEFAULT_RULE);
  const [preview] = await session.previewExport(orderId, { cut: 0.3, train: 1 }, spec);
  expect(preview.warnings.join()).toContain('each token trains once');
  const [once] = await session.previewExport(orderId, { cut: 0.3, train: 1 }, { ...spec, weights: 'train-once' });
  expect(once.warnings.join()).not.toContain('each token trains once');
});

it('hold no prompt of a task that begins with an answer, and count it', async () => {
  const said = (role: string, content: unknown): object => ({ role, content });
  const image = { type: 'image_url', image_url: { url: 'data:,' } };
  const logs = [
    { id: 'a', task: 'bare', messages: [said('assistant', 'Hello.'), said('user', 'Hi.'), said('assistant', 'Yes.')] },
    { id: 'b', task: 'seen', messages: [said('user', [{ type: 'text', text: 'What is it?' }, image]), said('assistant', 'A pear.')] },
  ];
  const opened = await openSession([inputFile('a.jsonl', logs.map((log) => `${JSON.stringify(log)}\n`).join(''))]);
  const sink = memorySink();
  const { orderId } = opened.session.order(DEFAULT_RULE);
  const [file] = await opened.session.export(orderId, { cut: 1, train: 1 }, exportSpec('verl-rl'), sink, () => undefined);
  expect(file).toMatchObject({
    records: 1,
    shortfalls: [
      { what: 'messages whose images are JSON text', count: 1 },
      { what: 'tasks that begin with an answer, left out', count: 1 },
    ],
  });
});

it('have names that say split and shard, and are known again', () => {
  const top = { fileName: 'tokens.jsonl' };
  const folder = { fileName: 'verl-sft/train.parquet' };
  const names = [
    fileNameOf(top, 'train', null),
    fileNameOf(top, 'validation', 3),
    fileNameOf(folder, 'train', 12),
    fileNameOf(folder, 'validation', null),
  ];
  expect(names).toEqual(['tokens.jsonl', 'tokens-validation-00003.jsonl', 'verl-sft/train-00012.parquet', 'verl-sft/validation.parquet']);
  expect(names.map((name) => [mayWrite(top, name), mayWrite(folder, name)])).toEqual([
    [true, false],
    [true, false],
    [false, true],
    [false, true],
  ]);
  expect(mayWrite(top, 'tokens-mine.jsonl')).toBe(false);
});

it('may be gzip, the same bytes each time, and are found again by their names', async () => {
  const plain = await written({ validation: 0.25 }, 'tokens', 'trl-tokens', 'verl-rl', 'forest');
  const packed = await written({ validation: 0.25, compress: 'gzip' }, 'tokens', 'trl-tokens', 'verl-rl', 'forest');
  expect(packed.files.map(({ name }) => name)).toEqual(plain.files.map(({ name }) => (name.endsWith('.parquet') ? name : `${name}.gz`)));
  for (const { name, bytes } of packed.files) {
    const own = packed.sink.bytes.get(name) ?? Buffer.alloc(0);
    expect(own.length).toBe(bytes);
    if (!name.endsWith('.gz')) continue;
    expect(gunzipSync(own).equals(plain.sink.bytes.get(name.slice(0, -3)) ?? Buffer.alloc(0))).toBe(true);
    // No time in the head.
    expect([...own.subarray(4, 8)]).toEqual([0, 0, 0, 0]);
    expect(mayWrite({ fileName: name.replace('-validation', '').slice(0, -3) }, name)).toBe(true);
  }
  expect(packed.files.find(({ name }) => name === 'tokens.jsonl.gz')?.bytes).toBeLessThan(0.3 * plain.files[0].bytes);
  const again = await written({ validation: 0.25, compress: 'gzip' }, 'tokens', 'trl-tokens', 'verl-rl', 'forest');
  expect(again.files).toEqual(packed.files);
  const { session: reopened } = await openSession([inputFile('forest.jsonl.gz', packed.sink.bytes.get('forest.jsonl.gz') ?? '')]);
  expect(reopened.facts().trajectories).toBe(session.facts().trajectories);
});

it('leave at least one task on either side', () => {
  const keys = ['a', 'b', 'c'];
  const sizes = [0, 0.01, 0.5, 1].map(
    (validation) => taskSplits(keys, { validation, seed: 1 }).filter((split) => split === 'validation').length,
  );
  expect(sizes).toEqual([0, 1, 2, 2]);
  expect(taskSplits(['a'], { validation: 0.5, seed: 1 })).toEqual(['train']);
});

it('may be Parquet, written a row group at a time', async () => {
  const schema = [
    { name: 'root', num_children: 2 },
    { name: 'task', type: 'INT32', repetition_type: 'REQUIRED' },
    { name: 'ids', repetition_type: 'REQUIRED', converted_type: 'LIST', num_children: 1 },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { name: 'element', type: 'INT32', repetition_type: 'REQUIRED' },
  ] as const;
  const rowOf = (task: number): { task: number; ids: number[] } => ({ task, ids: Array.from({ length: task % 4 }, (_, i) => task * i) });
  await prepareParquet();
  const make = parquetRows<TaskUnit>(
    () => [...schema],
    ({ task }) => (task === 5 ? null : [rowOf(task)]),
  );
  const writer = make({} as PlannedExport, {}, makeTally());
  const parts = [writer.head, ...Array.from({ length: 600 }, (_, task) => writer.write({ kind: 'task', task, records: [] })?.slice())];
  parts.push(await writer.finish?.());
  const file = Buffer.concat(parts.filter((part) => part !== undefined && part !== null));
  const bytes = Uint8Array.from(file).buffer;
  expect(await parquetReadObjects({ file: bytes })).toEqual(
    Array.from({ length: 600 }, (_, task) => rowOf(task)).filter(({ task }) => task !== 5),
  );
  expect(writer.records?.()).toBe(599);
});

it('hold the prompt of each task for verl', async () => {
  const { sink, files } = await written({}, 'verl-rl');
  const bytes = Uint8Array.from(sink.bytes.get('verl-rl/train.parquet') ?? []).buffer;
  const rows = (await parquetReadObjects({ file: bytes })) as { prompt: { role: string }[]; extra_info: { index: string } }[];
  expect(rows).toHaveLength(8);
  expect(files[0].records).toBe(8);
  expect(new Set(rows.map(({ extra_info: { index } }) => index)).size).toBe(8);
  expect(rows.map(({ prompt }) => prompt.map(({ role }) => role).join())).toEqual(rows.map(() => 'system,user'));
});
