/** Profiles of the page's scripts while it acts: written for a browser's tools, with what the longest task did as text. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { Cost } from './watch.ts';

const INTERVAL_US = 250;
const SHOWN = 25;

export interface Profiler {
  /** @param cost of the act; null: it failed */
  write(folder: string, name: string, cost: Cost | null): Promise<void>;
}

export async function profiler(page: Page): Promise<Profiler> {
  const session = await page.context().newCDPSession(page);
  await session.send('Profiler.enable');
  await session.send('Profiler.setSamplingInterval', { interval: INTERVAL_US });
  await session.send('Profiler.start');
  return {
    async write(folder, name, cost) {
      const { profile } = await session.send('Profiler.stop');
      await session.detach();
      mkdirSync(folder, { recursive: true });
      const path = join(folder, name.replaceAll(/[^\w]+/g, '-'));
      writeFileSync(`${path}.cpuprofile`, JSON.stringify(profile));
      if (cost !== null) writeFileSync(`${path}.txt`, summary(profile, cost));
    },
  };
}

/** As the protocol of Chromium's tools has it. */
interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
    readonly children?: readonly number[];
  }[];
  readonly startTime: number;
  readonly samples?: readonly number[];
  readonly timeDeltas?: readonly number[];
}

/** Milliseconds of the longest task by step of the trace, and by function: its own, and with what it calls. */
function summary({ nodes, startTime, samples = [], timeDeltas = [] }: Profile, { worst, steps }: Cost): string {
  const from = worst.ts;
  const to = from + worst.dur;
  const parent = new Map<number, number>();
  for (const { id, children = [] } of nodes) for (const child of children) parent.set(child, id);
  const names = new Map(
    nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => [
      id,
      `${functionName || '(no name)'} ${url.split('/').at(-1) ?? ''}:${lineNumber + 1}`,
    ]),
  );
  const own = new Map<string, number>();
  const all = new Map<string, number>();
  let at = startTime;
  samples.forEach((sample, i) => {
    at += timeDeltas[i] ?? 0;
    const ms = (timeDeltas[i + 1] ?? INTERVAL_US) / 1000;
    if (at < from || at > to) return;
    const add = (sums: Map<string, number>, name: string): void => void sums.set(name, (sums.get(name) ?? 0) + ms);
    add(own, names.get(sample) ?? '');
    const seen = new Set<string>();
    for (let node: number | undefined = sample; node !== undefined; node = parent.get(node)) seen.add(names.get(node) ?? '');
    for (const name of seen) add(all, name);
  });
  const list = (sums: Iterable<readonly [string, number]>): string =>
    [...sums]
      .toSorted(([, a], [, b]) => b - a)
      .slice(0, SHOWN)
      .map(([name, ms]) => `${ms.toFixed(1).padStart(8)} ${name}`)
      .join('\n');
  return `steps, ms\n${list(steps)}\n\nown time, ms\n${list(own)}\n\nwith what is called, ms\n${list(all)}\n`;
}
