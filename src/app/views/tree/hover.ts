/** The node under the pointer: a value of its own, so that moving the pointer re-renders one small card and nothing else. */
import { useSyncExternalStore } from 'react';

export interface Hover {
  /** Local to the drawn tree. */
  readonly node: number;
  /** CSS pixels from the canvas's top left corner. */
  readonly x: number;
  readonly y: number;
}

let current: Hover | null = null;
const listeners = new Set<() => void>();

export function setHover(hover: Hover | null): void {
  current = hover;
  for (const listener of listeners) listener();
}

export function useHover(): Hover | null {
  return useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    () => current,
  );
}
