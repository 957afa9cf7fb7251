/** What stands before and after a short text: a node of a few tokens says little by itself. */
import { visible } from '../../../base/visible.ts';
import { KINDS, NONE } from '../../../core/model/kinds.ts';
import { nodeKeyOf, type NodeKey } from '../../../core/model/node-key.ts';
import type { DrawnTree } from '../../../engine/answers/drawing.ts';
import { useWords } from '../../queries/node-words.ts';
import { useTree } from '../../queries/tree.ts';
import { useChoices } from '../../state/choices.ts';
import { exact } from '../../text/format.ts';
import { KIND_NAMES } from '../../text/names.ts';
import { rowIn } from '../tree/row-in.ts';

/** Ways on that are listed; the others are counted. */
const MOST_NEXT = 6;

/** @param node of the token tree */
export function Before({ node }: { readonly node: NodeKey }) {
  const tree = useTree().data;
  const row = tree?.view === 'tokens' ? rowIn(tree, node) : null;
  const parent = row === null ? NONE : (tree?.parent[row] ?? NONE);
  if (!tree || parent === NONE) return null;
  return (
    <div className="px-3 pt-2 text-t1">
      <Neighbour tree={tree} row={parent} label="before" />
    </div>
  );
}

export function After({ node }: { readonly node: NodeKey }) {
  const tree = useTree().data;
  const row = tree?.view === 'tokens' ? rowIn(tree, node) : null;
  if (!tree || row === null) return null;
  const next = childrenOf(tree, row);
  if (next.length === 0) return null;
  const reach = tree.reachCount[row] ?? 0;
  return (
    <div className="grid gap-1 px-3 pb-2 text-t1">
      {next.slice(0, MOST_NEXT).map((child) => (
        <Neighbour
          key={child}
          tree={tree}
          row={child}
          label={next.length === 1 ? 'after' : `after, ${exact(tree.reachCount[child] ?? 0)} of ${exact(reach)}`}
        />
      ))}
      {next.length > MOST_NEXT && <p className="m-0 text-t0 text-ink2">and {exact(next.length - MOST_NEXT)} other ways on</p>}
    </div>
  );
}

/** First words of a node beside this one; a press selects it. */
function Neighbour({ tree, row, label }: { readonly tree: DrawnTree; readonly row: number; readonly label: string }) {
  const words = useWords(tree, row);
  const kind = KIND_NAMES[KINDS[tree.kind[row] ?? 0] ?? 'text'];
  return (
    <button
      type="button"
      onClick={() => useChoices.getState().selectNode(nodeKeyOf(tree.keys, row))}
      className="flex w-full min-w-0 items-baseline gap-2 rounded-sm text-left text-ink2 hover:text-ink"
    >
      <span className="flex-none text-t0">{label}</span>
      <i className={`size-2 flex-none rounded-[2px] ${kind.swatch}`} />
      <span className="flex-none">{kind.name}</span>
      <span className="line-clamp-2 min-w-0 font-mono text-t0 wrap-anywhere">{words ? visible(words) : ''}</span>
    </button>
  );
}

/** Widest first. */
function childrenOf(tree: DrawnTree, row: number): number[] {
  const found: number[] = [];
  const end = tree.subtreeEnd[row] ?? 0;
  for (let child = row + 1; child < end; child = tree.subtreeEnd[child] ?? end) found.push(child);
  return found.sort((a, b) => (tree.reachCount[b] ?? 0) - (tree.reachCount[a] ?? 0) || a - b);
}
