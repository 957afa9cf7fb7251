/** How the transcript is looked at, and how it is opened: plain choices that no link carries but the rollout and the node. */
import { create } from 'zustand';
import type { NodeKey } from '../../core/model/node-key.ts';
import type { RolloutKey } from '../../core/rollouts/rollout-key.ts';
import { useChoices } from './choices.ts';
import { useFound } from './found.ts';

/** Figures of single tokens, laid over the text. */
export type Overlay = 'none' | 'entropy' | 'surprisal' | 'advantage' | 'training' | 'mismatch';
/** What can be hidden. */
export type Hideable = 'system' | 'tools' | 'thinking';

export interface TranscriptChoices {
  /** Of the rollout's branches; null: the first that runs through the selected node. */
  readonly branch: number | null;
  readonly overlay: Overlay;
  readonly hidden: readonly Hideable[];
  /** Markdown is laid out. */
  readonly markdown: boolean;
  /** The part that is read, by its number; null: none yet. */
  readonly part: number | null;
  /** An event to be shown as soon as the transcript is there; null: none. */
  readonly event: number | null;
  readonly set: (change: Partial<Omit<TranscriptChoices, 'set'>>) => void;
}

export const useTranscriptChoices = create<TranscriptChoices>()((set) => ({
  branch: null,
  overlay: 'none',
  hidden: [],
  markdown: true,
  part: null,
  event: null,
  set: (change) => set(change),
}));

// Another rollout is read from its own beginning, whoever chose it.
useChoices.subscribe(({ rollout }, before) => {
  if (rollout !== before.rollout) useTranscriptChoices.setState({ branch: null, part: null, event: null });
});

/** Where in a rollout. */
export interface Place {
  readonly branch?: number;
  /** Of the token tree. */
  readonly node?: NodeKey | null;
  /** Events of the branch before the one to begin at. */
  readonly event?: number;
  /** The key of the rollout's task. */
  readonly task?: string;
}

/** Shows a rollout from its beginning, or from a place in it. */
export function openTranscript(rollout: RolloutKey, { branch, node = null, event, task }: Place = {}): void {
  const choices = useChoices.getState();
  if (task !== undefined && task !== choices.task) choices.selectTask(task);
  choices.selectNode(node);
  choices.set({ rollout, shape: 'transcript', tab: 'tree', treeView: 'tokens' });
  useTranscriptChoices.setState({ branch: branch ?? null, part: null, event: event ?? null });
  // It is read from there, and not from a place of the filter that was gone to before.
  useFound.setState({ at: null });
}
