/** TRL trains the answers that its profiles of conversations mark. */
import { describe, expect, it } from 'vitest';
import { exportForCheck, firstLines, runCheck, titled, trainerEnvironment } from '../helpers/trainers.ts';

const core = trainerEnvironment('core');
const logs = [firstLines('public/samples/orchard-chat.jsonl', 48)];
const profiles = [{ profile: 'trl-messages' }, { profile: 'trl-prompt-completion' }, { profile: 'trl-dpo' }];

describe.skipIf(core.missing !== null)(titled('TRL conversations', core), () => {
  it('trains what is marked and no others, by the lines that the profiles print', async () => {
    const { folder } = await exportForCheck({ logs, template: 'chatml', profiles });
    const found = await runCheck(core, 'trl_conversations', folder);
    // All answers of the first, those alone that are marked of the second.
    const trained = (profile: string): number => (found[profile] as { trained: number }).trained;
    expect(trained('trl-messages')).toBeGreaterThan(trained('trl-prompt-completion'));
    expect(trained('trl-prompt-completion')).toBeGreaterThan(10_000);
    expect(found['trl-dpo']).toMatchObject({ rows: 4 });
  });
});
