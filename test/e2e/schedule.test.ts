/**
 * The schedule on the built page: intervals and figures of two real logs against what is counted here from their files, second by second
 * where that is simplest; and the view itself, on a small log of our own.
 */
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Download, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dropFiles, startWorkbench, type Workbench } from './page.ts';

const OWN = 'test/unit/engine/schedule/two-at-once.jsonl';
const TAU = '../shared/data/tau2/gpt-4.1-2025-04-14_telecom_no-user_gpt-4.1-2025-04-14_4trials_5tasks.json';
const LIGHTNING = '../shared/data/agent-lightning/20260407-003929-vllm-archive.jsonl';

const SLIME = '../shared/data/timeline/slime-0808-1-2task.json.gz';

let bench: Workbench;
beforeAll(async () => {
  bench = await startWorkbench();
});
afterAll(async () => {
  await bench.close();
});

interface Interval {
  readonly rollout: string;
  readonly kind: string;
  /** Milliseconds since the epoch. */
  readonly start: number;
  readonly end: number;
}

async function show(file: string): Promise<Page> {
  const page = await bench.open('', { scoresByItself: false });
  await dropFiles(page, [file]);
  await page.getByRole('button', { name: /^Export/ }).waitFor();
  await page.keyboard.press('u');
  await page.getByRole('region', { name: 'Observed' }).waitFor();
  return page;
}

/** The file of intervals that the page saves. */
async function intervalsOf(page: Page): Promise<Interval[]> {
  const press = page.getByRole('button', { name: 'Save intervals as CSV' }).click();
  const [download]: [Download, void] = await Promise.all([page.waitForEvent('download'), press]);
  const [head, ...rows] = readFileSync(await download.path(), 'utf8')
    .trimEnd()
    .split('\r\n');
  expect(head).toBe('rollout,task,kind,start,end,seconds');
  return rows.map((row) => {
    const cells = row.match(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)!.map((cell) => cell.replace(/,$/, ''));
    return { rollout: cells[0]!, kind: cells[2]!, start: Date.parse(cells[3]!), end: Date.parse(cells[4]!) };
  });
}

/** What the region says under a name, with blanks of one kind. */
async function figure(page: Page, region: string, name: string): Promise<string> {
  const row = page
    .getByRole('region', { name: region })
    .locator('dl > div')
    .filter({ has: page.locator('dt', { hasText: new RegExp(`^${name}$`) }) });
  return (await row.locator('dd').innerText()).replace(/\s+/g, ' ');
}

/** Figures of intervals by looking at every stretch between two edges. */
function counted(intervals: readonly Interval[]): { slots: number; bubbles: number; shares: Map<string, number> } {
  const edges = [...new Set(intervals.flatMap(({ start, end }) => [start, end]))].sort((a, b) => a - b);
  const stretches = edges.slice(0, -1).map((edge) => intervals.filter(({ start, end }) => start <= edge && edge < end));
  const generating = stretches.map((here) => here.filter(({ kind }) => kind === 'generation').length);
  const slots = Math.max(...generating);
  const isShort = stretches.map((here, i) => here.length > 0 && generating[i]! < slots);
  const all = intervals.reduce((sum, { start, end }) => sum + end - start, 0);
  const shares = new Map<string, number>();
  for (const { kind, start, end } of intervals) shares.set(kind, (shares.get(kind) ?? 0) + (end - start) / all);
  return { slots, bubbles: isShort.filter((short, i) => short && !isShort[i - 1]).length, shares };
}

async function expectFigures(page: Page, oracle: readonly Interval[], rollouts: number): Promise<void> {
  const { slots, bubbles, shares } = counted(oracle);
  const told = new Set(oracle.map(({ rollout }) => rollout)).size;
  await page.getByText(`${told} of ${rollouts} rollouts with times, ${oracle.length} intervals`).waitFor();
  for (const [kind, share] of shares) expect(await figure(page, 'Observed', kind)).toContain(`${(share * 100).toFixed(1)} % of all`);
  expect(await figure(page, 'Observed', 'At once')).toMatch(new RegExp(`^${slots} generating at most`));
  expect(await figure(page, 'Observed', 'Bubbles')).toContain(`in ${bubbles} stretch`);
}

function sorted(intervals: readonly Interval[]): Interval[] {
  return intervals.toSorted((a, b) => a.start - b.start || a.end - b.end || (a.rollout < b.rollout ? -1 : 1));
}

