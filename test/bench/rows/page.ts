/** What acts on very large logs cost the main thread of the built page: its longest task, and the frames meanwhile. */
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { serve } from '../../../src/platform/node/serve.ts';
import { CHROMIUM_FLAGS } from '../../helpers/chromiumFlags.ts';
import { writeMessageLog, type MessageLogShape } from '../data/message-log.ts';
import { writeTokenLog } from '../data/token-log.ts';
import * as acts from '../page/acts.ts';
import { profiler } from '../page/profile.ts';
import { countFrames, LONG, watch, type Cost } from '../page/watch.ts';
import type { Row, Scale } from './row.ts';

/** Until a log of gigabytes is open. */
const LARGE_MS = 1_800_000;
/** How many times smaller quick logs are. */
const SMALLER = 100;

interface Log extends MessageLogShape {
  readonly name: string;
  readonly acts: readonly acts.Act[];
}

/** A log of token ids, of which only memory and the longest task are of interest: measured where its name is asked for. */
const ID_LOGS = [
  { name: '1 GB of token ids', bytes: 1e9 },
  { name: '4 GB of token ids', bytes: 4e9 },
] as const;

const EQUAL = { words: 4, firstTask: 0 };
const VIEWS = [acts.ICICLE, acts.TREE, acts.SLIDE] as const;
const LOGS: readonly Log[] = [
  {
    name: '130,000 messages in one rollout',
    ...EQUAL,
    rollouts: 1,
    messages: 130_000,
    tasks: 1,
    acts: [
      acts.OPEN_TRANSCRIPT,
      acts.SCROLL_TRANSCRIPT,
      acts.TURNS,
      acts.TO_ITS_END,
      acts.HIDE_TOOLS,
      acts.SLIDE,
      acts.SEARCH,
      acts.NEXT_HITS,
      acts.CLEAR,
      ...VIEWS,
      acts.DECISIONS,
      acts.OPEN_TRANSCRIPT,
    ],
  },
  {
    name: '130,000 messages in 6,500 rollouts',
    ...EQUAL,
    rollouts: 6_500,
    messages: 20,
    tasks: 300,
    acts: [
      acts.OPEN_TRANSCRIPT,
      acts.FORKS,
      acts.TURNS,
      acts.SCROLL_TRANSCRIPT,
      acts.SLIDE,
      acts.FILTER,
      acts.CLEAR,
      acts.SEARCH,
      acts.NEXT_HITS,
      acts.CLEAR,
      ...VIEWS,
      acts.TABLE,
      acts.SCROLL_TABLE,
      acts.SORT_BY_NUMBER,
      acts.DECISIONS,
      acts.STATISTICS,
    ],
  },
  {
    name: '130,000 rollouts',
    ...EQUAL,
    rollouts: 130_000,
    messages: 2,
    tasks: 5_000,
    acts: [
      acts.TABLE,
      acts.SCROLL_TABLE,
      acts.LEAP_TABLE,
      acts.SORT_BY_NUMBER,
      acts.SORT_BY_WORD,
      acts.UNGROUP,
      acts.FILTER,
      acts.CLEAR,
      acts.SLIDE,
      acts.SEARCH,
      acts.CLEAR,
      acts.OPEN_TRANSCRIPT,
      ...VIEWS,
      acts.DECISIONS,
      acts.STATISTICS,
    ],
  },
  {
    name: 'a million nodes',
    words: 4,
    firstTask: 0.5,
    rollouts: 9_500,
    messages: 60,
    tasks: 60,
    acts: [
      acts.ICICLE,
      acts.SLIDE,
      acts.TREE,
      acts.SLIDE,
      acts.OPEN_TRANSCRIPT,
      acts.FORKS,
      acts.SCROLL_TRANSCRIPT,
      acts.SLIDE,
      acts.FILTER,
      acts.CLEAR,
      acts.SEARCH,
      acts.NEXT_HITS,
      acts.CLEAR,
      acts.TABLE,
      acts.DECISIONS,
      acts.STATISTICS,
    ],
  },
];

/**
 * @param executable Chromium's path; null where there is none
 * @param wanted words of the names of logs; null: all
 * @param profiles a folder for profiles of the acts that are too long; null: none is made
 */
export async function pageRows(
  root: string,
  scratch: string,
  executable: string | null,
  { wanted, profiles }: { readonly wanted: string | null; readonly profiles: string | null },
  scale: Scale,
): Promise<Row[]> {
  const missing =
    executable === null ? 'no Chromium was found' : existsSync(join(root, 'dist/index.html')) ? null : 'run npm run build first';
  if (executable === null || missing !== null) return [rowOf('the page', NaN, `skipped: ${missing}`)];
  mkdirSync(scratch, { recursive: true });
  const { server, address } = await serve(join(root, 'dist'), 0, {});
  const browser = await chromium.launch({ executablePath: executable, args: CHROMIUM_FLAGS });
  try {
    const rows: Row[] = [];
    for (const log of LOGS)
      if (wanted === null || log.name.includes(wanted)) rows.push(...(await rowsOf(log, { scratch, browser, address, profiles, scale })));
    if (wanted !== null)
      for (const log of ID_LOGS)
        if (log.name.includes(wanted)) rows.push(...(await idRows(log, { scratch, browser, address, profiles, scale })));
    return rows;
  } finally {
    await browser.close();
    server.close();
  }
}

