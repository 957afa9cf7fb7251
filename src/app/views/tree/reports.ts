/** What the canvas reports while it is used: values of their own, so that moving the pointer re-renders one small part and nothing else. */
import { useSyncExternalStore } from 'react';
import type { NodeKey } from '../../../core/model/node-key.ts';

export interface Hover {
  /** Local to the drawn tree. */
  readonly node: number;
  /** CSS pixels from the canvas's top left corner. */
  readonly x: number;
  readonly y: number;
}

interface Report<T> {
  readonly set: (value: T) => void;
  readonly get: () => T;
  readonly subscribe: (changed: () => void) => () => void;
}

function makeReport<T>(first: T): Report<T> {
  let current = first;
  const listeners = new Set<() => void>();
  return {
    set(value) {
      if (Object.is(value, current)) return;
      current = value;
      for (const listener of listeners) listener();
    },
    get: () => current,
    subscribe(changed) {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
  };
}

/** The node under the pointer. */
export const hover = makeReport<Hover | null>(null);
/** The node whose subtree fills the canvas. */
export const focus = makeReport<NodeKey | null>(null);

export function useReport<T>(report: Report<T>): T {
  return useSyncExternalStore(report.subscribe, report.get);
}
