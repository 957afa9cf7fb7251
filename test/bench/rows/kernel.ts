/** Our entropy kernel beside reading the logits back, on WebGPU in a real Chromium; says so where there is none. */
import { chromium } from 'playwright-core';
import { build } from 'vite';
import type { KernelTimes } from '../gpu/kernel-times.ts';
import { faster, type Row, type Scale } from './row.ts';

const ARGS = ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--enable-unsafe-webgpu'];
/** A page of this origin is a secure context, without which there is no WebGPU; nothing is served there. */
const PAGE = 'http://localhost/';
/** [rows, vocabulary]: a request of the bundled model, and one of a Qwen-sized vocabulary. */
const SIZES = [[128, 8192], [32, 151_936]] as const;

/** @param executable Chromium's path; null where there is none */
export async function kernelRows(root: string, executable: string | null, scale: Scale): Promise<Row[]> {
  if (executable === null) return SIZES.map((size) => skipped(size, 'no Chromium was found'));
  scale.say('entropy kernel against read-back, in Chromium');
  const code = await pageCode(root);
  const browser = await chromium.launch({ executablePath: executable, args: ARGS });
  try {
    const page = await browser.newPage();
    await page.route('**/*', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>bench</title>' }));
    await page.goto(PAGE);
    const rows: Row[] = [];
    for (const [count, vocabulary] of SIZES) {
      const times = (await page.evaluate(`${code}\nbench.measureKernel(${count}, ${vocabulary}, ${scale.quick ? 1 : 9})`)) as KernelTimes | null;
      rows.push(times === null ? skipped([count, vocabulary], 'Chromium offers no WebGPU adapter here') : rowOf(count, vocabulary, times));
    }
    return rows;
  } finally {
    await browser.close();
  }
}

async function pageCode(root: string): Promise<string> {
  const built = await build({
    root, configFile: false, logLevel: 'warn',
    build: { write: false, minify: false, target: 'esnext', copyPublicDir: false, lib: { entry: 'test/bench/gpu/kernel-times.ts', formats: ['iife'], name: 'bench' } },
  });
  const [first] = Array.isArray(built) ? built : [built];
  const chunk = first && 'output' in first ? first.output.find((part) => part.type === 'chunk') : undefined;
  if (chunk?.type !== 'chunk') throw new Error('expected one script for the page');
  return chunk.code;
}

const nameOf = (rows: number, vocabulary: number): string => `entropy of [${rows}, ${vocabulary}] logits on WebGPU: kernel vs reading them back`;

function rowOf(rows: number, vocabulary: number, { adapter, software, kernel, readBack, copying, difference }: KernelTimes): Row {
  if (!(difference < 1e-4)) throw new Error(`the kernel and the arithmetic in JavaScript differ by ${difference} nats`);
  const warning = software ? `, a software adapter, which says nothing of a GPU's speed` : '';
  return faster(nameOf(rows, vocabulary), { ours: kernel, reference: readBack }, '>= 1', `${adapter}${warning}; ${copying.toFixed(1)} ms of the reference are reading back, the rest float64 in JavaScript`);
}

function skipped([rows, vocabulary]: readonly [number, number], why: string): Row {
  return { name: nameOf(rows, vocabulary), value: NaN, unit: 'ms', reference: NaN, ratio: NaN, goal: '>= 1', note: `skipped: ${why}` };
}
