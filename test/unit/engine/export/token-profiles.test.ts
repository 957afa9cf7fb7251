/** Rows of token ids for single trainers, of the sample at a budget; their weights are held to flat training in identity.test.ts. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DEFAULT_RULE } from '../../../../src/core/model/rule.ts';
import type { ChosenProfile, ExportSpec } from '../../../../src/engine/answers/exporting.ts';
import { exportSpec, inputFile, linesOf, memorySink, openSession } from '../../../helpers/openSession.ts';

const { session } = await openSession([inputFile('orchard.jsonl', readFileSync('public/samples/orchard.jsonl'))]);
const BUDGET = { cut: 0.3, train: 1 };
const { orderId } = session.order(DEFAULT_RULE);

async function written(...profiles: ChosenProfile[]) {
  const sink = memorySink();
  const spec: ExportSpec = { ...exportSpec(), profiles };
  const files = await session.export(orderId, BUDGET, spec, sink, () => undefined);
  return { rows: linesOf(sink.files.get(files[0].name)) as Record<string, number[]>[], files };
}

const flat = await written({ profile: 'trl-tokens' });

it('have three columns for axolotl and two for SkyRL, and the tokens and marks of trl-tokens', async () => {
  const axolotl = await written({ profile: 'axolotl-tokens' });
  expect(axolotl.rows).toEqual(flat.rows);
  expect(new Set(axolotl.rows.map((row) => Object.keys(row).join()))).toEqual(new Set(['input_ids,attention_mask,labels']));
  expect(axolotl.rows.every(({ attention_mask: mask }) => mask.every((value) => value === 1))).toBe(true);
  const skyrl = await written({ profile: 'skyrl' });
  expect(skyrl.rows).toEqual(
    flat.rows.map(({ input_ids: ids, labels }) => ({ input_ids: ids, loss_mask: labels.map((label) => (label === -100 ? 0 : 1)) })),
  );
  expect(skyrl.files[0].shortfalls).toEqual(flat.files[0].shortfalls);
});

it('stand together in packed rows, each from position 0 on, and the same on every run', async () => {
  const room = 2000;
  const packed = await written({ profile: 'trl-tokens', options: { packed: room } });
  expect(packed.files[0].records).toBe(packed.rows.length);
  expect(packed.rows.length).toBeLessThan(flat.rows.length / 2);
  const records = packed.rows.flatMap((row) => {
    expect(Object.keys(row)).toEqual(['input_ids', 'position_ids', 'labels', 'seq_lengths']);
    expect(row['input_ids'].length).toBeLessThanOrEqual(room);
    let at = 0;
    return row['seq_lengths'].map((length) => {
      const [ids, positions, labels] = ['input_ids', 'position_ids', 'labels'].map((name) => row[name].slice(at, at + length));
      at += length;
      expect(positions).toEqual([...ids.keys()]);
      return JSON.stringify({ ids, labels });
    });
  });
  const wanted = flat.rows.map(({ input_ids: ids, labels }) => JSON.stringify({ ids, labels }));
  const short = wanted.filter((_, i) => flat.rows[i]['input_ids'].length <= room);
  expect(records.toSorted()).toEqual(short.toSorted());
  const left = packed.files[0].shortfalls?.find(({ what }) => what.includes('longer than a packed row'));
  expect(left?.count ?? 0).toBe(wanted.length - short.length);
  expect(await written({ profile: 'trl-tokens', options: { packed: room } })).toEqual(packed);
});

it('are shown before they are written, also where a writer holds them', async () => {
  const spec: ExportSpec = { ...exportSpec(), profiles: [{ profile: 'trl-tokens', options: { packed: 10_000 } }] };
  const [preview] = await session.previewExport(orderId, BUDGET, spec);
  expect(preview.lines[0].text).toMatch(/^\{"input_ids":\[/);
  expect(preview.records).toBeNull();
  expect(preview.warnings.join()).toContain('each token trains once');
});
