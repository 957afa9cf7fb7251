/** What a token whose signal is not known counts; beside the values of the rule, a way to know it: to score the rest. */
import { RULE_FIELDS } from '../../../core/rule/fields.ts';
import { useFacts } from '../../queries/opening.ts';
import { scoreTheRest } from '../../queries/scoring.ts';
import { useChoices } from '../../state/choices.ts';
import { Select } from '../../widgets/controls.tsx';

/** No value of the rule: a command. */
const SCORE = {
  value: 'score',
  label: 'score the rest',
  about: 'A model computes what is not known, and nothing else; until it has, the rule stays as it is.',
};

export function FillControl() {
  const value = useChoices((s) => s.pruning.present.rule.fill);
  const setRule = useChoices((s) => s.setRule);
  const distinct = useFacts()?.tokens.distinct ?? 0;
  const { values, label } = RULE_FIELDS.fill;
  const choices = [...values.map(({ id, label: name, help }) => ({ value: id, label: name, about: help })), SCORE];
  const choose = (next: string): void => {
    const fill = RULE_FIELDS.fill.read(next);
    if (fill === undefined) void scoreTheRest(distinct);
    else setRule({ fill });
  };
  return <Select<string> label={label} choices={choices} value={value} onChange={choose} />;
}
