/** Why the node is kept or dropped, as a sentence. */
import type { NodeAnswer } from '../../../engine/answers/looking.ts';
import { useBudget } from '../../queries/answers.ts';
import { useCut } from '../../queries/tree.ts';
import { useChoices } from '../../state/choices.ts';
import { whyAt, wordWhy } from '../../text/why.ts';

export function NodeWhy({ node }: { readonly node: NodeAnswer }) {
  const budget = useBudget();
  const { unit, acts } = useChoices((s) => s.pruning.present.rule);
  const why = whyAt(node.why, useCut(node.task));
  const words = wordWhy(why, budget.cut, unit, acts);
  return (
    <p className="m-0 flex-none border-b border-line px-3 py-2 text-t1" aria-live="polite">
      <b className={`font-[600] ${why.kept ? 'text-leaf' : 'text-cut'}`}>{words.verdict}</b>
      {words.rest}
    </p>
  );
}
