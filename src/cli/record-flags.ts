/** The settings of records as flags: what `parseArgs` is told, `--help`, and the settings that flags make. */
import type { OptionValue, ProfileOption, RecordSettings } from '../engine/answers/exporting.ts';
import { expectedOf, optionText, readOption } from '../engine/export/options.ts';
import { RECORD_SETTINGS } from '../engine/export/record-settings.ts';
import { helpLines } from './help-lines.ts';
import { UsageError } from './usage.ts';

export const RECORD_OPTIONS: Readonly<Record<string, { readonly type: 'string' | 'boolean' }>> = Object.fromEntries(
  RECORD_SETTINGS.map(({ flag, type }) => [flag, { type: type === 'flag' ? 'boolean' : 'string' }]),
);

/** The lines of `--help`, without a line break at the end. */
export const RECORD_HELP = RECORD_SETTINGS.map((setting) =>
  helpLines(`--${setting.flag} ${placeholderOf(setting)}`.trimEnd(), `${setting.help}${defaultOf(setting)}`),
).join('\n');

function placeholderOf(option: ProfileOption): string {
  if (option.type === 'choice') return option.values.join('|');
  return option.type === 'number' ? 'N' : option.type === 'text' ? 'TEXT' : '';
}

function defaultOf(option: ProfileOption): string {
  return option.type === 'flag' ? '' : ` (default ${optionText(option.default)})`;
}

/** Those that flags give. Throws UsageError naming the flag, what was expected and what was found. */
export function recordFlags(flags: Readonly<Record<string, string | boolean | undefined>>): Partial<RecordSettings> {
  const given: Record<string, OptionValue> = {};
  for (const setting of RECORD_SETTINGS) {
    const text = flags[setting.flag];
    if (text === undefined) continue;
    const value = typeof text === 'boolean' ? text : readOption(setting, text);
    if (value === null) throw new UsageError(`--${setting.flag}: expected ${expectedOf(setting)}, found ${text}`);
    given[setting.name] = value;
  }
  return given;
}
