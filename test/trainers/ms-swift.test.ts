/** ms-swift trains what its profile marks. */
import { describe, expect, it } from 'vitest';
import { exportForCheck, firstLines, runCheck, titled, trainerEnvironment } from '../helpers/trainers.ts';

const swift = trainerEnvironment('swift');
const logs = [firstLines('public/samples/orchard-chat.jsonl', 24)];

describe.skipIf(swift.missing !== null)(titled('ms-swift', swift), () => {
  it('trains the marked answers and calls, by the command that the profile prints', async () => {
    const { folder } = await exportForCheck({ logs, template: 'chatml', profiles: [{ profile: 'ms-swift' }] });
    const found = await runCheck(swift, 'swift_rows', folder);
    expect(found['rows']).toBeGreaterThan(15);
    expect(found['trained']).toBeGreaterThan(5_000);
  });
});
