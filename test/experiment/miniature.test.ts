/**
 * The gradient experiment in small: one tiny policy, one small forest, the product's own selections and figures, and exact
 * gradients of all. Needs Python with experiments/gradient/requirements.txt, named by ESPALIER_PYTHON as CI does.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const EXPERIMENT = join(ROOT, 'experiments/gradient');
const python = process.env['ESPALIER_PYTHON'] ?? '';
const hasPython = python !== '' && spawnSync(python, ['-c', 'import numpy, onnx']).status === 0;
const why = hasPython ? '' : ' (skipped: set ESPALIER_PYTHON to a Python that has experiments/gradient/requirements.txt)';

interface Entry {
  readonly name: string;
  readonly target: 'full' | 'cut' | 'train';
  readonly mode: 'sft' | 'rl';
  readonly budget: number;
  readonly seed: number;
  readonly truth: { readonly cosine: number; readonly norm: number };
  readonly exact: { readonly lastLayer: number };
  readonly shown: { readonly meter: number | null; readonly meterNorm: number | null };
}

function ranks(values: readonly number[]): number[] {
  return values.map((value) => values.filter((other) => other < value).length + values.filter((other) => other === value).length / 2);
}

function spearman(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [ranks(a), ranks(b)];
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  const product = (p: readonly number[], mp: number, q: readonly number[], mq: number): number =>
    p.reduce((sum, value, i) => sum + (value - mp) * ((q[i] ?? 0) - mq), 0);
  return product(x, mx, y, my) / Math.sqrt(product(x, mx, x, mx) * product(y, my, y, my));
}

describe.skipIf(!hasPython)(`the gradient experiment in small${why}`, () => {
  const work = mkdtempSync(join(tmpdir(), 'espalier-miniature-'));
  let entries: readonly Entry[] = [];
  beforeAll(() => {
    execFileSync(process.execPath, [join(EXPERIMENT, 'run.mjs'), '--small', '--work', work, '--python', python], {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const read = JSON.parse(readFileSync(join(work, 'results/small-A.json'), 'utf8')) as { refused: string[]; entries: Entry[] };
    expect(read.refused).toEqual([]);
    entries = read.entries;
  }, 600_000);
  afterAll(() => {
    rmSync(work, { recursive: true, force: true });
  });

  it('exports the whole set with the exact gradient of flat training', () => {
    const full = entries.filter(({ target }) => target === 'full');
    expect(full.map(({ mode }) => mode)).toEqual(['sft', 'rl']);
    for (const { truth } of full) {
      expect(truth.cosine).toBeCloseTo(1, 3);
      expect(truth.norm).toBeCloseTo(1, 3);
    }
  });

  it('shows a gradient meter that ranks selections of one budget as their exact gradients do', () => {
    for (const mode of ['sft', 'rl'] as const) {
      const budgets = [...new Set(entries.filter(({ target }) => target !== 'full').map(({ budget }) => budget))];
      expect(budgets.length).toBeGreaterThanOrEqual(2);
      const correlations = budgets.map((budget) => {
        const here = entries.filter((entry) => entry.mode === mode && entry.budget === budget);
        expect(here.length).toBeGreaterThanOrEqual(12);
        expect(here.filter(({ shown }) => shown.meter === null)).toEqual([]);
        return spearman(
          here.map(({ shown }) => shown.meter ?? 0),
          here.map(({ truth }) => truth.cosine),
        );
      });
      expect(correlations.reduce((sum, value) => sum + value, 0) / correlations.length).toBeGreaterThanOrEqual(0.6);
    }
  });

  it('draws tokens whose gradient is nearly the full one at three tenths of the tokens', () => {
    const drawn = entries.filter(({ name, budget }) => name === 'unbiased tokens, gradient' && budget === 0.3);
    expect(drawn.length).toBeGreaterThanOrEqual(4);
    for (const { truth } of drawn) expect(truth.cosine).toBeGreaterThan(0.95);
  });
});
