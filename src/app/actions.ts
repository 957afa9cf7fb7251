/** Every action of the page with its name and keys: shortcuts, palette and help sheet all read this one list. */
import { useMemo } from 'react';
import { nodeKeyOf } from '../core/model/node-key.ts';
import type { NodeKey } from '../core/model/node-key.ts';
import type { TaskTable } from '../engine/answers/dataset.ts';
import type { DrawnTree } from '../engine/answers/drawing.ts';
import { useTask, useTasks } from './queries/answers.ts';
import { useKeepAsA } from './queries/compare.ts';
import { saveNodesCsv } from './queries/nodes-csv.ts';
import { useTree } from './queries/tree.ts';
import { useFacts } from './queries/opening.ts';
import { cancelScoring, pauseScoring, resumeScoring, startScoring, useScoring } from './queries/scoring.ts';
import type { Scoring } from './queries/scoring.ts';
import { toggleByHand } from './state/acts.ts';
import { selectedIn, useChoices } from './state/choices.ts';
import type { Tab } from './state/choices.ts';
import { useLayout } from './state/layout.ts';
import { coloursOf } from './state/looks.ts';
import type { Shape } from './state/looks.ts';
import { pickFiles, pickFolder } from './views/entry/pick.ts';
import { SAMPLE } from './views/entry/empty-state.tsx';
import { MAIN_VIEWS } from './views/main/registry.ts';
import { forkBeside } from './views/tree/forks.ts';
import { focusOn, treeCanvas } from './views/tree/handle.ts';
import { rowIn } from './views/tree/row-in.ts';
import { useTaskOrder } from './views/tasks/use-task-order.ts';
import { useSessions } from './state/sessions.ts';
import type { KeptEntry } from './state/sessions.ts';
import { useKeptEntries } from './queries/kept-entries.ts';
import { visible } from '../base/visible.ts';
import { NOTE_ID } from './state/notes.ts';
import { toggleTheme } from './state/theme.ts';
import { SEARCH_ID } from './search-id.ts';
import { SIDE_KEYS } from './views/side/side-keys.ts';
import { TRANSCRIPT_KEYS } from './views/transcript/transcript-keys.ts';
import type { Action } from './action.ts';

/** What the actions need to know about the moment. */
interface Moment {
  readonly open: boolean;
  readonly recents: readonly KeptEntry[];
  readonly tree: DrawnTree | undefined;
  readonly task: number | null;
  readonly order: readonly number[];
  readonly tasks: TaskTable | undefined;
  /** In the tree that is drawn. */
  readonly node: NodeKey | null;
  readonly undoable: boolean;
  readonly redoable: boolean;
  readonly work: Scoring['work'];
  readonly estimated: boolean;
  /** The view that is shown. */
  readonly shape: Shape;
  /** Settings are compared. */
  readonly isComparing: boolean;
  readonly keepAsA: () => void;
  readonly onProblem: (sentence: string) => void;
}

export function useActions(onProblem: (sentence: string) => void): readonly Action[] {
  const open = useFacts() !== undefined;
  const tree = useTree().data;
  const task = useTask();
  const order = useTaskOrder();
  const tasks = useTasks();
  const node = useChoices(selectedIn);
  const undoable = useChoices((s) => s.pruning.past.length > 0 || s.pruning.before !== null);
  const redoable = useChoices((s) => s.pruning.future.length > 0);
  const shape = useChoices((s) => s.shape);
  const isComparing = useChoices((s) => s.settingsA !== null);
  const keepAsA = useKeepAsA();
  const { work, estimate } = useScoring();
  const estimated = estimate?.ok === true && estimate.scored > 0;
  const recents = useKeptEntries();
  return useMemo(
    () =>
      listActions({
        open,
        tree,
        task,
        order,
        tasks,
        node,
        undoable,
        redoable,
        work,
        estimated,
        shape,
        isComparing,
        keepAsA,
        recents,
        onProblem,
      }),
    [open, tree, task, order, tasks, node, undoable, redoable, work, estimated, shape, isComparing, keepAsA, recents, onProblem],
  );
}

/** In a narrow window the field appears with its tab, one frame later. */
function focusSearch(): void {
  const field = document.getElementById(SEARCH_ID);
  if (field) field.focus();
  else requestAnimationFrame(() => document.getElementById(SEARCH_ID)?.focus());
}

/** Frames for which a field that is still being loaded is waited for. */
const NOTE_FRAMES = 300;

function focusNote(frames: number): void {
  const field = document.getElementById(NOTE_ID);
  if (field !== null) field.focus();
  else if (frames > 0) requestAnimationFrame(() => focusNote(frames - 1));
}

