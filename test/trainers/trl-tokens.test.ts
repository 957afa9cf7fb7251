/** TRL and transformers train what `trl-tokens` marks. */
import { describe, expect, it } from 'vitest';
import { exportForCheck, runCheck, titled, trainerEnvironment } from '../helpers/trainers.ts';

const core = trainerEnvironment('core');
const profiles = [{ profile: 'trl-tokens' }];

describe.skipIf(core.missing !== null)(titled('trl-tokens', core), () => {
  it('trains the marked positions and no others, by the lines that the profile prints', async () => {
    const { folder, records } = await exportForCheck({ logs: ['public/samples/orchard-chat.jsonl'], template: 'chatml', profiles });
    const found = await runCheck(core, 'trl_tokens', folder);
    expect(records).toBeGreaterThan(100);
    expect(found).toMatchObject({ rows: records });
    expect(found['trained']).toBeGreaterThan(30_000);
  });
});
