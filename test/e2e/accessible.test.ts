/** axe finds nothing serious in any view or panel of the built page, in both themes and in a narrow window. */
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MAIN_VIEWS } from '../../src/app/views/main/registry.ts';
import { dropFiles, startWorkbench, type Workbench } from './page.ts';

const LOG = 'public/samples/orchard-chat.jsonl';

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

let workbench: Workbench;
beforeAll(async () => {
  workbench = await startWorkbench({ gpu: false });
});
afterAll(() => workbench.close());

/**
 * Of a bar's name and number axe makes one word, because nothing stands between two texts of an SVG; the label has both, in that
 * order, with what else is known.
 */
const isJoined = (id: string, html: string): boolean => id === 'label-content-name-mismatch' && html.startsWith('<g data-bar');

/** What axe holds to be serious or worse, each with its first places. */
async function faults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const violations = await page.evaluate<Violation[]>(
    `axe.run(document, { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] })
      .then(({ violations }) => violations)`,
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes
        .filter(({ html }) => !isJoined(id, html))
        .slice(0, 3)
        .map(({ html, failureSummary = '' }) => `${id}: ${html.slice(0, 160)} | ${failureSummary}`),
    );
}

async function opened(theme: 'light' | 'dark', width: number, height: number): Promise<Page> {
  const page = await workbench.open('', { scoresByItself: false });
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
  await page.setViewportSize({ width, height });
  await dropFiles(page, [LOG]);
  await page.getByText('128 rollouts').first().waitFor();
  if (width >= 900) await page.getByText('signal retained').first().waitFor();
  return page;
}

const PANELS = [
  ['?', 'Shortcuts and legend'],
  ['Control+k', 'Actions'],
  ['Control+e', 'Export'],
  ['p', 'Problems'],
  ['i', 'Open dataset'],
  ['e', 'Entropy and model'],
] as const;

it.each(['light', 'dark'] as const)('no view and no panel has a serious fault in the %s theme', async (theme) => {
  const page = await opened(theme, 1440, 900);
  const found: string[] = [];
  const look = async (name: string): Promise<void> => {
    await page.waitForTimeout(700);
    found.push(...(await faults(page)).map((fault) => `${name}: ${fault}`));
  };
  for (const [key, name] of PANELS) {
    await page.keyboard.press(key);
    await page.getByRole('dialog').first().waitFor();
    await look(name);
    await page.keyboard.press('Escape');
  }
  await page.keyboard.press(']');
  for (const { key, name } of MAIN_VIEWS) {
    await page.keyboard.press(key);
    await look(name);
  }
  expect(found).toEqual([]);
  await page.context().close();
});

it('the first screen and a narrow window have none', async () => {
  const first = await workbench.open();
  await first.getByText('Nothing leaves this tab').first().waitFor();
  expect(await faults(first)).toEqual([]);
  await first.context().close();
  const page = await opened('light', 390, 844);
  const found: string[] = [];
  for (const tab of ['Tasks', 'Tree', 'Node', 'Budget']) {
    await page.getByRole('tab', { name: tab }).click();
    await page.waitForTimeout(400);
    found.push(...(await faults(page)).map((fault) => `${tab}: ${fault}`));
  }
  expect(found).toEqual([]);
  await page.context().close();
});
