/** docs/axes.md: its rules are those of the tables, and its figures what the rules guess of real logs. `npm run axes` writes both. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { open } from '../../../../src/cli/api.ts';
import { AXIS_IDS, UNKNOWN, type AxisId } from '../../../../src/core/axes/axes.ts';
import { axesDocument, measuredTable, type Measured } from '../../../helpers/axesDocument.ts';

const DOCUMENT = fileURLToPath(new URL('../../../../docs/axes.md', import.meta.url));
const LABELS = fileURLToPath(new URL('../../core/axes/labels.jsonl', import.meta.url));
const DATA = fileURLToPath(new URL('../../../../../shared/data', import.meta.url));
const WRITE = process.env['ESPALIER_AXES'] === 'write';
/** Logs that are labelled whole. The smaller is measured in every run of the tests, all when the page is written. */
const WHOLE = ['mini-swe-agent-deepseek', 'swe-agent-claude35'];

type Label = { readonly log: string; readonly task: string } & { readonly [K in AxisId]?: string };

const labels = readFileSync(LABELS, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Label);

async function measured(logs: readonly string[]): Promise<Measured[]> {
  const found = new Map<string, Measured>();
  for (const log of logs) {
    const { tasks } = await (await open(`${DATA}/${log}`)).studies.guessTags();
    for (const label of labels.filter((each) => each.log === log)) {
      const task = tasks.find(({ subject }) => subject === label.task);
      if (task === undefined) throw new Error(`${log} has no task ${label.task}`);
      const group = WHOLE.includes(log) ? log : label.language === 'other' ? 'others, no software' : 'others, software';
      for (const axis of AXIS_IDS) {
        const said = label[axis];
        if (said === undefined) continue;
        const own = found.get(`${group} ${axis}`) ?? { group, axis, tasks: 0, right: 0, wrong: 0, unknown: 0 };
        const { tag } = task.guess[axis];
        const what = tag === said ? 'right' : tag === UNKNOWN ? 'unknown' : 'wrong';
        found.set(`${group} ${axis}`, { ...own, tasks: own.tasks + 1, [what]: own[what] + 1 });
      }
    }
  }
  return [...found.values()];
}

describe.skipIf(!existsSync(DATA))('figures of real logs (skipped where ../shared/data is missing)', () => {
  it('are those of the page', async () => {
    const logs = WRITE ? [...new Set(labels.map(({ log }) => log))] : WHOLE.slice(1);
    const figures = await measured(logs);
    if (WRITE) writeFileSync(DOCUMENT, axesDocument(measuredTable(figures)));
    const page = readFileSync(DOCUMENT, 'utf8');
    for (const line of measuredTable(figures).split('\n').slice(2)) expect(page).toContain(line);
  }, 300_000);
});

it('has the rules of the tables', () => {
  const page = readFileSync(DOCUMENT, 'utf8');
  const [, table = ''] = /<!-- measured -->\n([\s\S]*?)\n<!-- end -->/.exec(page) ?? [];
  expect(page).toBe(axesDocument(table));
  expect(table).toContain('mini-swe-agent-deepseek');
});

it('has labels of known tags only, and no text of a log', () => {
  for (const label of labels) {
    expect(Object.keys(label).every((name) => ['log', 'task', ...AXIS_IDS].includes(name))).toBe(true);
    expect(label.task.length).toBeLessThan(120);
  }
});
