/** Mounts the canvas and hands it the current tree, ranks and choices; what it draws never passes through React. */
import { useEffect, useRef } from 'react';
import { visible } from '../../../base/visible.ts';
import type { RowEnd } from '../../../core/layout/spine.ts';
import { nodeKeyOf } from '../../../core/model/node-key.ts';
import type { DrawnTree } from '../../../engine/answers/drawing.ts';
import type { NodeMarks } from '../../canvas/filter-marks.ts';
import { inEntries } from '../../canvas/legend.ts';
import { createTreeCanvas } from '../../canvas/tree-canvas.ts';
import type { CanvasView, TreeCanvas } from '../../canvas/tree-canvas.ts';
import { ask } from '../../queries/client.ts';
import { useKnownWords, wantWords } from '../../queries/node-words.ts';
import { useComparedNodes } from '../../queries/compare.ts';
import { useCut, useTrained, useTree } from '../../queries/tree.ts';
import { useFilterMarks } from '../../queries/search.ts';
import { colourIn, selectedIn, useChoices } from '../../state/choices.ts';
import { onlyIn, useLegendChoice } from '../../state/legend.ts';
import { openTranscript } from '../../state/transcript.ts';
import { setTreeCanvas } from './handle.ts';
import { focus, hover } from './reports.ts';
import { keyIn, rowIn } from './row-in.ts';

export function TreeHost({ arrangement = 'icicle' }: { readonly arrangement?: CanvasView | undefined }) {
  const host = useRef<HTMLDivElement>(null);
  const canvas = useRef<TreeCanvas | null>(null);
  const tree = useTree().data;
  const cut = useCut();
  const trained = useTrained();
  const compared = useComparedNodes();
  const marks = useFilterMarks();
  const colour = useChoices(colourIn);
  const only = onlyIn(useLegendChoice(), colour);
  const selected = useChoices(selectedIn);
  const treeView = useChoices((s) => s.treeView);
  const known = useKnownWords();
  const drawn = useRef(tree);
  /** Nodes of the drawn tree that had room for words. */
  const asked = useRef(new Set<number>());

  useEffect(() => {
    if (!host.current) return undefined;
    const choose = (local: number | null): void => {
      // A tree that is about to be replaced selects nothing in the other one.
      const choices = useChoices.getState();
      if (drawn.current?.view === choices.treeView) choices.select(keyIn(drawn.current, local));
    };
    const made = createTreeCanvas(host.current, {
      onSelect: choose,
      onHover: hover.set,
      onFocus: (local) => focus.set(keyIn(drawn.current, local)),
      onRead: (local, row) => void readRow(drawn.current, local, row),
      onWordsWanted(nodes) {
        if (!drawn.current) return;
        for (const node of nodes) asked.current.add(node);
        wantWords(drawn.current, nodes);
      },
    });
    canvas.current = made;
    setTreeCanvas(made);
    return () => {
      setTreeCanvas(null);
      hover.set(null);
      focus.set(null);
      canvas.current = null;
      made.dispose();
    };
  }, []);

  useEffect(() => {
    if (drawn.current !== tree) asked.current = new Set();
    drawn.current = tree;
    canvas.current?.setTree(tree ?? null);
    // The same node of a tree that has grown; the canvas shows all of one that lacks it.
    const local = tree ? rowIn(tree, focus.get()) : null;
    canvas.current?.setFocus(local);
    focus.set(keyIn(tree, local));
  }, [tree]);
  useEffect(() => {
    const words = new Map<number, string | null>();
    for (const node of asked.current) {
      const found = tree?.view === 'tokens' && node < tree.length ? known.get(nodeKeyOf(tree.keys, node)) : null;
      if (found !== undefined) words.set(node, found && visible(found));
    }
    canvas.current?.setWords(words);
  }, [tree, known]);
  useEffect(() => canvas.current?.setView(arrangement), [arrangement]);
  useEffect(() => canvas.current?.setColour(colour), [colour]);
  useEffect(() => {
    if (!tree?.rank || cut === null) canvas.current?.setRank(null, 0);
    else canvas.current?.setRank(tree.rank, cut);
  }, [tree, cut]);
  useEffect(() => {
    canvas.current?.setTrained(tree?.view === 'tokens' && trained?.length === tree.length ? trained : null);
  }, [tree, trained]);
  useEffect(() => {
    canvas.current?.setMarks(tree === undefined ? null : together(tree, marks, colour, only));
  }, [tree, marks, colour, only]);
  useEffect(() => {
    canvas.current?.setCompared(tree?.view === 'tokens' && compared?.length === tree.length ? compared : null);
  }, [tree, compared]);
  useEffect(() => {
    canvas.current?.setSelection(tree?.view === treeView ? rowIn(tree, selected) : null);
  }, [tree, selected, treeView]);

  return <div ref={host} className="absolute inset-0" />;
}

/** Opens the trajectory of a row where the node is. */
async function readRow(tree: DrawnTree | undefined, local: number, { node, nth }: RowEnd): Promise<void> {
  if (!tree) return;
  const found = await ask((session) => session.trajectoryEnding(tree.view, nodeKeyOf(tree.keys, node), nth));
  if (found) openTranscript(found.rollout, { branch: found.branch, node: tree.view === 'tokens' ? keyIn(tree, local) : null });
}

/** What neither the filter nor the legend leaves out. */
function together(tree: DrawnTree, marks: NodeMarks | null, colour: string, only: readonly number[]): NodeMarks | null {
  const filtered = marks?.passed.length === tree.length ? marks : null;
  if (only.length === 0) return filtered;
  const passed = inEntries(tree, colour, only);
  if (filtered) for (let n = 0; n < tree.length; n++) passed[n]! &= filtered.passed[n]!;
  return { passed, hits: filtered?.hits ?? null };
}
