/**
 * Makes the pictures of README.md from the built page with the bundled sample: node scripts/pictures.mjs
 * Two screenshots and a short animation of the tour. The animation needs `img2webp` (Debian: apt-get install webp).
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { preview } from 'vite';
import { findChromium } from './chromium.mjs';
import { ensureInstalled, ensurePage, ROOT } from './setup.mjs';

const DOCS = join(ROOT, 'docs');
const ARGS = ['--no-sandbox', '--disable-quic', '--enable-unsafe-webgpu'];
const SAMPLE = '?url=samples/orchard.jsonl';

/** @type {(page: import('playwright-core').Page) => Promise<void>} */
async function drawn(page) {
  await page.getByText('signal retained').first().waitFor();
  await page.waitForLoadState('networkidle');
  await page.waitForTimeout(1500);
}

/** Drags the curve's handle in small steps; `onStep` is called after each. */
async function dragBudget(page, from, to, steps, onStep) {
  const slider = page.getByRole('slider').first();
  await slider.focus();
  for (let step = 0; step < steps; step++) {
    for (let press = 0; press < Math.abs(to - from) / steps; press++) await page.keyboard.press(to > from ? 'ArrowRight' : 'ArrowLeft');
    await page.waitForTimeout(120);
    await onStep();
  }
}

/** Clicks a sampled run of the sample's first task, and takes the pointer away so that no hover card is in the picture. */
async function selectCall(page) {
  await page.getByRole('application', { name: /Prefix tree/ }).click({ position: { x: 170, y: 150 } });
  await page.mouse.move(700, 5);
  await page.waitForTimeout(800);
}

ensureInstalled();
ensurePage();
const server = await preview({ root: ROOT, logLevel: 'silent', preview: { port: 4300, strictPort: false } });
const address = server.resolvedUrls?.local[0] ?? '';
const browser = await chromium.launch({ executablePath: await findChromium(), args: ARGS });
mkdirSync(DOCS, { recursive: true });

for (const scheme of /** @type {const} */ (['light', 'dark'])) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: scheme });
  await page.goto(address + SAMPLE);
  await drawn(page);
  await selectCall(page);
  await page.screenshot({ path: join(DOCS, `screenshot-${scheme}.png`) });
  await page.close();
}

const folder = mkdtempSync(join(tmpdir(), 'espalier-tour-'));
const frames = [];
const page = await browser.newPage({ viewport: { width: 1200, height: 750 }, colorScheme: 'light' });
await page.goto(address + SAMPLE);
await drawn(page);
const frame = async (milliseconds) => {
  const path = join(folder, `${String(frames.length).padStart(3, '0')}.png`);
  await page.screenshot({ path });
  frames.push({ path, milliseconds });
};
await frame(1200);
await dragBudget(page, 30, 12, 9, () => frame(110));
await dragBudget(page, 12, 60, 16, () => frame(110));
await dragBudget(page, 60, 30, 10, () => frame(110));
await frame(700);
await selectCall(page);
await frame(1500);
for (const key of ['2', '3', '1']) {
  await page.keyboard.press('Escape');
  await page.keyboard.press(key);
  await page.waitForTimeout(700);
  await frame(1200);
}
await browser.close();
await server.close();

const tour = join(DOCS, 'tour.webp');
const args = ['-loop', '0', '-lossy', '-q', '70', '-m', '6'];
for (const { path, milliseconds } of frames) args.push('-d', String(milliseconds), path);
const made = spawnSync('img2webp', [...args, '-o', tour], { stdio: ['ignore', 2, 2] });
rmSync(folder, { recursive: true, force: true });
if (made.error) {
  process.stderr.write(`docs/tour.webp was not made: img2webp is missing (Debian: apt-get install webp)\n`);
  process.exitCode = 1;
}
