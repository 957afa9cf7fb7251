import { expect, it } from 'vitest';
import { withoutPast } from '../../../../src/engine/score/no-past.ts';
import { fakeModel } from '../../../helpers/fakeModel.ts';

it('is given one row at a time, and no longer texts than attention has memory for', () => {
  const wide = withoutPast(fakeModel('wasm', 8192), 2 ** 28);
  // 1,024 squared pairs of 256 bytes.
  expect(wide).toMatchObject({ maxRows: 1, context: 1024, rereads: true });
  expect(withoutPast(fakeModel('wasm', 512), 2 ** 28).context).toBe(512);
});
