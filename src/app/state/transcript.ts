/** How the transcript is looked at, and how it is opened: plain choices that no link carries but the rollout and the node. */
import { create } from 'zustand';
import type { NodeKey } from '../../core/model/node-key.ts';
import type { RolloutKey } from '../../core/rollouts/rollout-key.ts';
import { useChoices } from './choices.ts';

/** Figures of single tokens, laid over the text. */
export type Overlay = 'none' | 'entropy' | 'surprisal' | 'advantage' | 'training' | 'mismatch';
/** What can be hidden. */
export type Hideable = 'system' | 'tools' | 'thinking';

export interface TranscriptChoices {
  /** Of the rollout's branches; the session clips it to those that there are. */
  readonly branch: number;
  readonly overlay: Overlay;
  readonly hidden: readonly Hideable[];
  /** Markdown is laid out. */
  readonly markdown: boolean;
  /** The part that is read, by its number; null: none yet. */
  readonly part: number | null;
  readonly set: (change: Partial<Omit<TranscriptChoices, 'set'>>) => void;
}

export const useTranscriptChoices = create<TranscriptChoices>()((set) => ({
  branch: 0,
  overlay: 'none',
  hidden: [],
  markdown: true,
  part: null,
  set: (change) => set(change),
}));

/** Where in a rollout. */
export interface Place {
  readonly branch?: number;
  /** Of the token tree. */
  readonly node?: NodeKey | null;
  /** The key of the rollout's task. */
  readonly task?: string;
}

/** Shows a rollout from its beginning, or from a place in it. */
export function openTranscript(rollout: RolloutKey, { branch = 0, node = null, task }: Place = {}): void {
  const choices = useChoices.getState();
  if (task !== undefined && task !== choices.task) choices.selectTask(task);
  useTranscriptChoices.setState({ branch, part: null });
  choices.selectNode(node);
  choices.set({ rollout, shape: 'transcript', tab: 'tree', treeView: 'tokens' });
}
