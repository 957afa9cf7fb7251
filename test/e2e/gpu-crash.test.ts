/** The GPU process of a real Chromium crashes while the page scores on WebGPU (a software adapter where the machine has no other). */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { proven } from '../helpers/proven.ts';
import { dropFiles, startWorkbench, type Workbench } from './page.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-gpu-'));
const log = join(folder, 'log.jsonl');
writeFileSync(log, readFileSync('public/samples/orchard-chat.jsonl', 'utf8').split('\n').slice(0, 6).join('\n'));
let workbench: Workbench;
beforeAll(async () => {
  workbench = await startWorkbench();
});
afterAll(async () => {
  await workbench.close();
  rmSync(folder, { recursive: true, force: true });
});

async function openOn(executor: string): Promise<Page> {
  const page = await workbench.open('', { scoresByItself: false });
  await page.evaluate((id) => localStorage.setItem('espalier-executor', id), executor);
  await page.reload();
  await dropFiles(page, [log]);
  await page.getByText('signal retained').first().waitFor();
  await page
    .getByRole('banner')
    .getByRole('button', { name: /^entropy/ })
    .click();
  return page;
}

async function crashGpu(): Promise<void> {
  const cdp = await workbench.browser.newBrowserCDPSession();
  await cdp.send('Browser.crashGpuProcess');
  await cdp.detach();
}

it('goes on elsewhere, says so, names the devices as they are, and works again at the next try', async ({ task }) => {
  const page = await openOn('webgpu');
  const panel = page.getByRole('dialog', { name: 'Entropy' });
  await panel.getByRole('button', { name: 'Start scoring' }).click({ timeout: 120_000 });
  await panel.getByRole('button', { name: 'Pause' }).waitFor();
  await panel.getByText('runs on webgpu').waitFor();
  await crashGpu();
  const ended = panel.getByRole('status', { name: 'How the run ended' });
  await ended.waitFor({ timeout: 170_000 });
  const said = await ended.innerText();
  expect(said).toMatch(
    /^Done in [^:]+: ([\d,]+) tokens forwarded, ([\d,]+) tokens have a score\.\n▲ webgpu \(.+\): the GPU device was lost/,
  );
  expect(said).toContain('The run continued without it.');
  // All are scored, and the label says by what.
  await panel.getByText(/^([\d,]+) of \1 sampled tokens/).waitFor();
  const chip = page.getByRole('banner').getByRole('button', { name: /^entropy/ });
  expect(await chip.innerText()).toMatch(/model: espalier-3m \(fp16, .*wasm/);
  // The device that was lost is not called ready: the model is read anew for the next try, on a device of then.
  await panel.getByRole('button', { name: 'Estimate what is left' }).click();
  await panel.getByText(/^ready on /).waitFor({ timeout: 120_000 });
  const device = await panel.getByText(/^ready on /).innerText();
  proven(task, {
    part: 'Faults',
    fault: 'The GPU process crashes while the page scores on WebGPU',
    happened: `the run goes on on wasm and says so; all of the sampled tokens are scored; the next try is ${device}`,
  });
  await page.context().close();
}, 400_000);
