/** Logs opened with a chat template, against transformers' own rendering of the exported messages. */
import { beforeAll, describe, expect, it } from 'vitest';
import { exportForCheck, runChecks, titled, trainerEnvironment } from '../helpers/trainers.ts';

const core = trainerEnvironment('core');
const TEMPLATES = ['chatml', 'headers', 'thinking'] as const;

describe.skipIf(core.missing !== null)(titled('chat templates', core), () => {
  const found: Record<string, Record<string, unknown> | undefined> = {};
  const records: Record<string, number> = {};

  beforeAll(async () => {
    const folders: string[] = [];
    for (const template of TEMPLATES) {
      const made = await exportForCheck({ logs: ['public/samples/orchard-chat.jsonl'], template, profiles: [{ profile: 'messages' }] });
      records[template] = made.records;
      folders.push(made.folder);
    }
    (await runChecks(core, 'templates', folders)).forEach((facts, index) => (found[TEMPLATES[index]] = facts));
  });

  it.each(TEMPLATES)('gives the ids that transformers renders with %s', (template) => {
    expect(records[template]).toBeGreaterThan(100);
    expect(found[template]).toMatchObject({ records: records[template] });
    expect(found[template]?.['trained']).toBeGreaterThan(30_000);
  });

  it.each(TEMPLATES)('trains only what %s marks as generated', (template) => {
    expect(found[template]).toMatchObject({ outside: 0 });
  });
});
