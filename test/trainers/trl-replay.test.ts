/** TRL trains with GRPO on what a log holds. */
import { describe, expect, it } from 'vitest';
import { exportForCheck, runCheck, titled, trainerEnvironment } from '../helpers/trainers.ts';

const core = trainerEnvironment('core');

const bytesOf = (text: string): number[] => Array.from(new TextEncoder().encode(text));
const [START, END] = [257, 258];

/** Two tasks of four rollouts in the ids of the tests' tokenizer; answers begin alike, and half of them are rewarded. */
function log(): string {
  const rollouts = ['pears', 'plums'].flatMap((key) => [0, 1, 2, 3].map((index) => ({ key, index })));
  const lines = rollouts.map(({ key, index }) => {
    const answer = [...bytesOf(`The ${key} are ${['ripe', 'ripe now', 'green', 'gone'][index]}.`), END];
    const question = [START, ...bytesOf(`user\nHow are the ${key}?`), END, 10];
    const header = [START, ...bytesOf('assistant\n')];
    const nodes = [
      { message: { role: 'user', content: `How are the ${key}?` }, token_ids: question, mask: question.map(() => false) },
      {
        parent: 0,
        message: { role: 'assistant', content: 'Said.' },
        sampled: true,
        token_ids: [...header, ...answer],
        mask: [...header.map(() => false), ...answer.map(() => true)],
        logprobs: answer.map((_, i) => -0.5 - (i % 7) / 10),
      },
    ];
    const trace = { id: `${key}-${index}`, nodes, rewards: { right: { score: index % 2, weight: 1 } } };
    return JSON.stringify({ id: `${key}-${index}`, task: { type: 'Task', key, data: {} }, traces: [trace] });
  });
  return `${lines.join('\n')}\n`;
}

describe.skipIf(core.missing !== null)(titled('trl-grpo-replay', core), () => {
  it('trains on the recorded answers, by the lines that it prints', async () => {
    const { folder, records } = await exportForCheck({
      logs: [{ name: 'log.jsonl', bytes: new TextEncoder().encode(log()) }],
      template: 'chatml',
      profiles: [{ profile: 'trl-grpo-replay' }],
      weights: 'branch-mean',
    });
    const found = await runCheck(core, 'trl_replay', folder);
    expect(found).toMatchObject({ rows: records, groups: 2 });
    expect(found['trained']).toBeGreaterThan(100);
  });
});
