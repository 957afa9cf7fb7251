/** The transcript on the built page: read from start to end, by pointer, by key and by link; nothing of a log acts. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { dropFiles, startWorkbench, type Workbench } from './page.ts';

const SAMPLE = 'public/samples/orchard.jsonl';
const REAL = [
  '../shared/data/tau2-bench/data/tau2/sft-v1-small/sft-v1-small-openai/train_sft-v1-small.jsonl',
  '../shared/data/verifiers/arc-agi-3--gpt-4.1-mini.7a5fcb34.results.jsonl',
  '../shared/data/swe-agent-demos/demonstrations/function_calling_simple.traj',
];
const folder = mkdtempSync(join(tmpdir(), 'espalier-transcript-'));
let workbench: Workbench;
let page: Page;
beforeAll(async () => {
  workbench = await startWorkbench({ gpu: false });
});
afterEach(async () => {
  await page.context().close();
});
afterAll(async () => {
  await workbench.close();
  rmSync(folder, { recursive: true, force: true });
});

const feed = () => page.getByRole('feed', { name: 'Conversation' });
const parts = () => feed().getByRole('article');
const current = () => feed().locator('[aria-current=true]').first();
const nameOf = async (): Promise<string> => (await current().getAttribute('aria-label')) ?? '';

async function read(files: readonly string[], hash = ''): Promise<void> {
  page = await workbench.open(hash, { scoresByItself: false });
  await dropFiles(page, files);
  await page
    .getByText(/\d+ rollouts?/)
    .first()
    .waitFor({ timeout: 60_000 });
  // The figures are on the screen a moment before the keys are at work.
  for (let waited = 0; waited < 60 && (await parts().count()) === 0; waited++) {
    if (hash === '') await page.keyboard.press('5');
    await page.waitForTimeout(500);
  }
  await parts().first().waitFor();
}

function log(name: string, ...rollouts: readonly object[]): string {
  const path = join(folder, name);
  writeFileSync(path, rollouts.map((rollout) => `${JSON.stringify(rollout)}\n`).join(''));
  return path;
}

describe('a transcript of the sample', () => {
  it('is read from start to end by key, and its place is in the address', async () => {
    await read([SAMPLE]);
    const first = (await parts().first().getAttribute('aria-label')) ?? '';
    const total = Number(/part 1 of (\d+)/.exec(first)?.[1]);
    expect(first).toBe(`system, part 1 of ${total}`);
    const turns: string[] = [];
    for (let i = 0; i < 3; i++) {
      await page.keyboard.press('n');
      await page.waitForTimeout(150);
      turns.push(/^turn \d+/.exec(await nameOf())?.[0] ?? '');
    }
    expect(turns).toEqual(['turn 1', 'turn 2', 'turn 3']);
    await page.keyboard.press('p');
    await page.waitForTimeout(150);
    expect(await nameOf()).toContain('turn 2');
    await page.keyboard.press('Shift+G');
    await page.waitForTimeout(300);
    expect(await nameOf()).toContain(`part ${total} of ${total}`);
    await page.keyboard.press('g');
    await page.keyboard.press('g');
    await page.waitForTimeout(300);
    expect(await nameOf()).toContain('part 1 of');
    await page.keyboard.press(']');
    await page.waitForTimeout(600);
    const atFork = await nameOf();
    expect(
      await current()
        .getByRole('region', { name: /^Fork 1 of/ })
        .innerText(),
    ).toMatch(/\d+ of 16 still together/);
    const { hash } = new URL(page.url());
    expect(hash).toMatch(/node=[0-9a-f]{16}/);
    expect(hash).toContain('view=transcript');
    await page.context().close();
    await read([SAMPLE], hash);
    await page.waitForTimeout(600);
    expect(await nameOf()).toBe(atFork);
  });

  it('opens where a trajectory of the inspector is clicked, and goes where others went', async () => {
    await read([SAMPLE]);
    await page.keyboard.press(']');
    await page.waitForTimeout(400);
    const heading = feed().locator('xpath=..').getByRole('heading');
    const before = await heading.innerText();
    await page.keyboard.press('l');
    await page.waitForTimeout(800);
    const beside = await heading.innerText();
    expect(beside).not.toBe(before);
    await page.keyboard.press('h');
    await page.waitForTimeout(800);
    await page.keyboard.press('1');
    await page
      .getByRole('button', { name: /^Read from here: #\d+/ })
      .first()
      .click();
    await parts().first().waitFor();
    expect(new URL(page.url()).hash).toMatch(/rollout=[0-9a-f]{16}|view=transcript/);
    const way = page.getByTitle(/^Read one of them/).first();
    await way.click();
    await page.waitForTimeout(800);
    expect(await current().count()).toBe(1);
  });

  it('opens where the row of a trajectory is clicked, and by Enter on one', async () => {
    await read([SAMPLE]);
    await page.keyboard.press('4');
    const rows = page.getByRole('application', { name: /a row for each trajectory/ });
    await rows.waitFor();
    const { height = 0 } = (await rows.boundingBox()) ?? {};
    const heading = feed().locator('xpath=..').getByRole('heading');
    const titles: string[] = [];
    for (const y of [height * 0.2, height * 0.8]) {
      await rows.click({ position: { x: 300, y } });
      await parts().first().waitFor();
      titles.push(await heading.innerText());
      await expect.poll(() => new URL(page.url()).hash).toMatch(/rollout=[0-9a-f]{16}/);
      await page.keyboard.press('4');
      await rows.waitFor();
    }
    expect(titles[0]).not.toBe(titles[1]);
    await rows.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await parts().first().waitFor();
    await expect.poll(() => current().count()).toBe(1);
  });

  it('shows tokens with their figures, and what is kept and trained in words', async () => {
    await read([SAMPLE]);
    await page.getByRole('radiogroup', { name: 'Figures of tokens' }).getByText('entropy').click();
    const run = page.getByRole('toolbar', { name: /tokens by entropy/ }).first();
    await run.waitFor();
    await run.focus();
    await page.keyboard.press('ArrowRight');
    const card = page.locator('.token-card');
    expect(await card.innerText()).toMatch(/id \d+ · token \d+/);
    for (let i = 0; i < 12 && !(await card.innerText()).includes('entropy'); i++) await page.keyboard.press('ArrowRight');
    expect(await card.innerText()).toMatch(/entropy\s+[\d.]+ nats\s+logged/);
    expect(await feed().locator('.heat-2, .heat-3, .heat-4').count()).toBeGreaterThan(0);
    expect(await parts().first().innerText()).toContain('kept, context');
  });
});

describe('places of the filter in a transcript', () => {
  it('are gone to by Enter, on whichever branch of the rollout they stand', async () => {
    await read(['test/fixtures/swe-agent/queries.traj']);
    const branch = page.getByRole('combobox', { name: 'Branch of the rollout' });
    await page.keyboard.press('/');
    await page.keyboard.type('"hinge.py"');
    await page.getByText('3 places', { exact: true }).first().waitFor();
    await page.keyboard.press('Escape');
    const at = feed().locator('mark[aria-current=true]');
    const bar = page.locator('section[aria-label=Transcript]');
    const seen: string[] = [];
    for (const key of ['Enter', 'Enter', 'Enter', 'Shift+Enter']) {
      await page.keyboard.press(key);
      const place = key === 'Enter' ? seen.length + 1 : 2;
      await bar.getByText(`place ${place} of 3`).waitFor();
      await at.waitFor();
      expect(await at.innerText()).toBe('hinge.py');
      seen.push(`branch ${Number(await branch.inputValue()) + 1}: ${(await nameOf()).replace(/,.*/, '')}`);
    }
    expect(seen).toEqual(['branch 1: result', 'branch 1: turn 2', 'branch 2: assistant', 'branch 1: turn 2']);
    // A button that has the focus is pressed instead.
    await bar.getByRole('button', { name: 'Next place' }).focus();
    await page.keyboard.press('Enter');
    await bar.getByText('place 3 of 3, 2 on other branches').waitFor();
  });

  it('are counted anew with another filter, and left where a transcript is opened otherwise', async () => {
    await read([SAMPLE]);
    const box = page.getByRole('combobox', { name: 'Filter rollouts and search their texts' });
    const bar = page.locator('section[aria-label=Transcript]');
    await box.fill('"pear"');
    await page.getByRole('region', { name: 'Hits' }).getByRole('button').first().waitFor();
    await box.focus();
    for (let place = 1; place <= 3; place++) {
      await page.keyboard.press('Enter');
      await bar.getByText(new RegExp(`^place ${place} of [\\d,]+`)).waitFor();
    }
    // Words of the same rollout, of which there are others and in other places.
    await box.fill('"Fold pear trees"');
    await bar.getByText(/places? of the filter/).waitFor();
    expect(await bar.getByText(/^place \d+ of/).count()).toBe(0);
    expect(await page.locator('mark[aria-current=true]').count()).toBe(0);
    await box.focus();
    await page.keyboard.press('Enter');
    await bar.getByText(/^place 1 of/).waitFor();
    // The same rollout, read from one of its nodes.
    const rollout = (): Promise<string | null> => page.evaluate(() => new URLSearchParams(location.hash.slice(1)).get('rollout'));
    await expect.poll(rollout).toMatch(/^[0-9a-f]{16}$/);
    await page.keyboard.press('Escape');
    await page
      .getByTitle(/^Read one of them/)
      .first()
      .click();
    await bar.getByText(/^place \d+ of/).waitFor({ state: 'detached' });
    expect(await page.locator('mark[aria-current=true]').count()).toBe(0);
  });

  it('are shown where their kind was hidden, and the bar says that it is shown again', async () => {
    const call = (n: number) => ({ id: `c${n}`, type: 'function', function: { name: 'bash', arguments: '{}' } });
    const messages = [
      { role: 'user', content: 'go' },
      ...Array.from({ length: 60 }, (_, n) => [
        { role: 'assistant', content: `step ${n}`, tool_calls: [call(n)] },
        { role: 'tool', tool_call_id: `c${n}`, content: n === 40 ? 'here is the needle' : `straw ${n}` },
      ]).flat(),
    ];
    await read([log('hidden.jsonl', { id: 'hidden', task: 'hidden', reward: 1, messages })]);
    const tools = page.getByRole('checkbox', { name: 'tools' });
    await tools.uncheck();
    await page.keyboard.press('/');
    await page.keyboard.type('needle');
    await page.getByText('1 place', { exact: true }).first().waitFor();
    expect(await tools.isChecked()).toBe(false);
    await page.keyboard.press('Enter');
    const mark = page.locator('mark[aria-current=true]');
    await mark.waitFor();
    expect(await tools.isChecked()).toBe(true);
    await expect.poll(() => mark.evaluate((it) => it.getBoundingClientRect().top)).toBeLessThan(900);
    await expect.poll(() => mark.evaluate((it) => it.getBoundingClientRect().top)).toBeGreaterThan(100);
    // Hidden again, it stays so.
    await tools.uncheck();
    await mark.waitFor({ state: 'detached' });
    expect(await tools.isChecked()).toBe(false);
  });

  it('are shown far down a long body', async () => {
    const long = Array.from({ length: 4000 }, (_, i) => `line ${i}${i === 3210 ? ' needle' : ''}`).join('\n');
    const call = { id: 'c', type: 'function', function: { name: 'bash', arguments: '{}' } };
    const messages = [
      { role: 'user', content: 'go' },
      { role: 'assistant', content: '', tool_calls: [call] },
      { role: 'tool', tool_call_id: 'c', content: long },
    ];
    await read([log('deep.jsonl', { id: 'deep', task: 'deep', reward: 1, messages })]);
    await page.keyboard.press('/');
    await page.keyboard.type('needle');
    await page.getByText('1 place', { exact: true }).first().waitFor();
    await page.keyboard.press('Enter');
    await page.locator('mark[aria-current=true]').waitFor();
    await expect.poll(() => page.locator('mark[aria-current=true]').evaluate((mark) => mark.getBoundingClientRect().top)).toBeLessThan(900);
    await expect
      .poll(() => page.locator('mark[aria-current=true]').evaluate((mark) => mark.getBoundingClientRect().top))
      .toBeGreaterThan(100);
  });
});

describe('a transcript of a hostile log', () => {
  const EVIL = [
    '<img src=x onerror="window.pwned=1"><script>window.pwned=2</script>',
    '[click](javascript:window.pwned=3) ![i](https://example.org/i.png) <a href="javascript:window.pwned=4">x</a> \u202egnp.exe\u2066',
    '<svg onload="window.pwned=5"><foreignObject><iframe src="javascript:window.pwned=6"></iframe></foreignObject></svg>',
    `${'>'.repeat(3000)} ${'['.repeat(2000)}`,
  ];

  it('is inert in every field', async () => {
    const drawn = '<svg xmlns="http://www.w3.org/2000/svg" onload="window.pwned=7"/>';
    const svg = `data:image/svg+xml;base64,${Buffer.from(drawn).toString('base64')}`;
    const png = 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
    const [evil = ''] = EVIL;
    const tool = (id: string) => ({
      id,
      type: 'function',
      function: { name: evil, arguments: JSON.stringify({ [evil]: EVIL.join('\n') }) },
    });
    const messages = [
      { role: 'system', content: EVIL.join('\n\n') },
      {
        role: 'user',
        content: [
          { type: 'text', text: evil },
          { type: 'image_url', image_url: { url: svg } },
          { type: 'image_url', image_url: { url: png } },
          { type: 'image_url', image_url: { url: 'https://example.org/track.png' } },
        ],
      },
      { role: 'assistant', reasoning_content: EVIL.join('\n\n'), content: EVIL.join('\n\n'), tool_calls: [tool('a')] },
      { role: 'tool', tool_call_id: 'a', name: evil, content: EVIL.join('\n') },
      { role: 'assistant', content: `\`\`\`${evil}\n${evil}\n\`\`\`\n\n| a | b |\n|---|---|\n| ${evil} | <b>x</b> |` },
    ];
    await read([
      log(
        'evil.jsonl',
        { id: evil, task: evil, reward: 1, messages },
        { id: `${evil}2`, task: evil, messages: [...messages.slice(0, 2), { role: 'assistant', content: evil }] },
      ),
    ]);
    await page.waitForTimeout(800);
    await page.keyboard.press(']');
    await page.waitForTimeout(400);
    expect(await page.evaluate(() => (window as unknown as { pwned?: number }).pwned)).toBeUndefined();
    expect(await page.locator('section[aria-label=Transcript]').locator('img, script, iframe, a, svg, object, embed').count()).toBe(0);
    const words = await feed().innerText();
    expect(words).toContain('<img src=x onerror=');
    expect(words).toContain('javascript:window.pwned=3');
    expect(words).toContain('image/svg+xml: not shown');
    expect(words).toContain('1 × 1, image/png');
    expect(words).toContain('not fetched: https://example.org/track.png');
    expect(words).toContain('\\u202e');
    expect(workbench.outside).toEqual([]);
    expect(workbench.errors).toEqual([]);
    const unnamed = await page
      .locator('section[aria-label=Transcript] button')
      .evaluateAll((all) => all.filter((one) => (one.textContent ?? '').trim() === '' && one.getAttribute('aria-label') === null).length);
    expect(unnamed).toBe(0);
  });
});

