/** Protection of this one node, chosen by hand; undoable like every other setting of the rule. */
import type { NodeAnswer } from '../../../engine/answers/looking.ts';
import { useChoices } from '../../state/choices.ts';
import { Segments } from '../../widgets/controls.tsx';

type Level = 'rule' | 'off' | 'favour' | 'pin';

const LEVELS = [
  { value: 'rule', label: 'as the rule says', about: 'No choice by hand' },
  { value: 'off', label: 'off', about: 'No protection, whatever its kind' },
  { value: 'favour', label: 'favour ×2', about: 'Its signal counts twice when nodes are ranked' },
  { value: 'pin', label: 'pin', about: 'Kept before everything else, with its ancestors' },
] as const;

export function HandProtection({ node }: { readonly node: NodeAnswer }) {
  const mine = useChoices((s) => s.pruning.present.rule.hand.find((choice) => choice.key === node.key));
  const protect = useChoices((s) => s.protectByHand);
  const choose = (level: Level): void => {
    if (level === 'rule') protect(node.key, null);
    else protect(node.key, level === 'favour' ? { level, factor: 2 } : { level });
  };
  return (
    <div className="flex flex-none flex-wrap items-center gap-2 border-b border-line px-3 py-1.5 text-t1 text-ink2">
      Protect
      <Segments<Level> label="Protect this node" choices={LEVELS} value={mine?.protection.level ?? 'rule'} onChange={choose} />
    </div>
  );
}
