/**
 * Every view as it looks, light, dark and narrow, beside the picture in `docs/pictures`. Written anew by
 * `ESPALIER_PICTURES=write npx vitest run --project e2e test/e2e/pictures.test.ts` on a fresh build; look at each before it is kept.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAIN_VIEWS } from '../../src/app/views/main/registry.ts';
import { dropFiles, startWorkbench, type Workbench } from './page.ts';

const FOLDER = 'docs/pictures';
/** What differs is kept there, to be looked at. */
const FOUND = '.cache/pictures';
const LOG = 'public/samples/orchard.jsonl';
/** A pixel differs where a channel does by more than this, of 255; text is drawn a little otherwise by another release. */
const CHANNEL = 48;
/** Share of pixels that may differ. */
const TOLERANCE = 0.01;
const isWriting = process.env['ESPALIER_PICTURES'] === 'write';

const LOOKS = [
  { name: 'light', theme: 'light', width: 1440, height: 900 },
  { name: 'dark', theme: 'dark', width: 1440, height: 900 },
  { name: 'narrow', theme: 'light', width: 390, height: 844 },
] as const;

let workbench: Workbench;
beforeAll(async () => {
  workbench = await startWorkbench({ gpu: false });
  mkdirSync(isWriting ? FOLDER : FOUND, { recursive: true });
});
afterAll(() => workbench.close());

/** A picture that has stopped changing. */
async function settled(page: Page): Promise<Buffer> {
  let before: Buffer = Buffer.alloc(0);
  for (let tries = 0; tries < 40; tries++) {
    await page.waitForTimeout(250);
    const now = await page.screenshot({ animations: 'disabled', caret: 'hide' });
    if (now.equals(before)) return now;
    before = now;
  }
  throw new Error('the page does not come to rest');
}

/** As WebP, which takes a third of a PNG; what it loses is far below what counts as a difference. */
const packed = (page: Page, png: Buffer): Promise<string> =>
  page.evaluate(async (base64) => {
    const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))]));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/webp', quality: 0.9 })).arrayBuffer());
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  }, png.toString('base64'));

/** Share of pixels that differ; 1 where the sizes do. */
const difference = (page: Page, a: Buffer, b: Buffer): Promise<number> =>
  page.evaluate(
    async ({ images, channel }) => {
      const [one, two] = await Promise.all(
        images.map(async (base64) => {
          const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))]));
          const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
          context.drawImage(bitmap, 0, 0);
          return context.getImageData(0, 0, bitmap.width, bitmap.height);
        }),
      );
      if (one === undefined || two === undefined || one.width !== two.width || one.height !== two.height) return 1;
      let differing = 0;
      for (let at = 0; at < one.data.length; at += 4)
        if ([0, 1, 2].some((c) => Math.abs((one.data[at + c] ?? 0) - (two.data[at + c] ?? 0)) > channel)) differing++;
      return (4 * differing) / one.data.length;
    },
    { images: [a.toString('base64'), b.toString('base64')], channel: CHANNEL },
  );

describe.each(LOOKS)('in the $name look', ({ name: look, theme, width, height }) => {
  it('every view is as its picture shows it', async () => {
    const page = await workbench.open('', { scoresByItself: false });
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height });
    await dropFiles(page, [LOG]);
    await page.getByText('128 rollouts').first().waitFor();
    await page.evaluate(() => document.fonts.ready);
    await page.waitForTimeout(1500);
    // A press before the tree is drawn goes nowhere.
    for (let tries = 0; tries < 10 && !(await page.evaluate(() => location.hash.includes('node='))); tries++) {
      await page.keyboard.press(']');
      await page.waitForTimeout(2000);
    }
    const differing: string[] = [];
    for (const { id, key } of MAIN_VIEWS) {
      await page.keyboard.press(key);
      // Its first difference is scrolled to while rows are still measured; once they are, it has one place.
      if (id === 'side') {
        await settled(page);
        await page.keyboard.press('d');
      }
      const png = await settled(page);
      const path = join(FOLDER, `${id}-${look}.webp`);
      if (isWriting) {
        writeFileSync(path, Buffer.from(await packed(page, png), 'base64'));
        continue;
      }
      const share = existsSync(path) ? await difference(page, png, readFileSync(path)) : 1;
      if (share > TOLERANCE) {
        differing.push(`${id}-${look}: ${(100 * share).toFixed(2)} % of pixels`);
        writeFileSync(join(FOUND, `${id}-${look}.png`), png);
      }
    }
    expect(differing).toEqual([]);
    await page.context().close();
  });
});

it('a picture differs from another one, and not from itself', async () => {
  const page = await workbench.open();
  const one = await settled(page);
  await page.evaluate(() => (document.documentElement.style.filter = 'invert(1)'));
  const two = await page.screenshot();
  expect(await difference(page, one, one)).toBe(0);
  expect(await difference(page, one, Buffer.from(await packed(page, one), 'base64'))).toBeLessThan(TOLERANCE / 10);
  expect(await difference(page, one, two)).toBeGreaterThan(TOLERANCE);
  await page.context().close();
});
