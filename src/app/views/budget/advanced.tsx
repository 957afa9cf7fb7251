/** The settings that are changed less often, from the table of settings, and a model's shape. */
import { DEFAULT_RULE } from '../../../core/model/rule.ts';
import { useChoices } from '../../state/choices.ts';
import { Button } from '../../widgets/controls.tsx';
import { Popover } from '../../widgets/popover.tsx';
import { FillControl } from './fill-control.tsx';
import { ModelShapeFields } from './model-shape.tsx';
import { RuleControl, fieldsAt } from './rule-control.tsx';

export function Advanced() {
  const rule = useChoices((s) => s.pruning.present.rule);
  const setRule = useChoices((s) => s.setRule);
  return (
    <Popover
      label="More rule settings"
      width={360}
      button="More ▾"
      className="h-[26px] flex-none whitespace-nowrap rounded border border-line bg-paper px-2 text-t1 text-ink2 hover:border-line2"
    >
      {() => (
        <div className="grid gap-2 p-3">
          {fieldsAt('more').map(({ name, label, help }) => (
            <div key={name} title={help} className="grid grid-cols-[116px_minmax(0,1fr)] items-center">
              <span className="text-ink2">{label}</span>
              {name === 'fill' ? <FillControl /> : <RuleControl name={name} />}
            </div>
          ))}
          {rule.unit === 'flops' && <ModelShapeFields />}
          <div>
            <Button small onClick={() => setRule({ ...DEFAULT_RULE, hand: rule.hand })}>
              Reset to defaults
            </Button>
          </div>
        </div>
      )}
    </Popover>
  );
}
