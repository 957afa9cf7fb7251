/** The command line where an input changes under it: a sentence, its exit code, and no file. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { proven } from '../../helpers/proven.ts';
import { rewritesBeforeExport } from '../../helpers/rewrites.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const log = (answer: string): string =>
  Array.from({ length: 30 }, (_, i) =>
    JSON.stringify({
      id: String(i),
      task_id: String(i % 3),
      messages: [
        { role: 'user', content: 'Where is the mill?' },
        { role: 'assistant', content: `${answer} ${i}` },
      ],
    }),
  ).join('\n');

it.for([
  ['at once', []],
  ['in parts', ['--stream', '--scope', 'task']],
] as const)('prune %s writes nothing of a log that is rewritten before its export', ([way, flags], { task }) => {
  const input = join(folder, 'log.jsonl');
  const out = join(folder, `out ${way}`);
  writeFileSync(input, log('By the river.'));
  const other = join(folder, 'other.jsonl');
  writeFileSync(other, log('By the ocean.'));
  const args = [
    '--import',
    rewritesBeforeExport(folder, input, other),
    'bin/espalier.mjs',
    'prune',
    input,
    '--budget',
    '60%',
    '--out',
    out,
    ...flags,
  ];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(stderr).toMatch(/^espalier: log\.jsonl changed since it was opened: [\d,]+ bytes then and now, but others; open it again$/m);
  expect(status).toBe(65);
  expect(existsSync(out)).toBe(false);
  proven(task, {
    part: 'Input',
    fault: `A log is rewritten between reading and export, pruned ${way}`,
    happened: `exit code ${status}, no folder is made: “${/^espalier: .*$/m.exec(stderr)?.[0] ?? ''}”`,
  });
});
