/** A mix of tags at export: which tasks are written, what weights become, and what the manifest says of it. */
import { expect, it } from 'vitest';
import { withTag } from '../../../../src/core/axes/tags.ts';
import { withTaskTags, type Notes } from '../../../../src/core/notes/notes.ts';
import { open, rule, type Dataset } from '../../../../src/cli/api.ts';
import type { ExportSpec, RecordSettings } from '../../../../src/engine/answers/exporting.ts';
import { toyLog, toyTasks } from '../../../helpers/axes.ts';
import { linesOf, memorySink } from '../../../helpers/openSession.ts';

const TASKS = toyTasks({ python: 12, rust: 4, go: 5, zig: 1 });
const languageOf = (task: string): string => task.split('-')[0] ?? '';

/** zig has no tag. */
function tagged(): Notes {
  const said = TASKS.map(({ task }) => task).filter((task) => languageOf(task) !== 'zig');
  return withTaskTags([], said, (before, task) => withTag(before, 'language', { tag: languageOf(task), source: 'hand' }));
}

interface Line {
  readonly task: string;
  readonly weight: number[];
}

interface Manifest {
  readonly settings: { readonly records: RecordSettings };
  readonly totals: {
    readonly left_out?: { readonly unmixed: number };
    readonly mix?: {
      readonly pools: readonly {
        readonly tag: string;
        readonly asked: number | null;
        readonly share: number;
        readonly weight_factor: number;
      }[];
      readonly dropped_tasks: number;
      readonly tags_sha256: string;
    };
  };
}

const log = (): Promise<Dataset> => open([{ name: 'log.jsonl', bytes: new TextEncoder().encode(toyLog(TASKS)) }], { notes: tagged() });

async function written(records: Partial<RecordSettings>, spec: Partial<ExportSpec> = {}) {
  const dataset = await log();
  const sink = memorySink();
  await dataset.prune(rule(), { cut: 1, train: 1 }).export(sink, { profiles: [{ profile: 'tokens' }], ...spec, records });
  const lines = linesOf(sink.files.get('tokens.jsonl')) as unknown as Line[];
  const counts: Record<string, number> = {};
  for (const task of new Set(lines.map((line) => line.task))) counts[languageOf(task)] = (counts[languageOf(task)] ?? 0) + 1;
  return { lines, counts, manifest: JSON.parse(sink.files.get('manifest.json') ?? '') as Manifest };
}

/** language -> sum of the weights that are written */
function massOf(lines: readonly Line[]): Record<string, number> {
  const mass: Record<string, number> = {};
  for (const { task, weight } of lines) mass[languageOf(task)] = (mass[languageOf(task)] ?? 0) + weight.reduce((sum, own) => sum + own, 0);
  return mass;
}

it('samples whole tasks to their shares, and says what was dropped', async () => {
  const { counts, manifest } = await written({ mixBy: 'language', mix: 'python=50,rust=25,rest=25' });
  // Of 19 tasks 9.5, 4.75 and 4.75 are asked for; there are 4 of rust. Of 20, 5 would have to be.
  expect(counts).toMatchObject({ python: 10, rust: 4 });
  expect((counts['go'] ?? 0) + (counts['zig'] ?? 0)).toBe(5);
  const { left_out, mix } = manifest.totals;
  expect(mix).toMatchObject({ dropped_tasks: 3 });
  expect(mix?.pools.map(({ tag, asked }) => [tag, asked])).toEqual([
    ['python', 0.5],
    ['rust', 0.25],
    ['rest', 0.25],
  ]);
  expect(left_out?.unmixed).toBe(3);
  expect(manifest.settings.records).toMatchObject({ mixBy: 'language', mixWay: 'sample', mix: 'python=50,rust=25,rest=25' });
});

it('takes others with another seed, and the same with the same', async () => {
  const names = async (seed: number): Promise<string[]> => {
    const { lines } = await written({ mixBy: 'language', mixWay: 'cap', mix: 'python=3', seed });
    return lines.map(({ task }) => task).filter((task) => task.startsWith('python'));
  };
  expect(await names(1)).toEqual(await names(1));
  expect(new Set([...(await names(1)), ...(await names(2)), ...(await names(3))]).size).toBeGreaterThan(3);
});

it('caps tags, and leaves alone what nothing is asked of', async () => {
  expect((await written({ mixBy: 'language', mixWay: 'cap', mix: 'each=2' })).counts).toEqual({ go: 2, python: 2, rust: 2, zig: 1 });
  expect((await written({ mixBy: 'language', mixWay: 'cap', mix: 'python=1' })).counts).toEqual({ go: 5, python: 1, rust: 4, zig: 1 });
});

it('multiplies weights to exact shares, with the sum as it was', async () => {
  for (const weights of ['branch-mean', 'kept-mean'] as const) {
    const before = massOf((await written({}, { weights })).lines);
    const { lines, manifest } = await written({ mixBy: 'language', mixWay: 'weight', mix: 'python=20,rust=30,rest=50' }, { weights });
    const after = massOf(lines);
    const total = (mass: Record<string, number>): number => Object.values(mass).reduce((sum, own) => sum + own, 0);
    expect(total(after)).toBeCloseTo(total(before), 6);
    expect(after['python']! / total(after)).toBeCloseTo(0.2, 9);
    expect(after['rust']! / total(after)).toBeCloseTo(0.3, 9);
    const [python] = manifest.totals.mix?.pools ?? [];
    expect(python?.weight_factor).toBeCloseTo(after['python']! / before['python']!, 9);
    expect(python?.share).toBeCloseTo(0.2, 9);
    expect(manifest.totals.mix?.dropped_tasks).toBe(0);
  }
});

it('counts tasks without a tag as unknown, which can be named', async () => {
  expect((await written({ mixBy: 'language', mix: 'unknown=1' })).counts).toEqual({ zig: 1 });
});

it('gives the share of tags without tasks to the others', async () => {
  const { counts, manifest } = await written({ mixBy: 'language', mix: 'java=50,rust=50' });
  expect(counts).toEqual({ rust: 4 });
  expect(manifest.totals.mix?.pools.map(({ tag, asked }) => [tag, asked])).toContainEqual(['rust', 1]);
});

it('refuses weights in files that cannot say them, and by train-once', async () => {
  const records = { mixBy: 'language', mixWay: 'weight', mix: 'each=1' } as const;
  await expect(written(records, { profiles: [{ profile: 'trl-messages' }] })).rejects.toThrow('cannot say the weights of a mix');
  await expect(written(records, { weights: 'train-once' })).rejects.toThrow('choose branch-mean or kept-mean');
  await expect(written({ mixBy: 'language', mix: 'klingon=1' })).rejects.toThrow('a tag of language');
});

it('writes what it wrote before where no mix is asked for', async () => {
  const { lines, manifest } = await written({ mix: 'each=2' });
  expect(lines).toHaveLength(TASKS.length);
  expect(manifest.totals).not.toHaveProperty('mix');
});
