/** Scoring on the built page: what idle parse workers add, by the clock, with the same bytes saved. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { serve } from '../../../src/platform/node/serve.ts';
import { CHROMIUM_FLAGS } from '../../helpers/chromiumFlags.ts';
import { open } from '../page/acts.ts';
import { expectEqual, faster, type Row, type Scale } from './row.ts';

const SAMPLE = 'public/samples/orchard-chat.jsonl';
const QUICK_LINES = 60;
const LONGEST_MS = 600_000;

interface Run {
  readonly ms: number;
  /** Of the saved scores. */
  readonly hash: string;
  readonly tokens: string;
}

export async function lentRows(root: string, scratch: string, executable: string | null, scale: Scale): Promise<Row[]> {
  if (executable === null || !existsSync(join(root, 'dist/index.html'))) return [];
  const { server, address } = await serve(join(root, 'dist'), 0, {});
  const browser = await chromium.launch({ executablePath: executable, args: CHROMIUM_FLAGS });
  try {
    scale.say('scoring the sample on the page, alone and with idle parse workers');
    const whole = await readFile(join(root, SAMPLE), 'utf8');
    const log = join(scratch, 'lent.jsonl');
    mkdirSync(scratch, { recursive: true });
    writeFileSync(log, scale.quick ? whole.split('\n').slice(0, QUICK_LINES).join('\n') : whole);
    const alone = await scored(browser, address, log, 'none');
    const helped = await scored(browser, address, log, 'alike');
    expectEqual('saved scores', helped.hash, alone.hash);
    const note = `${helped.tokens} tokens forwarded on wasm; the saved scores are the same bytes`;
    return [
      faster('scoring on the page with idle parse workers, against without', { ours: helped.ms, reference: alone.ms }, '> 1 x', note),
    ];
  } finally {
    await browser.close();
    server.close();
  }
}

async function scored(browser: Browser, address: string, log: string, lend: string): Promise<Run> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, serviceWorkers: 'block' });
  await context.addInitScript((lend) => {
    localStorage.setItem('espalier-score-by-itself', 'no');
    localStorage.setItem('espalier-executor', 'wasm');
    localStorage.setItem('espalier-lend-threads', lend);
    Reflect.deleteProperty(globalThis, 'showOpenFilePicker');
    Reflect.deleteProperty(globalThis, 'showSaveFilePicker');
  }, lend);
  const page = await context.newPage();
  await page.goto(address);
  await open(log).run(page);
  await page.keyboard.press('e');
  const panel = page.getByRole('dialog');
  const start = panel.getByRole('button', { name: 'Start scoring' });
  await start.waitFor({ timeout: LONGEST_MS });
  const begun = performance.now();
  await start.click();
  const end = panel.getByLabel('How the run ended');
  await end.waitFor({ timeout: LONGEST_MS });
  const ms = performance.now() - begun;
  const said = await end.innerText();
  const tokens = /([\d,]+) tokens forwarded/.exec(said)?.[1];
  if (tokens === undefined || said.includes('▲')) throw new Error(`scoring ended with: ${said}`);
  const [download] = await Promise.all([page.waitForEvent('download'), panel.getByRole('button', { name: /^Save/ }).click()]);
  const hash = createHash('sha256')
    .update(await readFile(await download.path()))
    .digest('hex');
  await context.close();
  return { ms, hash, tokens };
}
