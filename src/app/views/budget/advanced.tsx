/** The settings that are changed less often: scope, ranking, reach, γ, context, seed and a model's shape. */
import { DEFAULT_RULE, RANKINGS } from '../../../core/model/rule.ts';
import type { AdvantageRule, EntropyAggregate, ReachBy, Scope } from '../../../core/model/rule.ts';
import { useChoices } from '../../state/choices.ts';
import { plural } from '../../text/format.ts';
import { RANKING_NAMES } from '../../text/names.ts';
import { Button, NumberField, Select } from '../../widgets/controls.tsx';
import { Popover } from '../../widgets/popover.tsx';
import { ModelShapeFields } from './model-shape.tsx';

const SCOPES: readonly { readonly value: Scope; readonly label: string }[] = [
  { value: 'global', label: 'one budget over all tasks' },
  { value: 'task', label: 'the same share for each task' },
];
const REACHES: readonly { readonly value: ReachBy; readonly label: string }[] = [
  { value: 'tokens', label: 'shared tokens' },
  { value: 'actions', label: 'shared actions' },
  { value: 'policy', label: 'the policy’s probabilities' },
];
const AGGREGATES: readonly { readonly value: EntropyAggregate; readonly label: string }[] = [
  { value: 'sum', label: 'sum over tokens' },
  { value: 'mean', label: 'mean over tokens' },
  { value: 'top20', label: 'mean of the top 20 %' },
];
const ADVANTAGES: readonly { readonly value: AdvantageRule; readonly label: string }[] = [
  { value: 'grpo', label: 'GRPO: (r − mean) / std' },
  { value: 'dr-grpo', label: 'Dr. GRPO: r − mean' },
  { value: 'rloo', label: 'RLOO: leave one out' },
  { value: 'logged', label: 'as logged' },
];
const WEIGHTS = [
  { value: 'task', label: 'every task alike' },
  { value: 'trajectory', label: 'every trajectory alike' },
] as const;
const RANKING_CHOICES = RANKINGS.map((value) => ({ value, label: RANKING_NAMES[value].name, about: RANKING_NAMES[value].about }));

export function Advanced() {
  const rule = useChoices((s) => s.pruning.present.rule);
  const setRule = useChoices((s) => s.setRule);
  return (
    <Popover
      label="More settings of the rule"
      width={360}
      button="More ▾"
      className="h-[26px] rounded border border-line bg-paper px-2 text-t1 text-ink2 hover:border-line2"
    >
      {() => (
        <div className="grid gap-2 p-3">
          <Row name="Scope">
            <Select label="Scope" choices={SCOPES} value={rule.scope} onChange={(scope) => setRule({ scope })} />
          </Row>
          <Row name="Ranking" title="What nodes are ranked by in best-first">
            <Select label="Ranking" choices={RANKING_CHOICES} value={rule.ranking} onChange={(ranking) => setRule({ ranking })} />
          </Row>
          <Row name="Reach by">
            <Select label="Reach by" choices={REACHES} value={rule.reachBy} onChange={(reachBy) => setRule({ reachBy })} />
          </Row>
          <Row name="Entropy of a node">
            <Select
              label="Entropy of a node"
              choices={AGGREGATES}
              value={rule.aggregate}
              onChange={(aggregate) => setRule({ aggregate })}
            />
          </Row>
          <Row name="Advantage">
            <Select label="Advantage" choices={ADVANTAGES} value={rule.advantage} onChange={(advantage) => setRule({ advantage })} />
          </Row>
          <Row name="Weigh">
            <Select label="Weigh" choices={WEIGHTS} value={rule.weighBy} onChange={(weighBy) => setRule({ weighBy })} />
          </Row>
          <Row name="γ" title="How much of the entropy below a node counts for it, 0 to 1">
            <NumberField
              label="Gamma"
              value={rule.gamma}
              low={0}
              high={1}
              step={0.05}
              format={(value) => value.toFixed(2)}
              onChange={(gamma) => setRule({ gamma })}
              className="h-[26px] border-line! bg-paper"
            />
          </Row>
          <Row name="Local context" title="Segments kept after a kept protected node">
            <NumberField
              label="Local context in segments"
              value={rule.context}
              low={0}
              high={64}
              format={(value) => plural(value, 'segment')}
              onChange={(context) => setRule({ context: Math.round(context) })}
              className="h-[26px] border-line! bg-paper"
            />
          </Row>
          <Row name="Seed" title="For the random baseline">
            <NumberField
              label="Seed"
              value={rule.seed}
              low={0}
              high={2 ** 31}
              format={String}
              onChange={(seed) => setRule({ seed: Math.round(seed) })}
              className="h-[26px] border-line! bg-paper"
            />
          </Row>
          {rule.unit === 'flops' && <ModelShapeFields />}
          <div>
            <Button small onClick={() => setRule({ ...DEFAULT_RULE, hand: rule.hand })}>
              Back to the defaults
            </Button>
          </div>
        </div>
      )}
    </Popover>
  );
}

function Row({ name, title, children }: { readonly name: string; readonly title?: string; readonly children: React.ReactNode }) {
  return (
    <div title={title} className="grid grid-cols-[116px_minmax(0,1fr)] items-center">
      <span className="text-ink2">{name}</span>
      {children}
    </div>
  );
}