function listActions(moment: Moment): readonly Action[] {
  const { open, tree, task, order, tasks, node, undoable, redoable, work, estimated, shape, isComparing, keepAsA, recents, onProblem } =
    moment;
  const { set, select, selectTask, fetchAddress, undo, redo, close } = useChoices.getState();
  const action = (group: string, id: string, name: string, keys: readonly string[], run: () => void, ready = open): Action => ({
    id,
    group,
    name,
    keys,
    run,
    ready,
  });
  const tell = (work: Promise<string>): void =>
    void work.then(onProblem, (error: unknown) => onProblem(error instanceof Error ? error.message : String(error)));
  const local = tree ? rowIn(tree, node) : null;
  const show = (tab: Tab): void => set({ tab });
  const stepTask = (step: 1 | -1) => (): void => {
    const at = task === null ? -1 : order.indexOf(task);
    const next = order[at < 0 ? 0 : at + step];
    if (next !== undefined) selectTask(tasks?.key[next] ?? null);
  };
  const stepFork = (step: 1 | -1) => (): void => {
    const fork = tree && forkBeside(tree, local, step);
    if (tree && fork !== null && fork !== undefined) select(nodeKeyOf(tree.keys, fork));
  };
  return [
    // Before those of the page with the same keys.
    action('Prune', 'end-compare', 'End comparing', ['Escape'], () => set({ settingsA: null }), open && isComparing && shape === 'compare'),
    ...TRANSCRIPT_KEYS.map(({ id, name, keys, run }) => action('Transcript', id, name, keys, run, open && shape === 'transcript')),
    ...SIDE_KEYS.map(({ id, name, keys, run }) => action('Side by side', id, name, keys, run, open && shape === 'side')),
    ...MAIN_VIEWS.map(({ id, name, key }) =>
      action('View', `view-${id}`, name, [key], () => {
        set({ shape: id });
        show('tree');
      }),
    ),
    ...coloursOf('tokens').map(({ value, label }) =>
      action(
        'View',
        `colour-${value}`,
        `Colour by ${label}`,
        [],
        () => set({ colour: value }),
        open && coloursOf(tree?.view ?? 'tokens').some((colour) => colour.value === value),
      ),
    ),
    action('View', 'by-tokens', 'Merge by tokens', [], () => set({ treeView: 'tokens' })),
    action('View', 'by-actions', 'Merge by actions', [], () => set({ treeView: 'actions' })),
    action('View', 'focus', 'Focus the selected subtree', ['f'], () => focusOn(tree, node), open && local !== null),
    action('View', 'fit', 'Fit the whole tree', ['0'], () => {
      focusOn(tree, null);
      treeCanvas()?.fit();
    }),
    action('View', 'zoom-in', 'Zoom in', ['+', '='], () => treeCanvas()?.zoom(1.4)),
    action('View', 'zoom-out', 'Zoom out', ['-'], () => treeCanvas()?.zoom(1 / 1.4)),
    action('View', 'theme', 'Switch theme', [], toggleTheme, true),
    action('Move', 'next-task', 'Next task', ['j'], stepTask(1)),
    action('Move', 'previous-task', 'Previous task', ['k'], stepTask(-1)),
    action('Move', 'next-fork', 'Next fork', [']'], stepFork(1)),
    action('Move', 'previous-fork', 'Previous fork', ['['], stepFork(-1)),
    action('Move', 'search', 'Filter rollouts and search their texts', ['/'], () => {
      show('tasks');
      useLayout.getState().setPane('left', { isFolded: false });
      focusSearch();
    }),
    action('Move', 'clear', 'Clear the selection, then the focus', ['Escape'], () => (node === null ? focusOn(tree, null) : select(null))),
    action('Prune', 'undo', 'Undo', ['mod+z'], undo, undoable),
    action('Prune', 'redo', 'Redo', ['mod+shift+z', 'mod+y'], redo, redoable),
    action(
      'Prune',
      'drop',
      'Drop the selected node and all below it, or take that back',
      ['x'],
      () => node !== null && toggleByHand('drop', { node }),
      open && node !== null && tree?.view === 'tokens',
    ),
    action('Prune', 'keep-a', 'Keep the settings as A, to compare', [], keepAsA, open),
    action('Prune', 'target-cut', 'Set the cut budget', [], () => {
      set({ target: 'cut' });
      show('budget');
    }),
    action('Prune', 'target-train', 'Set the train budget', [], () => {
      set({ target: 'train' });
      show('budget');
    }),
    action('Entropy', 'entropy', 'Entropy and model…', ['e'], () => set({ panel: 'entropy' })),
    action(
      'Entropy',
      'score',
      'Start scoring',
      [],
      () => {
        void startScoring(false);
        set({ panel: 'entropy' });
      },
      open && estimated && work === 'none',
    ),
    action('Entropy', 'score-pause', 'Pause scoring', [], () => void pauseScoring(), work === 'running'),
    action('Entropy', 'score-resume', 'Resume scoring', [], () => void resumeScoring(), work === 'paused'),
    action('Entropy', 'score-cancel', 'Cancel scoring', [], () => void cancelScoring(), work !== 'none'),
    action('Files', 'export', 'Export…', ['mod+e'], () => set({ panel: 'export' })),
    action('Files', 'report', 'Save a report…', [], () => set({ panel: 'report' })),
    action(
      'Files',
      'nodes-csv',
      'Save node statistics as CSV',
      [],
      () => tree && tell(saveNodesCsv(tree.orderId)),
      open && tree !== undefined,
    ),
    action('Move', 'note', 'Write a note', ['m'], () => {
      show('node');
      focusNote(NOTE_FRAMES);
    }),
    action('Files', 'problems', 'Problems in the input', ['p'], () => set({ panel: 'problems' })),
    action('Files', 'dataset', 'Open dataset', ['i'], () => set({ panel: 'dataset' })),
    action('Files', 'open-files', 'Open files…', ['mod+o'], () => tell(pickFiles()), true),
    action('Files', 'open-folder', 'Open a folder…', [], () => tell(pickFolder()), true),
    action('Files', 'open-sample', 'Open the sample', [], () => fetchAddress(SAMPLE), true),
    action('Files', 'save-session', 'Save the session…', ['mod+s'], () => useSessions.setState({ isSaving: true })),
    ...recents.map((entry) =>
      action(
        'Sessions',
        `session-${entry.name}`,
        `Open the session ${visible(entry.name)}`,
        [],
        () => tell(import('./queries/sessions.ts').then(({ openKept }) => openKept(entry))),
        true,
      ),
    ),
    action('Files', 'close', 'Close the dataset', [], close),
    action('Help', 'palette', 'All actions', ['mod+k'], () => set({ panel: 'palette' }), true),
    action('Help', 'help', 'Shortcuts and legend', ['?'], () => set({ panel: 'help' }), true),
  ];
}
