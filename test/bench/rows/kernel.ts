/** Our entropy kernel beside reading the logits back, on WebGPU in a real Chromium; says so where there is none. */
import type { KernelTimes } from '../gpu/kernel-times.ts';
import { inGpuPage } from '../gpu/page.ts';
import { faster, type Row, type Scale } from './row.ts';

/** [rows, vocabulary]: a request of the bundled model, and one of a Qwen-sized vocabulary. */
const SIZES = [
  [128, 8192],
  [32, 151_936],
] as const;

/** @param executable Chromium's path; null where there is none */
export async function kernelRows(root: string, executable: string | null, scale: Scale): Promise<Row[]> {
  scale.say('entropy kernel against read-back, in Chromium');
  const rows: Row[] = [];
  for (const [count, vocabulary] of SIZES) {
    const times = await inGpuPage<KernelTimes>(
      root,
      executable,
      'test/bench/gpu/kernel-times.ts',
      () => `measureKernel(${count}, ${vocabulary}, ${scale.quick ? 1 : 9})`,
    );
    rows.push(typeof times === 'string' ? skipped([count, vocabulary], times) : rowOf(count, vocabulary, times));
  }
  return rows;
}

const nameOf = (rows: number, vocabulary: number): string =>
  `entropy of [${rows}, ${vocabulary}] logits on WebGPU: kernel vs reading them back`;

function rowOf(rows: number, vocabulary: number, { adapter, software, kernel, readBack, copying, difference }: KernelTimes): Row {
  if (!(difference < 1e-4)) throw new Error(`the kernel and the arithmetic in JavaScript differ by ${difference} nats`);
  const warning = software ? `, a software adapter, which says nothing of a GPU's speed` : '';
  return faster(
    nameOf(rows, vocabulary),
    { ours: kernel, reference: readBack },
    '>= 1',
    `${adapter}${warning}; ${copying.toFixed(1)} ms of the reference are reading back, the rest float64 in JavaScript`,
  );
}

function skipped([rows, vocabulary]: readonly [number, number], why: string): Row {
  return { name: nameOf(rows, vocabulary), value: NaN, unit: 'ms', reference: NaN, ratio: NaN, goal: '>= 1', note: `skipped: ${why}` };
}