describe('a transcript of a long log', () => {
  it('clamps bodies with what is shown of them, and draws only what is seen of 300 turns and 5 MB', async () => {
    const big = Array.from({ length: 60_000 }, (_, i) => `${i}: ${'0123456789'.repeat(8)}`).join('\n');
    const turns = Array.from({ length: 300 }, (_, t) => [
      {
        role: 'assistant',
        content: `turn number ${t}`,
        tool_calls: [{ id: `c${t}`, type: 'function', function: { name: 'bash', arguments: `{"command":"ls ${t}"}` } }],
      },
      {
        role: 'tool',
        tool_call_id: `c${t}`,
        content: t === 1 ? big : t === 2 ? '{"a":{"b":[1,12345678901234567890]}}' : t === 3 ? 'Error: no such bed' : `bed ${t}`,
      },
    ]).flat();
    await read([log('long.jsonl', { id: 'long', task: 'long', reward: 1, messages: [{ role: 'user', content: 'go' }, ...turns] })]);
    expect(await parts().first().getAttribute('aria-label')).toBe('user, part 1 of 901');
    expect(await parts().count()).toBeLessThan(60);
    const clamped = feed().getByRole('article', { name: 'result, part 7 of 901' });
    await clamped.scrollIntoViewIfNeeded();
    await expect.poll(() => clamped.innerText()).toMatch(/1\.0\d.kB of 5\.27.MB shown/u);
    await clamped.getByRole('button', { name: 'show more' }).click();
    await expect.poll(() => clamped.innerText()).toMatch(/[78]\.\d\d.kB of 5\.27.MB shown/u);
    await clamped.getByRole('button', { name: /^show all 5\.27.MB/u }).click();
    await page.waitForTimeout(600);
    expect(await parts().count()).toBeLessThan(60);
    await page.keyboard.press('Shift+G');
    await page.waitForTimeout(600);
    expect(await nameOf()).toBe('result, part 901 of 901');
    await page.keyboard.press('g');
    await page.keyboard.press('g');
    await page.waitForTimeout(400);
    const fields = page.getByRole('checkbox', { name: 'tools' });
    await fields.uncheck();
    await expect.poll(() => feed().innerText()).not.toContain('bash');
    await fields.check();
    await page.keyboard.press('n');
    await page.waitForTimeout(200);
    expect(await nameOf()).toBe('turn 1, part 2 of 901');
  });
});

describe('transcripts of real logs', () => {
  for (const path of REAL)
    it.skipIf(!existsSync(path))(`are read: ${path.split('/').at(-1)}`, async () => {
      await read([path]);
      const before = workbench.errors.length;
      const total = Number(/of ([\d,]+)$/.exec((await parts().first().getAttribute('aria-label')) ?? '')?.[1]?.replaceAll(',', ''));
      expect(total).toBeGreaterThan(1);
      for (let i = 0; i < 5; i++) {
        await page.keyboard.press('n');
        await page.waitForTimeout(150);
      }
      await page.keyboard.press('Shift+G');
      await page.waitForTimeout(800);
      expect(await nameOf()).toContain(`of ${total.toLocaleString('en-US')}`);
      expect(await feed().getByRole('alert').count()).toBe(0);
      expect(workbench.errors.length).toBe(before);
    });
});
