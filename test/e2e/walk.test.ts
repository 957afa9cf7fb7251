/** The tree and the decisions walked by keys alone, as Chromium tells them to a screen reader: names, levels, places, live regions. */
import type { CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dropFiles, startWorkbench, type Workbench } from './page.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await startWorkbench({ gpu: false });
});
afterAll(() => bench.close());

interface AxNode {
  readonly nodeId: string;
  readonly ignored: boolean;
  readonly role?: { readonly value: string };
  readonly name?: { readonly value: string };
  readonly childIds?: readonly string[];
  readonly properties?: readonly {
    readonly name: string;
    readonly value: { readonly value?: unknown; readonly relatedNodes?: readonly { readonly text?: string }[] };
  }[];
}

/** Everything that an assistive technology is told now. */
async function told(client: CDPSession): Promise<readonly AxNode[]> {
  const { nodes } = (await client.send('Accessibility.getFullAXTree')) as { readonly nodes: readonly AxNode[] };
  return nodes.filter(({ ignored }) => !ignored);
}

const property = (node: AxNode | undefined, name: string): unknown => node?.properties?.find((each) => each.name === name)?.value.value;
const focused = (nodes: readonly AxNode[]): AxNode | undefined =>
  nodes.find((node) => property(node, 'focused') === true && node.role?.value !== 'RootWebArea');

/** Text of the polite live regions below the tree, as it is read out. */
const spoken = (page: Page): Promise<string> =>
  page.locator('[aria-roledescription="prefix tree"] [aria-live="polite"]').evaluate((region) => region.textContent ?? '');

/** Tab by tab until the focus is on such an element, and what is told of it. */
async function tabTo(page: Page, client: CDPSession, selector: string): Promise<AxNode | undefined> {
  for (let step = 0; step < 120; step++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate((own) => document.activeElement?.matches(own) === true, selector)) return focused(await told(client));
  }
  throw new Error(`no Tab leads to ${selector}`);
}

it('reads out each node of the tree on arrival, with its level, place and ways on', async () => {
  const page = await bench.open('', { scoresByItself: false });
  const client = await page.context().newCDPSession(page);
  await dropFiles(page, ['public/samples/orchard-chat.jsonl']);
  await page.getByText('signal retained').first().waitFor();
  const tree = await tabTo(page, client, '[role="application"]');
  expect(tree?.name?.value).toMatch(/^Prefix tree\. Arrow keys move the selection/);
  expect([tree?.role?.value, property(tree, 'roledescription')]).toEqual(['application', 'prefix tree']);
  const live = (await told(client)).filter((node) => property(node, 'live') === 'polite');
  expect(live.length).toBeGreaterThan(0);
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => spoken(page)).toMatch(/^.+, \d+ tokens, (\d+) of \1 trajectories, level 1, \d+ ways? on, (kept|dropped)$/);
  // Down to an end: each step is one level deeper, and what ends there says so.
  let text = await spoken(page);
  for (let level = 2; !text.includes('ends here'); level++) {
    expect(level).toBeLessThan(200);
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => spoken(page)).toContain(`, level ${level}, `);
    text = await spoken(page);
  }
  // A sibling says its place among the others.
  while (!/level \d+, 1 of \d+/.test(text)) {
    const before = text;
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => spoken(page)).not.toBe(before);
    text = await spoken(page);
  }
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => spoken(page)).toMatch(/, level \d+, 2 of \d+, /);
  // The focus stays where it was, and the reason is in a live region of its own.
  expect(focused(await told(client))?.name?.value).toMatch(/^Prefix tree/);
  const why = page.locator('[aria-live="polite"]:not([aria-roledescription="prefix tree"] *)');
  await expect.poll(async () => (await why.allInnerTexts()).filter((words) => /(kept|dropped)/i.test(words)).length).toBe(1);
  expect(bench.errors).toEqual([]);
  await page.context().close();
});

it('tells the decisions as a tree: items with names, levels and places, open or closed', async () => {
  const page = await bench.open('#view=decisions', { scoresByItself: false });
  const client = await page.context().newCDPSession(page);
  await dropFiles(page, ['public/samples/orchard-chat.jsonl']);
  await page.getByRole('tree').waitFor();
  await page.getByRole('treeitem').nth(2).waitFor();
  const active = async (): Promise<AxNode | undefined> =>
    (await told(client)).find((node) => node.role?.value === 'treeitem' && property(node, 'selected') === true);
  expect((await tabTo(page, client, '[role="tree"]'))?.role?.value).toBe('tree');
  const seen: { readonly name: string; readonly level: unknown }[] = [];
  for (let step = 0; step < 6; step++) {
    const item = await active();
    expect(item?.name?.value ?? '').toMatch(/\S/);
    expect(property(item, 'level')).toBeGreaterThan(0);
    seen.push({ name: item?.name?.value ?? '', level: property(item, 'level') });
    await page.keyboard.press('ArrowDown');
  }
  expect(new Set(seen.map(({ name, level }) => `${String(level)} ${name}`)).size).toBeGreaterThan(3);
  const items = (await told(client)).filter((node) => node.role?.value === 'treeitem');
  expect(items.some((node) => property(node, 'expanded') !== undefined)).toBe(true);
  const places = await page
    .getByRole('treeitem')
    .evaluateAll((all) => all.map((one) => [one.getAttribute('aria-posinset'), one.getAttribute('aria-setsize')].map(Number)));
  for (const [place = 0, of = 0] of places) expect(place >= 1 && place <= of).toBe(true);
  expect(bench.errors).toEqual([]);
  await page.context().close();
});
