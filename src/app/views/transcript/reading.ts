/** What is open in the list: parts shown beyond their beginning, collapsed ones, and those that are shown as logged. */
import { useMemo, useState } from 'react';
import type { Shown } from './rows.ts';

export interface Reading {
  readonly shown: Shown;
  readonly collapsed: ReadonlySet<number>;
  readonly raw: ReadonlySet<number>;
  /** Chunks of a part from its beginning on; 0: only its first lines. */
  readonly show: (part: number, chunks: number) => void;
  readonly toggleCollapsed: (part: number) => void;
  readonly toggleRaw: (part: number) => void;
}

/** @param transcript whose parts they are: another one starts afresh */
export function useReading(transcript: string): Reading {
  const [held, setHeld] = useState<{ readonly of: string } & Pick<Reading, 'shown' | 'collapsed' | 'raw'>>(() => fresh(transcript));
  const now = held.of === transcript ? held : fresh(transcript);
  return useMemo(() => {
    const { shown, collapsed, raw } = now;
    return {
      shown,
      collapsed,
      raw,
      show(part, chunks) {
        const next = new Map(shown);
        if (chunks === 0) next.delete(part);
        else next.set(part, chunks);
        setHeld({ ...now, shown: next });
      },
      toggleCollapsed: (part) => setHeld({ ...now, collapsed: toggled(collapsed, part) }),
      toggleRaw: (part) => setHeld({ ...now, raw: toggled(raw, part) }),
    };
  }, [now]);
}

function fresh(of: string) {
  return { of, shown: new Map<number, number>(), collapsed: new Set<number>(), raw: new Set<number>() };
}

function toggled(set: ReadonlySet<number>, part: number): ReadonlySet<number> {
  const next = new Set(set);
  if (!next.delete(part)) next.add(part);
  return next;
}
