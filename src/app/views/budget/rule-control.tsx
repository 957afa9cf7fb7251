/** The control of one setting of the rule, made from the table of settings. */
import type { PruneRule } from '../../../core/model/rule.ts';
import type { ChoiceField, NumberField as NumberSetting } from '../../../core/rule/field.ts';
import { RULE_FIELD_LIST, RULE_FIELDS, type RuleFieldName } from '../../../core/rule/fields.ts';
import { useChoices } from '../../state/choices.ts';
import { plural } from '../../text/format.ts';
import { NumberField, Segments, Select } from '../../widgets/controls.tsx';

type Field = (typeof RULE_FIELDS)[RuleFieldName];

/** The settings that the page shows at a place, in the order of the table, each with the title of its row. */
export function fieldsAt(
  place: Field['panel'],
): readonly { readonly name: RuleFieldName; readonly label: string; readonly help: string }[] {
  return RULE_FIELD_LIST.flatMap(({ name, label, help, panel }) =>
    panel === place ? [{ name, label, help: `${help.slice(0, 1).toUpperCase()}${help.slice(1)}` }] : [],
  );
}

/** Shown as a few short buttons, which leave room beside them. */
export function isShort(name: RuleFieldName): boolean {
  return 'segments' in RULE_FIELDS[name];
}

/** Nothing for settings whose values have an editor of their own. */
export function RuleControl({ name, className = '' }: { readonly name: RuleFieldName; readonly className?: string }) {
  const value: unknown = useChoices((s) => s.pruning.present.rule[name]);
  const setRule = useChoices((s) => s.setRule);
  const field: Field = RULE_FIELDS[name];
  const set = (next: string | number, needs?: string): void => setRule({ [name]: next, ...neededFor(needs) });
  if (field.type === 'choice' && typeof value === 'string')
    return <ChoiceControl field={field} value={value} onChange={set} className={className} />;
  return field.type === 'number' && typeof value === 'number' ? <NumberControl field={field} value={value} onChange={set} /> : null;
}

/** A setting that another one cannot do without begins with its example. */
function neededFor(needs: string | undefined): Partial<PruneRule> {
  const { rule } = useChoices.getState().pruning.present;
  const needed = RULE_FIELD_LIST.find(({ name }) => name === needs);
  return needed === undefined || rule[needed.name] !== undefined ? {} : { [needed.name]: needed.example };
}

function ChoiceControl({
  field,
  value,
  onChange,
  className,
}: {
  readonly field: Omit<ChoiceField<string>, 'write'>;
  readonly value: string;
  readonly onChange: (value: string, needs?: string) => void;
  readonly className: string;
}) {
  const choices = field.values.map(({ id, label, help }) => ({ value: id, label, about: help }));
  const choose = (next: string): void => onChange(next, field.values.find(({ id }) => id === next)?.needs);
  const label = field.spoken ?? field.label;
  return field.segments === true ? (
    <Segments label={label} choices={choices} value={value} onChange={choose} />
  ) : (
    <Select label={label} choices={choices} value={value} onChange={choose} className={className} />
  );
}

function NumberControl({
  field,
  value,
  onChange,
}: {
  readonly field: NumberSetting;
  readonly value: number;
  readonly onChange: (value: number) => void;
}) {
  const { low, high, step, isInteger, unit } = field;
  return (
    <NumberField
      label={field.spoken ?? field.label}
      value={value}
      low={low}
      high={high}
      step={step}
      format={(shown) => (unit !== undefined ? plural(shown, unit) : isInteger ? String(shown) : shown.toFixed(2))}
      onChange={(next) => onChange(isInteger ? Math.round(next) : next)}
      className="h-[26px] border-line! bg-paper"
    />
  );
}