describe('the schedule', () => {
  it('has of a log of tau2 the intervals between messages, each of whoever wrote the later one', async (context) => {
    if (!existsSync(TAU)) return context.skip('the shared data is not here');
    interface Message {
      readonly role: string;
      readonly timestamp: string;
      readonly requestor?: string;
      readonly tool_calls?: readonly unknown[] | null;
    }
    const { simulations } = JSON.parse(readFileSync(TAU, 'utf8')) as {
      readonly simulations: readonly { readonly id: string; readonly messages: readonly Message[] }[];
    };
    const oracle = simulations.flatMap(({ id, messages }) => {
      const seen = messages.filter(({ role, requestor, tool_calls }) =>
        role === 'tool' ? requestor !== 'user' : role !== 'user' || !tool_calls?.length,
      );
      const kinds: Record<string, string> = { assistant: 'generation', tool: 'tool', user: 'waiting' };
      const own: Interval[] = [];
      for (const [i, { role, timestamp }] of seen.entries()) {
        const start = i === 0 ? Number.NaN : Date.parse(`${seen[i - 1]!.timestamp}Z`);
        const end = Date.parse(`${timestamp}Z`);
        const last = own.at(-1);
        if (!(end > start)) continue;
        if (last?.kind === kinds[role] && last?.end === start) own[own.length - 1] = { ...last!, end };
        else own.push({ rollout: id, kind: kinds[role]!, start, end });
      }
      return own;
    });
    const page = await show(TAU);
    const intervals = await intervalsOf(page);
    expect(sorted(intervals)).toEqual(sorted(oracle));
    await expectFigures(page, oracle, simulations.length);
    await page.close();
  });

  it('has of a log of Agent Lightning the calls of the model, from the second in which the server began', async (context) => {
    if (!existsSync(LIGHTNING)) return context.skip('the shared data is not here');
    interface Line {
      readonly rollout: { readonly rollout_id: string };
      readonly events: readonly {
        readonly event_type: string;
        readonly timestamp: number;
        readonly data: { readonly response?: { readonly created: number } };
      }[];
    }
    const lines = readFileSync(LIGHTNING, 'utf8').trimEnd().split('\n');
    const oracle = lines
      .map((line) => JSON.parse(line) as Line)
      .flatMap(({ rollout, events }) =>
        events
          .filter(({ event_type }) => event_type === 'model_request')
          .map(({ timestamp, data }) => ({
            rollout: rollout.rollout_id,
            kind: 'generation',
            start: data.response!.created * 1000,
            end: timestamp * 1000,
          })),
      );
    const page = await show(LIGHTNING);
    const intervals = await intervalsOf(page);
    // The file has milliseconds.
    const rounded = (one: Interval): Interval => ({ ...one, start: Math.round(one.start), end: Math.round(one.end) });
    const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1;
    const [told, expected] = [sorted(intervals), sorted(oracle.map(rounded))];
    expect(told.map(({ rollout, kind }) => [rollout, kind])).toEqual(expected.map(({ rollout, kind }) => [rollout, kind]));
    expect(told.every(({ start, end }, i) => near(start, expected[i]!.start) && near(end, expected[i]!.end))).toBe(true);
    await expectFigures(page, oracle, lines.length);
    await page.close();
  });

  it('goes from interval to interval by keys, says what each is, and opens its rollout', async () => {
    const page = await show(OWN);
    expect(await figure(page, 'Observed', 'Bubbles')).toContain('in 3 stretches');
    await page.getByText('1 rollout has no times: no two events with one', { exact: false }).waitFor();
    const timeline = page.getByRole('application', { name: /^Timeline/ });
    await timeline.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    const card = page.locator('[data-part="timeline-card"]');
    await card.getByText('tool, 6.0 s').waitFor();
    expect(await card.innerText()).toContain('2026-03-01 10:00:04.000 UTC');
    const before = Number(await timeline.getAttribute('data-per'));
    await page.keyboard.press('w');
    await page.waitForFunction((per) => Number(document.querySelector<HTMLElement>('[data-per]')?.dataset['per']) < per, before);
    await page.keyboard.press('Enter');
    await page.getByText('I look.').first().waitFor();
    await page.close();
  });

  it('reads a trace of a trainer beside the log, and says what a file is that is none', async (context) => {
    const page = await show(OWN);
    const picker = page.getByLabel('File of a trace');
    await picker.setInputFiles(OWN);
    await page.getByRole('alert').getByText('two-at-once.jsonl: Expected JSON, found none.').waitFor();
    const own = { ph: 'X', name: 'buffer generate', pid: 'rank0', ts: 0, dur: 3e6 };
    const trace = JSON.stringify({ traceEvents: [own, { ...own, name: 'real train', ts: 3e6, dur: 1e6 }] });
    await picker.setInputFiles({ name: 'a.json', mimeType: 'application/json', buffer: Buffer.from(trace) });
    const table = page.locator('[data-part="trace"]');
    await table.getByText('a.json: 2 spans of 2 events').waitFor();
    expect((await table.locator('tbody').innerText()).replace(/\s+/g, ' ')).toBe('rank0 4.0 s 25.0 % 75.0 %');
    if (existsSync(SLIME)) {
      await picker.setInputFiles(SLIME);
      const { traceEvents } = JSON.parse(gunzipSync(readFileSync(SLIME)).toString()) as {
        readonly traceEvents: readonly { readonly ph: string }[];
      };
      const spans = traceEvents.filter(({ ph }) => ph === 'B').length.toLocaleString('en');
      await table.getByText(`${spans} spans of ${traceEvents.length.toLocaleString('en')} events`, { exact: false }).waitFor();
    } else await context.annotate('the shared data is not here');
    await page.close();
  });

  it('simulates anew when an assumption is changed, with the same work for every policy', async () => {
    const page = await show(OWN);
    const row = page.locator('[data-policy="separated"]');
    await row.waitFor();
    await page.getByRole('region', { name: 'Simulator' }).getByText('the same 512 rollouts').waitFor();
    const before = await row.innerText();
    const batch = page.getByRole('textbox', { name: 'Batch, rollouts' });
    await batch.fill('8');
    await batch.press('Enter');
    await page.getByText('the same 64 rollouts').waitFor();
    expect(await row.innerText()).not.toBe(before);
    expect(await page.locator('[data-policy]').count()).toBe(6);
    const train = page.getByRole('textbox', { name: 'Train nodes, nodes' });
    await train.fill('16');
    await train.press('Enter');
    await page.getByRole('alert').getByText('Train nodes: expected fewer than the 16 nodes', { exact: false }).waitFor();
    await page.close();
    expect(bench.errors).toEqual([]);
  });
});
