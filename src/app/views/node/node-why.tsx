/** Why the node is kept or dropped, as a sentence. */
import type { NodeAnswer } from '../../../engine/answers.ts';
import { useBudget } from '../../queries/answers.ts';
import { wordWhy } from '../../text/why.ts';

export function NodeWhy({ node }: { readonly node: NodeAnswer }) {
  const budget = useBudget();
  const words = wordWhy(node.why, budget.cut);
  return (
    <p className="m-0 flex-none border-b border-line px-3 py-2 text-t1" aria-live="polite">
      <b className={`font-[600] ${node.why.kept ? 'text-leaf' : 'text-cut'}`}>{words.verdict}</b>{words.rest}
    </p>
  );
}
