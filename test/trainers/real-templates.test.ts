/** Chat templates of models, read from TRL where it is installed: which render every record, as integrations/trainers/README.md has it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../helpers/sources.ts';
import { exportForCheck, firstLines, runChecks, titled, trainerEnvironment } from '../helpers/trainers.ts';

const core = trainerEnvironment('core');
const logs = [firstLines('public/samples/orchard-chat.jsonl', 24)];
const folder = join(core.python, '../../lib/python3.11/site-packages/trl/chat_templates');
const names = existsSync(folder)
  ? readdirSync(folder)
      .filter((name) => name.endsWith('.jinja') && !name.endsWith('_training.jinja'))
      .map((name) => name.replace('.jinja', ''))
      .sort()
  : [];

interface Found {
  readonly rows: number;
  readonly rendered: number;
  readonly same: number;
  readonly prefixed: number;
  readonly twice: number;
  readonly silent: number;
  readonly spelled: readonly string[];
  readonly refused: Readonly<Record<string, number>>;
}

/** A line of the table in README.md. */
function lineOf(name: string, { rows, rendered, silent, same, prefixed, spelled, refused }: Found): string {
  const why = Object.keys(refused).map((reason) => reason.replaceAll('|', '/'));
  const calls = spelled.map((kind) => (kind === 'dict' ? 'object' : 'text')).join(', ');
  return `| ${name} | ${calls} | ${rendered} of ${rows} | ${silent} | ${same} | ${prefixed} | ${why.join('; ')} |`;
}

describe.skipIf(core.missing !== null)(titled('chat templates of models', core), () => {
  const found: Record<string, Found> = {};

  beforeAll(async () => {
    const folders: string[] = [];
    for (const name of names) {
      const template = { name, text: readFileSync(join(folder, `${name}.jinja`), 'utf8') };
      folders.push((await exportForCheck({ logs, template, profiles: [{ profile: 'trl-messages' }] })).folder);
    }
    const facts = await runChecks(core, 'real_templates', folders);
    names.forEach((name, index) => (found[name] = facts[index] as unknown as Found));
  });

  it('spell calls once', () => {
    expect(names.length).toBeGreaterThan(30);
    for (const { twice } of Object.values(found)) expect(twice).toBe(0);
  });

  it('render as README.md says', () => {
    const readme = readFileSync(join(ROOT, 'integrations/trainers/README.md'), 'utf8').split('\n');
    const lines = names.map((name) => lineOf(name, found[name] as Found));
    expect(lines.filter((line) => !readme.includes(line)).join('\n')).toBe('');
    expect(Object.values(found).filter(({ rows, rendered }) => rendered === rows).length).toBeGreaterThan(30);
  });
});
