/**
 * `npm run scaling`: how costs grow, measured on this machine, with fitted exponents; writes docs/scaling.md. `--quick` takes logs of a
 * sixteenth and fewer nodes, and prints instead of writing.
 */
import { statSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { measurePart } from './commands.ts';
import { documentOf } from './document.ts';
import { measureNodes } from './forests.ts';
import { openInBrowser } from './in-browser.ts';
import { makeLogs, type LogPoint, type Opening } from './openings.ts';

const root = process.cwd();
const scratch = join(root, '.cache/bench-data');
const quick = process.argv.includes('--quick');
const say = (text: string): void => void process.stderr.write(`${text}\n`);
const logs = makeLogs(root, scratch, say);

const unit = quick ? 0.625 : 10;
const sizes = [unit, 4 * unit, 16 * unit];
const kinds = ['chat', 'tokens'] as const;
const chatOf = (shape: Omit<LogPoint, 'kind' | 'megabytes'>): Opening => logs.open({ kind: 'chat', megabytes: 4 * unit, ...shape }, 2);

const bySize = kinds.flatMap((kind) => sizes.flatMap((megabytes) => [1, 2].map((threads) => logs.open({ kind, megabytes }, threads))));
const byGroup = [4, 16, 64].map((group) => chatOf({ group }));
const byShare = [0, 0.5, 0.9].map((shared) => chatOf({ group: 16, shared }));
const byNodes = (quick ? [1e3, 1e4] : [1e4, 1e5, 1e6, 1e7]).map((nodes) => {
  say(`a forest of ${nodes} nodes`);
  return measureNodes(nodes);
});
const partLog = logs.path({ kind: 'chat', megabytes: 16 * unit });
say(`pruning ${partLog} as a part of a larger log`);
const part = measurePart(join(root, 'dist-cli/espalier.mjs'), partLog, scratch);
const files = kinds.flatMap((kind) =>
  sizes.map((megabytes) => {
    const path = logs.path({ kind, megabytes });
    return { kind, path, bytes: statSync(path).size };
  }),
);
say('opening the same logs in Chromium');
const opened = await openInBrowser(root, process.env['ESPALIER_CHROMIUM'] ?? null, files);
const inBrowser = opened.map((opening, i) => ({ ...opening, kind: files[i]!.kind }));

const text = documentOf({
  machine: { cores: availableParallelism(), model: cpus()[0]?.model ?? 'unknown', memoryBytes: totalmem(), node: process.version },
  bySize,
  byGroup,
  byShare,
  byNodes,
  part,
  inBrowser,
});
if (quick) process.stdout.write(text);
else {
  writeFileSync(join(root, 'docs/scaling.md'), text);
  say('docs/scaling.md is written');
}
