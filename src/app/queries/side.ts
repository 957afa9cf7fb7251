/** Two rollouts side by side: which two, how they are aligned, and the texts of the rows in view. */
import { skipToken, useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { RolloutKey } from '../../core/rollouts/rollout-key.ts';
import type { SideAnswer, SideTexts } from '../../engine/answers/side.ts';
import type { RolloutsAnswer } from '../../engine/answers/rollouts.ts';
import { useChoices } from '../state/choices.ts';
import type { SideBranches } from '../state/side.ts';
import { useForest, useTask } from './answers.ts';
import { ask, client } from './client.ts';
import { useRollouts } from './rollouts.ts';

export interface Compared {
  readonly left: RolloutKey;
  readonly right: RolloutKey;
  /** Nobody chose the right one: it is one whose reward is farthest from the left one's. */
  readonly isProposed: boolean;
}

/**
 * The selected rollout and the one it is compared with. Where only one is chosen, the other is that of its task whose reward is farthest
 * from it; where none is, they are the first of the task's highest and lowest reward. Null where the task has a single rollout.
 */
export function useCompared(): Compared | null {
  const rollout = useChoices((s) => s.rollout);
  const other = useChoices((s) => s.other);
  const task = useTask();
  const rollouts = useRollouts();
  return useMemo(() => (rollouts === undefined ? null : comparedOf(rollouts, rollout, other, task)), [rollouts, rollout, other, task]);
}

function comparedOf(rollouts: RolloutsAnswer, rollout: RolloutKey | null, other: RolloutKey | null, task: number | null): Compared | null {
  const { keys, columns } = rollouts;
  const column = columns.find(({ id }) => id === 'reward');
  const rewardOf = (index: number): number => (column?.type === 'number' ? (column.values[index] ?? Number.NaN) : Number.NaN);
  if (rollout !== null && other !== null) return { left: rollout, right: other, isProposed: false };
  const chosen = rollout === null ? -1 : keys.indexOf(rollout);
  const of = chosen >= 0 ? (rollouts.task[chosen] ?? task) : task;
  const inTask: number[] = [];
  for (let index = 0; index < keys.length; index++) if (rollouts.task[index] === of) inTask.push(index);
  const best = chosen >= 0 ? chosen : inTask.reduce((top, index) => (rewardOf(index) > rewardOf(top) ? index : top), inTask[0] ?? -1);
  const off = (index: number): number => Math.abs(rewardOf(index) - rewardOf(best)) || 0;
  const farthest = inTask.filter((index) => index !== best).reduce((top, index) => (top < 0 || off(index) > off(top) ? index : top), -1);
  const left = keys[best];
  const right = other ?? keys[farthest];
  return left === undefined || right === undefined ? null : { left, right, isProposed: other === null };
}

const asked = (compared: Compared, branches: SideBranches) =>
  [
    { rollout: compared.left, branch: branches.left },
    { rollout: compared.right, branch: branches.right },
  ] as const;

function keyOf(forest: string | null, compared: Compared | null, branches: SideBranches): readonly unknown[] {
  return ['side', forest, compared?.left, compared?.right, branches.left, branches.right];
}

/** null: the open log lacks one of them. */
export function useSide(compared: Compared | null, branches: SideBranches): UseQueryResult<SideAnswer | null> {
  const forest = useForest();
  const key = keyOf(forest, compared, branches);
  return useQuery<SideAnswer | null>({
    queryKey: key,
    queryFn:
      forest === null || compared === null
        ? skipToken
        : async ({ signal }) => {
            const [left, right] = asked(compared, branches);
            const stop = (): void => void ask((session) => session.cancelSide());
            signal.addEventListener('abort', stop);
            const told = (done: number, total: number): void => void client.setQueryData(['side-progress'], done / total);
            try {
              return await ask((session) => session.sideBySide(left, right, told));
            } finally {
              signal.removeEventListener('abort', stop);
              client.setQueryData(['side-progress'], null);
            }
          },
    // The session holds the last pair only, for its texts.
    gcTime: 0,
  });
}

/** 0..1 while two long rollouts are aligned; null where none are. */
export function useSideProgress(): number | null {
  return useQuery<number | null>({ queryKey: ['side-progress'], queryFn: skipToken, gcTime: Infinity }).data ?? null;
}

interface Waiting {
  readonly row: number;
  readonly resolve: (texts: SideTexts) => void;
  readonly reject: (why: unknown) => void;
}

/** Rows whose texts are waited for, by the pair; those of one pair are answered by one question. */
const waiting = new Map<string, Waiting[]>();

export function useSideTexts(compared: Compared, branches: SideBranches, row: number): UseQueryResult<SideTexts> {
  const forest = useForest();
  const key = keyOf(forest, compared, branches);
  return useQuery<SideTexts>({
    queryKey: [...key, 'texts', row],
    queryFn: () =>
      new Promise<SideTexts>((resolve, reject) => {
        const pair = key.join(' ');
        const mine = waiting.get(pair);
        if (mine) mine.push({ row, resolve, reject });
        else {
          waiting.set(pair, [{ row, resolve, reject }]);
          setTimeout(() => askForTexts(pair, compared, branches));
        }
      }),
    gcTime: 30_000,
  });
}

function askForTexts(pair: string, compared: Compared, branches: SideBranches): void {
  const mine = waiting.get(pair) ?? [];
  waiting.delete(pair);
  const [left, right] = asked(compared, branches);
  const rows = mine.map(({ row }) => row);
  ask((session) => session.sideTexts(left, right, rows)).then(
    (texts) => {
      for (const [at, { resolve, reject }] of mine.entries()) {
        const found = texts[at];
        if (found) resolve(found);
        else reject(new Error('the session answered too few rows'));
      }
    },
    (why: unknown) => {
      for (const { reject } of mine) reject(why);
    },
  );
}
