/** The tinker cookbook trains what its profile marks. */
import { describe, expect, it } from 'vitest';
import { exportForCheck, firstLines, runCheck, titled, trainerEnvironment } from '../helpers/trainers.ts';

const tinker = trainerEnvironment('tinker');
const logs = [firstLines('public/samples/orchard-chat.jsonl', 24)];

describe.skipIf(tinker.missing !== null)(titled('The tinker cookbook', tinker), () => {
  it('trains the marked messages, by the lines that the profile prints', async () => {
    const { folder } = await exportForCheck({ logs, template: 'chatml', profiles: [{ profile: 'tinker' }] });
    const found = await runCheck(tinker, 'tinker_rows', folder);
    expect(found['rows']).toBeGreaterThan(15);
    expect(found['trained']).toBeGreaterThan(5_000);
  });
});
