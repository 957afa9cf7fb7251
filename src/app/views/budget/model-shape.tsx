/** The model shape that FLOPs are estimated from. */
import { RULE_FIELDS } from '../../../core/rule/fields.ts';
import { useChoices } from '../../state/choices.ts';
import { count, exact } from '../../text/format.ts';
import { NumberField } from '../../widgets/controls.tsx';

const FIELDS = [
  ['parameters', 'Parameters', count, 1e15],
  ['layers', 'Layers', exact, 10_000],
  ['width', 'Width', exact, 1_000_000],
] as const;

export function ModelShapeFields() {
  const shape = useChoices((s) => s.pruning.present.rule.model) ?? RULE_FIELDS.model.example;
  const setRule = useChoices((s) => s.setRule);
  return (
    <fieldset className="m-0 grid gap-2 border-0 border-t border-line p-0 pt-2">
      <legend className="sr-only">Model shape for FLOPs</legend>
      {FIELDS.map(([key, name, format, high]) => (
        <div key={key} className="grid grid-cols-[116px_minmax(0,1fr)] items-center">
          <span className="text-ink2">{name}</span>
          <NumberField
            label={name}
            value={shape[key]}
            low={1}
            high={high}
            format={format}
            onChange={(value) => setRule({ model: { ...shape, [key]: Math.round(value) } })}
            className="h-[26px] border-line! bg-paper"
          />
        </div>
      ))}
    </fieldset>
  );
}
