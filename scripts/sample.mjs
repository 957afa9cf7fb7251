/** Writes the sample logs: node scripts/sample.mjs [--seed S] [--tasks N] [--rollouts N] [--out FOLDER] */
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { generate } from './sample/generate.mjs';
import { makeOracle } from './sample/oracle.mjs';
import { chat, episode, rounded } from './sample/records.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '2' },
    tasks: { type: 'string', default: '8' },
    rollouts: { type: 'string', default: '16' },
    out: { type: 'string', default: join(root, 'public', 'samples') },
  },
});

/** @type {(name: string, text: string) => number} */
function count(name, text) {
  const value = Number(text);
  if (!(Number.isInteger(value) && value > 0)) {
    process.stderr.write(`--${name}: expected a whole number above 0, found "${text}"\n`);
    process.exit(2);
  }
  return value;
}

const size = { seed: values.seed, tasks: count('tasks', values.tasks), rollouts: count('rollouts', values.rollouts) };
mkdirSync(values.out, { recursive: true });
const episodes = openSync(join(values.out, 'orchard.jsonl'), 'w');
const chats = openSync(join(values.out, 'orchard-chat.jsonl'), 'w');
const oracle = makeOracle();
let bytes = 0;
for (const played of generate(size)) {
  bytes += writeSync(episodes, `${JSON.stringify(episode(played))}\n`);
  writeSync(chats, `${JSON.stringify(chat(played))}\n`);
  oracle.add(played);
}
closeSync(episodes);
closeSync(chats);
// Figures keep 12 digits: exact for every count, and below the last place on which machines could differ.
const figures = JSON.stringify(
  { about: 'Figures of orchard.jsonl counted by its generator, from unrounded values', ...size, ...oracle.result() },
  (_, value) => (typeof value === 'number' ? Number(value.toPrecision(12)) : value),
  2,
);
writeFileSync(join(values.out, 'orchard.expected.json'), `${figures}\n`);
process.stdout.write(
  `${size.tasks} tasks x ${size.rollouts} rollouts, ${rounded(bytes / 1e6)} MB in ${join(values.out, 'orchard.jsonl')}\n`,
);
