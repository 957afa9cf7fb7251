/** The settings of a rule as flags: what `parseArgs` is told, `--help`, and the rule that flags make. */
import { DEFAULT_RULE, type PruneRule } from '../core/model/rule.ts';
import type { AnyField } from '../core/rule/field.ts';
import { RULE_FIELD_LIST } from '../core/rule/fields.ts';
import { readRule } from '../engine/read-rule.ts';
import { helpLines } from './help-lines.ts';
import { UsageError } from './usage.ts';

const FIELDS = RULE_FIELD_LIST.flatMap((field) => (field.flag === null ? [] : [{ field, flag: field.flag }]));

export const RULE_OPTIONS: Readonly<Record<string, { readonly type: 'string' }>> = Object.fromEntries(
  FIELDS.map(({ flag }) => [flag, { type: 'string' }]),
);

/** The lines of `--help`, without a line break at the end. */
export const RULE_HELP = FIELDS.map(({ field, flag }) => helpLines(`--${flag} ${field.placeholder}`, explanation(field))).join('\n');

function explanation(field: AnyField): string {
  const { help, values } = field;
  if (field.default === undefined) return help;
  const text = field.write(field.default);
  if (values) return `${help}: ${values.map(({ id }) => (id === text ? `${id} (default)` : id)).join(', ')}`;
  return text === '' ? help : `${help} (default ${text})`;
}

/** Throws UsageError naming the flag, what was expected and what was found. */
export function pruneRule(flags: Readonly<Record<string, string | boolean | undefined>>, base: PruneRule = DEFAULT_RULE): PruneRule {
  const rule: Record<string, unknown> = { ...base };
  for (const { field, flag } of FIELDS) {
    const text = flags[flag];
    if (typeof text !== 'string') continue;
    const found = field.parse(text);
    if (!found.ok) throw new UsageError(`--${flag}: ${found.fault}`);
    rule[field.name] = found.value;
  }
  for (const { field, flag } of FIELDS) {
    const chosen = field.values?.find(({ id }) => id === rule[field.name]);
    const needed = FIELDS.find((other) => other.field.name === chosen?.needs);
    if (chosen && needed && rule[needed.field.name] === undefined)
      throw new UsageError(`--${flag} ${chosen.id}: needs --${needed.flag} ${needed.field.placeholder}`);
  }
  const read = readRule(rule);
  if (read === null) throw new UsageError('the settings do not make a rule; see --help');
  return read;
}
