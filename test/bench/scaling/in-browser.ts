/** The same logs, opened by the built page in Chromium. */
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { serve } from '../../../src/platform/node/serve.ts';
import { CHROMIUM_FLAGS } from '../../helpers/chromiumFlags.ts';
import * as acts from '../page/acts.ts';
import { countFrames, watch } from '../page/watch.ts';

export interface PageOpening {
  readonly bytes: number;
  /** From the choice of the file to the drawn tree and its slider. */
  readonly seconds: number;
  /** Longest task of the page's thread, ms of processor time. */
  readonly longestTask: number;
}

/** @param executable Chromium's path; null: nothing is measured */
export async function openInBrowser(
  root: string,
  executable: string | null,
  files: readonly { readonly path: string; readonly bytes: number }[],
): Promise<PageOpening[]> {
  if (executable === null) return [];
  const { server, address } = await serve(join(root, 'dist'), 0, {});
  const browser = await chromium.launch({ executablePath: executable, args: CHROMIUM_FLAGS });
  try {
    const openings: PageOpening[] = [];
    for (const { path, bytes } of files) {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, serviceWorkers: 'block' });
      await context.addInitScript(() => {
        localStorage.setItem('espalier-score-by-itself', 'no');
        Reflect.deleteProperty(globalThis, 'showOpenFilePicker');
      });
      await context.addInitScript(countFrames);
      const page = await context.newPage();
      await page.goto(address);
      const { seconds, cpu } = await watch(page, () => acts.open(path).run(page), 200);
      openings.push({ bytes, seconds, longestTask: cpu });
      await context.close();
    }
    return openings;
  } finally {
    await browser.close();
    server.close();
  }
}
