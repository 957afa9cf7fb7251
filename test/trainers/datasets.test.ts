/** Hugging Face `datasets` reads what is exported. */
import { describe, expect, it } from 'vitest';
import { exportForCheck, runCheck, titled, trainerEnvironment } from '../helpers/trainers.ts';

const core = trainerEnvironment('core');
const profiles = [{ profile: 'messages' }, { profile: 'tokens' }];

function chat(task: string, answer: string): string {
  const messages = [
    { role: 'user', content: `How are the ${task}?` },
    { role: 'assistant', content: answer },
  ];
  return JSON.stringify({ id: `${task}-${answer}`, task_id: task, reward: 1, messages });
}

describe.skipIf(core.missing !== null)(titled('datasets', core), () => {
  it('reads messages and tokens of the bundled sample', async () => {
    const { folder, records } = await exportForCheck({ logs: ['public/samples/orchard.jsonl'], profiles });
    const found = await runCheck(core, 'datasets', folder);
    expect(records).toBeGreaterThan(100);
    expect(found).toMatchObject({ 'messages.jsonl': { rows: records }, 'tokens.jsonl': { rows: records } });
  });

  it('reads a file whose first blocks have whole weights only', async () => {
    const alone = Array.from({ length: 200 }, (_, index) => chat(`beds of row ${index}`, 'Watered and weeded.'));
    const three = ['Dry.', 'Wet.', 'Gone.'].map((answer) => chat('pears', answer));
    const bytes = new TextEncoder().encode(`${[...alone, ...three].join('\n')}\n`);
    const { folder, records } = await exportForCheck({ logs: [{ name: 'a.jsonl', bytes }], profiles, weights: 'branch-mean' });
    expect(records).toBe(203);
    expect(await runCheck(core, 'datasets', folder)).toMatchObject({ 'tokens.jsonl': { rows: 203 } });
  });
});
