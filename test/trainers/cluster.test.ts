/** A log pruned on a cluster, in parts of whole tasks, gives the records of one process. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { titled, trainerEnvironment, type TrainerEnvironment } from '../helpers/trainers.ts';
import { ROOT } from '../helpers/sources.ts';

const CLI = join(ROOT, 'bin/espalier.mjs');
/** Each task with a budget of its own and drawn tokens; one budget for all tasks. */
const WAYS = [
  { way: 'task', flags: ['--preset', 'sft', '--scope', 'task'] },
  { way: 'global', flags: ['--preset', 'rl', '--budget', '35%', '--train-budget', '60%'] },
] as const;
type Way = (typeof WAYS)[number];
const FILES = ['messages.jsonl', 'tokens.jsonl', 'forest.jsonl'];

const folder = mkdtempSync(join(tmpdir(), 'espalier-cluster-'));
const [first, second] = [join(folder, 'a.jsonl'), join(folder, 'b.jsonl')];
const wholeOf = ({ way }: Way): string => join(folder, `whole-${way}`);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(() => {
  // Tasks lie across files; one line is of no use.
  const lines = readFileSync(join(ROOT, 'public/samples/orchard-chat.jsonl'), 'utf8').trimEnd().split('\n');
  const odd = lines.filter((_, i) => i % 2 === 1);
  writeFileSync(first, `${odd.join('\n')}\n{"torn\n`);
  writeFileSync(second, `${lines.filter((_, i) => i % 2 === 0).join('\n')}\n`);
  for (const way of WAYS)
    execFileSync(process.execPath, [CLI, 'prune', first, second, ...way.flags, '--out', wholeOf(way)], { stdio: 'pipe' });
});

/** Records say which line of which file they come from, and a part is a file of its own. */
function records(text: string): string[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.replaceAll(/"source":\{[^}]*\}/g, '"source":{}'));
}

interface Manifest {
  readonly totals: Record<string, unknown> & { readonly signal: { readonly kept: number; readonly bound: number } };
  readonly issues: readonly unknown[];
  readonly parts: readonly string[];
}

function manifestIn(path: string): Manifest {
  return JSON.parse(readFileSync(join(path, 'manifest.json'), 'utf8')) as Manifest;
}

function expectTheSame(out: string, way: Way): void {
  const whole = wholeOf(way);
  const parts = readdirSync(out)
    .filter((name) => /^part-\d+$/.test(name))
    .sort();
  expect(parts).toHaveLength(3);
  for (const name of FILES) {
    const joined = parts.flatMap((part) => records(readFileSync(join(out, part, name), 'utf8')));
    expect(joined).toEqual(records(readFileSync(join(whole, name), 'utf8')));
  }
  const [found, expected] = [manifestIn(out), manifestIn(whole)];
  expect(found.parts).toEqual(parts);
  expect(found.issues).toHaveLength(expected.issues.length);
  for (const name of ['distinct_tokens', 'training_tokens', 'tasks', 'rollouts', 'records'])
    expect(found.totals[name]).toEqual(expected.totals[name]);
  for (const name of ['kept', 'bound'] as const) expect(found.totals.signal[name]).toBeCloseTo(expected.totals.signal[name], 9);
}

function run({ python }: TrainerEnvironment, script: string, out: string, { flags }: Way): void {
  const args = [
    join(ROOT, script),
    first,
    second,
    '--out',
    out,
    '--parts',
    '3',
    '--espalier',
    `${process.execPath} ${CLI}`,
    '--',
    ...flags,
  ];
  const env = {
    ...process.env,
    PYTHONPATH: join(ROOT, 'integrations/cluster'),
    PYTHONDONTWRITEBYTECODE: '1',
    PYSPARK_PYTHON: python,
    PYSPARK_SUBMIT_ARGS: '--master local[2] --driver-memory 1g --conf spark.ui.enabled=false pyspark-shell',
    SPARK_LOCAL_IP: '127.0.0.1',
    RAY_USAGE_STATS_ENABLED: '0',
  };
  const { status, stderr, stdout } = spawnSync(python, args, { cwd: folder, env, encoding: 'utf8', maxBuffer: 64 << 20 });
  if (status !== 0) throw new Error(`${script}: ${stdout.slice(-2000)}\n${stderr.slice(-6000)}`);
}

const python = trainerEnvironment('spark');
const hasJava = spawnSync('java', ['-version']).status === 0;
const spark = { ...python, missing: python.missing ?? (hasJava ? null : 'no Java: Spark needs version 17') };
const ray = trainerEnvironment('ray');

describe.skipIf(ray.missing !== null)(titled('Flags of parts', ray), () => {
  it.each([
    [['--scope', 'task', '--preset', 'auto'], 'preset by name'],
    [['--scope=task', '--scores', 'a'], '--scores'],
  ])('refuses %j', (flags, reason) => {
    const args = ['-c', 'import sys; from espalier_parts import check_flags; check_flags(sys.argv[1:])', ...flags];
    const env = { ...process.env, PYTHONPATH: join(ROOT, 'integrations/cluster'), PYTHONDONTWRITEBYTECODE: '1' };
    const { status, stderr } = spawnSync(ray.python, args, { env, encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toContain(reason);
  });
});

describe.skipIf(spark.missing !== null)(titled('Spark', spark), () => {
  it.each(WAYS)('gives the records of one process, with one budget by $way', (way) => {
    const out = join(folder, `spark-${way.way}`);
    run(spark, 'integrations/spark/espalier_spark.py', out, way);
    expectTheSame(out, way);
  });
});

describe.skipIf(ray.missing !== null)(titled('Ray Data', ray), () => {
  it.each(WAYS)('gives the records of one process, with one budget by $way', (way) => {
    const out = join(folder, `ray-${way.way}`);
    run(ray, 'integrations/ray/espalier_ray.py', out, way);
    expectTheSame(out, way);
  });
});
