/** verl trains the answers that its profile marks, and takes the prompts of tasks. */
import { describe, expect, it } from 'vitest';
import { exportForCheck, firstLines, runCheck, titled, trainerEnvironment } from '../helpers/trainers.ts';

const verl = trainerEnvironment('verl');
const logs = [firstLines('public/samples/orchard-chat.jsonl', 24)];
const profiles = [{ profile: 'verl-sft' }, { profile: 'verl-rl' }, { profile: 'messages' }];

describe.skipIf(verl.missing !== null)(titled('verl', verl), () => {
  it('reads both profiles by the settings that they print', async () => {
    const { folder } = await exportForCheck({ logs, template: 'chatml', profiles });
    const found = await runCheck(verl, 'verl_rows', folder);
    const sft = found['verl-sft'] as { rows: number; trained: number };
    expect(sft.rows).toBeGreaterThan(15);
    expect(sft.trained).toBeGreaterThan(5_000);
    expect(found['verl-rl']).toEqual({ rows: 2 });
  });
});
