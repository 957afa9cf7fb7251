/** Hugging Face `datasets` reads what is exported. */
import { describe, expect, it } from 'vitest';
import { PROFILES } from '../../src/engine/export/profiles/index.ts';
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

/** Calls whose arguments have several types by one name, and tools whose schemas do. */
function clashing(): string {
  const given: readonly object[] = [{ at: 'beds' }, { at: 3 }, { at: ['a', 2] }, { at: { row: 1 } }, {}, { at: null, much: 1.5 }];
  const lines = given.map((own, index) => {
    const schema = { type: index % 2 === 0 ? 'string' : ['integer', 'null'], enum: index % 2 === 0 ? ['a'] : [1] };
    const parameters = { type: 'object', properties: Object.fromEntries(Object.keys(own).map((key) => [key, schema])) };
    const messages = [
      { role: 'user', content: 'Look.' },
      {
        role: 'assistant',
        content: index % 2 === 0 ? '' : 'Well.',
        tool_calls: [{ id: '1', type: 'function', function: { name: `look_${index}`, arguments: JSON.stringify(own) } }],
      },
      { role: 'tool', tool_call_id: '1', content: 'wet' },
      { role: 'assistant', content: `Done ${index}.` },
    ];
    const tools = [{ type: 'function', function: { name: `look_${index}`, description: 'Looks.', parameters } }];
    return JSON.stringify({ id: `r${index}`, task_id: `t${index % 3}`, reward: index % 2, messages, ...(index === 4 ? {} : { tools }) });
  });
  return `${lines.join('\n')}\n`;
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

  it('reads every profile of JSON Lines, where calls and tools clash', async () => {
    // The first two hold trees, and traces are for verifiers; no log-probs are here.
    const others = ['forest', 'tree', 'verifiers', 'trl-grpo-replay', 'trl-dpo'];
    const chosen = PROFILES.filter(({ id, kind }) => kind === 'jsonl' && !others.includes(id)).map(({ id }) => ({ profile: id }));
    const bytes = new TextEncoder().encode(clashing());
    const { folder } = await exportForCheck({ logs: [{ name: 'a.jsonl', bytes }], template: 'chatml', profiles: chosen });
    const found = await runCheck(core, 'datasets', folder);
    expect(Object.keys(found)).toHaveLength(chosen.length);
  });
});