interface Setting {
  readonly scratch: string;
  readonly browser: Browser;
  readonly address: string;
  readonly profiles: string | null;
  readonly scale: Scale;
}

async function rowsOf(log: Log, { scratch, browser, address, profiles, scale }: Setting): Promise<Row[]> {
  const path = join(scratch, `messages-${log.rollouts}x${log.messages}${scale.quick ? '-quick' : ''}.jsonl`);
  scale.say(`writing ${path}`);
  const smaller = (value: number): number => (scale.quick ? Math.ceil(value / SMALLER) : value);
  const { rollouts, messages, tasks } = log;
  // Of one rollout the messages become fewer, of many the rollouts.
  const shape = rollouts === 1 ? { messages: smaller(messages) } : { rollouts: smaller(rollouts), tasks: smaller(tasks) };
  const written = writeMessageLog(path, { ...log, ...shape });
  const { page, thrown } = await pageAt(browser, address);
  const size = `${(written.bytes / 1e6).toFixed(1)} MB`;
  const rows: Row[] = [];
  let seen = '';
  for (const act of [acts.open(path), ...log.acts]) {
    const profile = profiles === null ? null : await profiler(page);
    const cost = await watch(page, () => act.run(page), scale.quick ? 200 : 1_000).catch((error: unknown) => String(error));
    await profile?.write(profiles ?? '', `${log.name}, ${rows.length}, ${act.name}`, typeof cost === 'string' ? null : cost);
    if (rows.length === 0) seen = `${size}, ${await nodesShown(page)}`;
    const row =
      typeof cost === 'string'
        ? rowOf(`${log.name}: ${act.name}`, NaN, `failed: ${cost.split('\n')[0]}`)
        : costRow(log.name, act.name, cost, seen);
    scale.say(`${row.name}: ${row.value.toFixed(1)} ms (${row.note})`);
    rows.push(row);
  }
  if (thrown.length > 0) throw new Error(`the page threw: ${thrown.join('; ')}`);
  await page.context().close();
  return rows;
}

/** The page of a browser without a past. `thrown`: what it did not expect. */
async function pageAt(browser: Browser, address: string): Promise<{ readonly page: Page; readonly thrown: readonly string[] }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, serviceWorkers: 'block' });
  await context.addInitScript(() => {
    localStorage.setItem('espalier-score-by-itself', 'no');
    Reflect.deleteProperty(globalThis, 'showOpenFilePicker');
  });
  await context.addInitScript(countFrames);
  const page = await context.newPage();
  const thrown: string[] = [];
  page.on('pageerror', ({ message }) => thrown.push(message));
  await page.goto(address);
  return { page, thrown };
}

/** Opening alone, and the most memory that the tab's process had. */
async function idRows({ name, bytes }: (typeof ID_LOGS)[number], { scratch, browser, address, scale }: Setting): Promise<Row[]> {
  const size = scale.quick ? bytes / SMALLER : bytes;
  const path = join(scratch, `ids-${size / 1e6}.jsonl`);
  scale.say(`writing ${path}`);
  if (!existsSync(path) || statSync(path).size < size) writeTokenLog(path, size, 5);
  const { page, thrown } = await pageAt(browser, address);
  const act = acts.open(path, LARGE_MS);
  const cost = await watch(page, () => act.run(page), 1_000);
  if (thrown.length > 0) throw new Error(`the page threw: ${thrown.join('; ')}`);
  const seen = `${(statSync(path).size / 1e6).toFixed(1)} MB, ${await nodesShown(page)}`;
  const peak = await peakOfTabs(browser);
  await page.context().close();
  const memory = { name: `peak memory of the tab, ${name}`, value: peak / 1e6, unit: 'MB', reference: size / 1e6, ratio: peak / size };
  const rows = [costRow(name, act.name, cost, seen), { ...memory, goal: '< 4,000 MB', note: `${seen}; resident, of the largest renderer` }];
  for (const row of rows) scale.say(`${row.name}: ${row.value.toFixed(1)} ${row.unit} (${row.note})`);
  return rows;
}

/** Bytes that the largest renderer had at most; NaN where the system does not tell. */
async function peakOfTabs(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const peaks = processInfo
    .filter(({ type, id }) => type === 'renderer' && existsSync(`/proc/${id}/status`))
    .map(({ id }) => 1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1] ?? Number.NaN));
  return peaks.length === 0 ? Number.NaN : Math.max(...peaks);
}

/** As the page says it. */
async function nodesShown(page: Page): Promise<string> {
  const text = await page.evaluate(() => document.body.innerText);
  return /[\d,.]+[kM]? nodes/.exec(text)?.[0] ?? 'nodes not told';
}

function costRow(log: string, act: string, cost: Cost, seen: string): Row {
  const { clock, cpu, longByClock, longByCpu, frames, longestGap, seconds } = cost;
  const note =
    `by the clock ${clock.toFixed(0)} ms; tasks over ${LONG} ms: ${longByCpu} by processor time, ${longByClock} by the clock; ` +
    `${frames.toFixed(0)} frames/s over ${seconds.toFixed(1)} s, longest gap ${longestGap.toFixed(0)} ms`;
  return rowOf(`${log}: ${act}`, cpu, act === 'opening the log' ? `${seen}; ${note}` : note);
}

function rowOf(name: string, value: number, note: string): Row {
  return { name: `longest task, ${name}`, value, unit: 'ms', reference: NaN, ratio: NaN, goal: `<= ${LONG} ms`, note };
}
