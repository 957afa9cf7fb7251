/** OpenRLHF trains the answers of its profile. */
import { describe, expect, it } from 'vitest';
import { exportForCheck, firstLines, runCheck, titled, trainerEnvironment } from '../helpers/trainers.ts';

const openrlhf = trainerEnvironment('openrlhf');
const logs = [firstLines('public/samples/orchard-chat.jsonl', 24)];

describe.skipIf(openrlhf.missing !== null)(titled('OpenRLHF', openrlhf), () => {
  it('trains all answers, by the flags that the profile prints', async () => {
    const { folder } = await exportForCheck({ logs, template: 'chatml', profiles: [{ profile: 'openrlhf' }] });
    const found = await runCheck(openrlhf, 'openrlhf_rows', folder);
    expect(found['rows']).toBeGreaterThan(15);
    expect(found['trained']).toBeGreaterThan(5_000);
  });
});
