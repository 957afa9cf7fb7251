/** Which branches of two rollouts stand side by side; null: the longest. Of another pair nobody has chosen any. */
import { create } from 'zustand';

export interface SideBranches {
  readonly left: number | null;
  readonly right: number | null;
}

const LONGEST: SideBranches = { left: null, right: null };
const useSideChoice = create<{ readonly pair: string; readonly branches: SideBranches }>()(() => ({ pair: '', branches: LONGEST }));

const nameOf = (left: string, right: string): string => `${left} ${right}`;

export function useSideBranches(left: string, right: string): SideBranches {
  return useSideChoice(({ pair, branches }) => (pair === nameOf(left, right) ? branches : LONGEST));
}

export function setSideBranches(left: string, right: string, branches: SideBranches): void {
  useSideChoice.setState({ pair: nameOf(left, right), branches });
}
