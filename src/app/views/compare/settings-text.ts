/** What sets two settings apart, in words. */
import { RULE_FIELD_LIST } from '../../../core/rule/fields.ts';
import type { Settings, Side } from '../../../engine/answers/comparing.ts';
import { entropyText } from '../../../engine/words/sources.ts';
import { percent } from '../../text/format.ts';

export interface SettingRow {
  readonly name: string;
  readonly a: string;
  readonly b: string;
  readonly differs: boolean;
}

/** Budgets, strategy and source of entropy always; of the other settings those that differ. */
export function settingRows(a: Settings, b: Settings, sides: { readonly a: Side; readonly b: Side }): readonly SettingRow[] {
  const row = (name: string, first: string, second: string): SettingRow => ({ name, a: first, b: second, differs: first !== second });
  const rules = RULE_FIELD_LIST.map((field) => {
    const text = (settings: Settings): string => {
      const value = settings.rule[field.name];
      return value === undefined ? 'not set' : field.write(value) || 'none';
    };
    return { always: field.name === 'strategy', ...row(field.label, text(a), text(b)) };
  });
  return [
    row('Cut', percent(a.budget.cut), percent(b.budget.cut)),
    row('Train', percent(a.budget.train), percent(b.budget.train)),
    row('Entropy from', entropyText(sides.a.entropy), entropyText(sides.b.entropy)),
    ...rules.filter(({ always, differs }) => always || differs),
  ];
}
