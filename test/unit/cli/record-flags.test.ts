/** The settings of records as flags: each by its own name, with the values that its list says. */
import { parseArgs } from 'node:util';
import { expect, it } from 'vitest';
import { recordFlags, RECORD_HELP, RECORD_OPTIONS } from '../../../src/cli/record-flags.ts';
import { UsageError } from '../../../src/cli/usage.ts';
import { RECORD_SETTINGS, recordSettings } from '../../../src/engine/export/record-settings.ts';

const read = (...args: string[]): object => recordFlags(parseArgs({ args, options: RECORD_OPTIONS }).values);

it('read shares, sizes and seeds', () => {
  expect(read()).toEqual({});
  expect(read('--validation', '12.5%', '--record-seed', '7', '--shard', '0.5')).toEqual({ validation: 0.125, seed: 7, shard: 0.5 });
  expect(read('--validation', '0.1')).toEqual({ validation: 0.1 });
});

it.each([
  ['--validation', '100%', '--validation: expected a number from 0 to 0.99, found 100%'],
  ['--validation', 'some', '--validation: expected a number from 0 to 0.99, found some'],
  ['--shard', '', '--shard: expected a number from 0 to 1000000, found '],
  ['--record-seed', '-1', '--record-seed: expected a whole number from 0 to 9007199254740991, found -1'],
])('refuse %s %s', (flag, value, message) => {
  expect(() => read(`${flag}=${value}`)).toThrow(new UsageError(message));
});

it('each have a flag of their own, a line of help and a default', () => {
  const flags = RECORD_SETTINGS.map(({ flag }) => flag);
  expect(new Set(flags).size).toBe(flags.length);
  for (const flag of flags) expect(RECORD_HELP).toContain(`  --${flag}`);
  const defaults = Object.fromEntries(RECORD_SETTINGS.map((setting) => [setting.name, setting.default]));
  expect(recordSettings({})).toEqual(defaults);
});
