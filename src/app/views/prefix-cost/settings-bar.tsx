/** What is counted, of which model, and in which blocks. */
import { KNOWN_MODELS } from '../../../core/prefix/known-models.ts';
import type { TrainedModel } from '../../../core/prefix/flops.ts';
import type { RecordSet } from '../../../engine/answers/prefix-cost.ts';
import { useChoices } from '../../state/choices.ts';
import { usePrefixCostChoice } from '../../state/prefix-cost.ts';
import { count, exact } from '../../text/format.ts';
import { NumberField, Segments, Select } from '../../widgets/controls.tsx';

const SETS = [
  { value: 'export' as const, label: 'Export', about: 'The records that an export writes at the budget in force' },
  { value: 'log' as const, label: 'Whole log', about: 'Every trajectory, to its end, whatever the budget' },
];

const OWN = 'own';
const OF_RULE = 'rule';
const KNOWN = KNOWN_MODELS.map(({ id, label, source }) => ({ value: id, label, about: `By its model card: ${source}` }));
const TYPED = { value: OWN, label: 'own shape', about: 'Parameters, layers and widths as you type them' };
const RULED = { value: OF_RULE, label: 'as the budget', about: 'The shape that a budget in FLOPs is of; keys as wide as queries' };

const SHAPE = [
  ['parameters', 'Parameters', count, 1e15, 'Those that a token activates'],
  ['layers', 'Layers', exact, 10_000, 'Layers with attention'],
  ['width', 'Width', exact, 1_000_000, 'Of the attention: query heads × head dimension'],
  ['keyWidth', 'Key width', exact, 1_000_000, 'Key heads × head dimension'],
] as const;

const TOKENS = [
  ['context', 'Context', 'Tokens that the model takes: longer records are counted', 100_000_000],
  ['kernel', 'Kernel block', 'Tokens of a block that an attention kernel computes whole', 65_536],
] as const;

export function SettingsBar() {
  const { choose, set, known, model, recomputes, ...own } = usePrefixCostChoice();
  const ofRule = useChoices((s) => s.pruning.present.rule.model);
  const models = ofRule === undefined ? [...KNOWN, TYPED] : [...KNOWN, RULED, TYPED];
  const chooseModel = (id: string): void => {
    if (id === OF_RULE && ofRule !== undefined) {
      choose({ known: null, model: { ...ofRule, keyWidth: ofRule.width } });
      return;
    }
    const found = KNOWN_MODELS.find((each) => each.id === id);
    choose(found ? { known: id, model: found, context: found.context } : { known: null });
  };
  const change = (part: Partial<TrainedModel>): void => {
    const { parameters, layers, width, keyWidth } = model;
    choose({ known: null, model: { parameters, layers, width, keyWidth, ...part } });
  };
  return (
    <>
      <Segments<RecordSet> label="Which records" choices={SETS} value={set} onChange={(value) => choose({ set: value })} />
      <span className="flex items-center gap-1.5">
        <span className="text-ink2">Model</span>
        <Select label="Model" choices={models} value={known ?? OWN} onChange={chooseModel} />
      </span>
      {SHAPE.map(([name, label, format, high, about]) => (
        <span key={name} title={about} className="flex items-center gap-1">
          <span className="text-ink2">{label}</span>
          <NumberField
            label={label}
            value={model[name]}
            low={name === 'parameters' ? 1 : 0}
            high={high}
            format={format}
            onChange={(value) => change({ [name]: Math.round(value) })}
            className={`h-6 border-line! bg-paper ${name === 'parameters' ? 'w-16' : 'w-14'}`}
          />
        </span>
      ))}
      {TOKENS.map(([name, label, about, high]) => (
        <span key={name} title={about} className="flex items-center gap-1">
          <span className="text-ink2">{label}</span>
          <NumberField
            label={label}
            value={own[name]}
            low={1}
            high={high}
            format={exact}
            onChange={(value) => choose({ [name]: Math.round(value) })}
            className="h-6 w-18 border-line! bg-paper"
          />
          <span className="text-ink2">tokens</span>
        </span>
      ))}
      <label title="Activations are not kept: the backward computes the forward once more" className="flex items-center gap-1.5">
        <input type="checkbox" checked={recomputes} onChange={(event) => choose({ recomputes: event.target.checked })} />
        Recompute
      </label>
    </>
  );
}
