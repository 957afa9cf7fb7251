/** A forest that has lost whole lines is refused where the manifest beside it tells. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { open, rule } from '../../../src/cli/api.ts';
import { proven } from '../../helpers/proven.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-cut-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a forest without its last line is one issue, and nothing of it is used', async ({ task }) => {
  const log = ['t1', 't2', 't3'].map((key) =>
    JSON.stringify({
      id: key,
      task_id: key,
      messages: [
        { role: 'user', content: key },
        { role: 'assistant', content: 'Yes.' },
      ],
    }),
  );
  const dataset = await open([{ name: 'log.jsonl', bytes: new TextEncoder().encode(log.join('\n')) }]);
  await dataset.prune(rule(), { cut: 1, train: 1 }).export(folder, { profiles: [{ profile: 'forest' }] });
  const path = join(folder, 'forest.jsonl');
  expect((await open(path)).facts()).toMatchObject({ rollouts: 3, issues: 0 });
  const whole = readFileSync(path, 'utf8').trimEnd().split('\n');
  writeFileSync(path, `${whole.slice(0, 2).join('\n')}\n`);
  const cut = await open(path);
  expect(cut.facts()).toMatchObject({ rollouts: 0, issues: 1, restored: null });
  expect(cut.issues()[0]).toMatchObject({ code: 'manifest', severity: 'record' });
  proven(task, {
    part: 'Input',
    fault: 'A forest export loses its last line',
    happened: `refused by the manifest beside it: ${cut.facts().issues} issue, ${cut.facts().rollouts} rollouts`,
  });
});
