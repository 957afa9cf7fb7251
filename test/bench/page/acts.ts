/** What a person does with a large log on the built page, each act with what it waits for. */
import type { Locator, Page } from 'playwright-core';
import { RARE } from '../data/message-log.ts';

export interface Act {
  readonly name: string;
  /** Over when what was asked for is on the screen. */
  readonly run: (page: Page) => Promise<void>;
}

const STEPS = 40;
/** Between two events of a wheel or a pointer. */
const PACE_MS = 16;
/** Until something is on the screen. */
const PATIENCE = { timeout: 60_000 };

const feed = (page: Page): Locator => page.getByRole('feed', { name: 'Conversation' });
const grid = (page: Page): Locator => page.locator('[role=grid][aria-label=Rollouts], [role=treegrid][aria-label=Rollouts]');
const box = (page: Page): Locator => page.getByRole('combobox', { name: 'Filter rollouts and search their texts' });

/** Leaves whatever is being typed in, so that keys are the page's. */
async function press(page: Page, key: string, times = 1): Promise<void> {
  await page.evaluate(() => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  });
  for (let i = 0; i < times; i++) {
    await page.keyboard.press(key);
    await page.waitForTimeout(times > 1 ? 50 : 0);
  }
}

async function wheel(page: Page, over: Locator, pixels: number): Promise<void> {
  const place = await over.boundingBox();
  if (place === null) throw new Error('what is to be scrolled is not on the screen');
  await page.mouse.move(place.x + place.width / 2, place.y + Math.min(place.height, 500) / 2);
  for (let i = 0; i < STEPS; i++) {
    await page.mouse.wheel(0, pixels);
    await page.waitForTimeout(PACE_MS);
  }
}

const view = (name: string, key: string, shown: (page: Page) => Locator): Act => ({
  name,
  async run(page) {
    await press(page, key);
    await shown(page).first().waitFor(PATIENCE);
  },
});

const drawing = (page: Page): Locator => page.getByRole('application', { name: /tree/i });
const dataRow = (page: Page): Locator => grid(page).locator('tr[aria-selected]');

export const OPEN_TRANSCRIPT = view('opening a transcript', '5', (page) => feed(page).getByRole('article'));
export const TABLE = view('the table', '6', dataRow);
export const ICICLE = view('the icicle', '1', drawing);
export const TREE = view('the tree', '3', drawing);
export const DECISIONS = view('decisions', '7', (page) => page.getByRole('region', { name: 'Decisions' }));
export const STATISTICS = view('statistics', '9', (page) => page.getByRole('region', { name: 'Statistics', exact: true }).locator('svg'));

export const SCROLL_TRANSCRIPT: Act = { name: 'scrolling a transcript', run: (page) => wheel(page, feed(page), 600) };
export const SCROLL_TABLE: Act = { name: 'scrolling the table', run: (page) => wheel(page, grid(page).locator('xpath=..'), 600) };

/** From the first row to the middle and to the last, as the bar of scrolling does. */
export const LEAP_TABLE: Act = {
  name: 'leaping in the table',
  run: (page) =>
    grid(page).evaluate(async (table) => {
      const scroller = table.parentElement;
      for (const share of [0.5, 1, 0.25, 0.75, 0]) {
        if (scroller !== null) scroller.scrollTop = share * scroller.scrollHeight;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }),
};

export const TURNS: Act = { name: 'n, turn by turn', run: (page) => press(page, 'n', 20) };
export const FORKS: Act = { name: '], fork by fork', run: (page) => press(page, ']', 10) };
export const TO_ITS_END: Act = {
  name: 'to the end of a transcript',
  async run(page) {
    await press(page, 'Shift+G');
    await feed(page).locator('[aria-current=true]').first().waitFor(PATIENCE);
  },
};

export const HIDE_TOOLS: Act = {
  name: 'hiding tools in a transcript',
  async run(page) {
    const tools = page.getByRole('checkbox', { name: 'tools' });
    await tools.click();
    await page.waitForTimeout(300);
    await tools.click();
  },
};

/** Waits until the box says how many rollouts the filter takes. */
const filter = (name: string, text: string): Act => ({
  name,
  async run(page) {
    await box(page).focus();
    await page.keyboard.type(text, { delay: 40 });
    await page
      .locator('search')
      .getByTitle(/^[\d,]+ of [\d,]+ rollouts?$/)
      .filter({ hasText: / of / })
      .waitFor(PATIENCE);
  },
});

export const FILTER = filter('filtering by a field', 'reward<0.5 model:gpt*');
export const SEARCH = filter('searching all texts', `"${RARE}"`);

export const NEXT_HITS: Act = {
  name: 'from hit to hit',
  async run(page) {
    await box(page).focus();
    for (let i = 0; i < 10; i++) {
      await page.keyboard.press('Enter');
      await page.waitForTimeout(100);
    }
  },
};

export const CLEAR: Act = {
  name: 'taking the filter back',
  async run(page) {
    await page.getByRole('button', { name: 'Clear the filter' }).click();
    await page.waitForTimeout(300);
  },
};

/** The handle of the cut, back and forth over half of the curve. */
export const SLIDE: Act = {
  name: 'sliding the budget',
  async run(page) {
    const place = await page.locator('[data-pictured=curve]').boundingBox();
    const handle = await page.getByRole('slider', { name: /^Budget: share of the cost/ }).boundingBox();
    if (place === null || handle === null) throw new Error('the curve of the budget is not on the screen');
    const y = handle.y + handle.height / 2;
    await page.mouse.move(handle.x + handle.width / 2, y);
    await page.mouse.down();
    for (let i = 0; i <= 2 * STEPS; i++) {
      await page.mouse.move(place.x + place.width * (0.25 + 0.5 * Math.abs(1 - i / STEPS)), y);
      await page.waitForTimeout(PACE_MS);
    }
    await page.mouse.up();
  },
};

/** Pressed twice: by the largest, then by the least. */
const sort = (column: string): Act => ({
  name: `sorting the table by ${column}`,
  async run(page) {
    const head = grid(page)
      .getByRole('columnheader')
      .getByRole('button', { name: new RegExp(`^${column}`) })
      .first();
    await head.click();
    await page.waitForTimeout(300);
    await head.click();
    await page.waitForTimeout(300);
  },
});

export const SORT_BY_NUMBER = sort('tokens');
export const SORT_BY_WORD = sort('id');

export const UNGROUP: Act = {
  name: 'the table by task and not',
  async run(page) {
    const grouped = page.getByLabel('by task');
    await grouped.click();
    await page.waitForTimeout(300);
    await grouped.click();
    await page.waitForTimeout(300);
    await grouped.click();
  },
};

/** Opens a log through the page's file input. */
export const open = (path: string, timeout = 300_000): Act => ({
  name: 'opening the log',
  async run(page) {
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: /files/i }).first().click()]);
    await chooser.setFiles([path]);
    await box(page).waitFor({ timeout });
    await page.getByRole('button', { name: 'Cancel' }).waitFor({ state: 'detached', timeout });
    await page.getByRole('slider', { name: /^Budget: share of the cost/ }).waitFor(PATIENCE);
  },
});
