/** What is open in the tree of decisions and which row is active; a step that is chosen elsewhere is led to. */
import { useState } from 'react';
import type { NodeKey } from '../../../core/model/node-key.ts';
import { useAction } from '../../queries/answers.ts';
import { usePicked } from '../../state/choices.ts';
import { ROOT, type DecisionRow, type Toggle } from './rows.ts';

const NOWHERE: ReadonlySet<NodeKey> = new Set();

export interface Opened {
  readonly open: ReadonlySet<Toggle>;
  readonly toggle: (id: Toggle, isOpen: boolean) => void;
  /** Steps on the way to the one that was chosen elsewhere last. */
  readonly path: ReadonlySet<NodeKey>;
  /** The id of a row, or the key of a step that may have none of its own. */
  readonly active: string;
  readonly choose: (row: DecisionRow) => void;
}

export function useOpened(): Opened {
  const { action, set } = usePicked((s) => ({ action: s.action, set: s.set }));
  const answer = useAction().data;
  const [open, setOpen] = useState<ReadonlySet<Toggle>>(new Set([ROOT]));
  const [path, setPath] = useState(NOWHERE);
  const [active, setActive] = useState<string>(ROOT);
  /** The step that the tree stands at. */
  const [here, setHere] = useState<NodeKey | null>(null);
  if (action !== here && (action === null || answer?.key === action)) {
    setHere(action);
    const keys = action === null ? [] : (answer?.path ?? []).map(({ key }) => key);
    setPath(new Set(keys));
    setOpen(new Set([...open, ROOT, ...keys]));
    setActive(action ?? ROOT);
  }
  return {
    open,
    path,
    active,
    toggle(id, isOpen) {
      const next = new Set(open);
      if (isOpen) next.add(id);
      else next.delete(id);
      setOpen(next);
    },
    choose(row) {
      setActive(row.id);
      const step = row.type === 'step' ? row.step : row.type === 'way' ? row.way.step : null;
      if (step === null) return;
      setHere(step.key);
      set({ action: step.key });
    },
  };
}
