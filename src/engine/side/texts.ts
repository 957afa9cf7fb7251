/** What stands in rows of two aligned rollouts, with what differs in their texts marked. */
import { diffWords } from '../../core/align/word-diff.ts';
import type { SidePart } from '../answers/side.ts';
import type { StepPart } from './steps.ts';

/** Characters of a part that are shown; the answer says how many there are. */
const MOST_SHOWN = 4000;

/** Partners are parts of one kind, in order. @param left null: there is nothing on that side */
export async function sideTexts(
  left: readonly StepPart[],
  right: readonly StepPart[],
): Promise<{ readonly left: SidePart[]; readonly right: SidePart[]; readonly isCut: boolean }> {
  const answers = { left: [] as SidePart[], right: [] as SidePart[] };
  const partners = new Map(partnersOf(left, right));
  const taken = new Map([...partners].map(([i, j]) => [j, i]));
  const runsOfRight = new Map<number, SidePart['runs']>();
  let isCut = false;
  for (const [at, entry] of left.entries()) {
    const partner = partners.get(at);
    const other = partner === undefined ? undefined : right[partner];
    if (partner === undefined || other === undefined) {
      answers.left.push(partOf(entry, [[shownOf(entry), right.length > 0]]));
      continue;
    }
    const diff = await diffWords(shownOf(entry), shownOf(other));
    isCut ||= !diff.isWhole;
    answers.left.push(partOf(entry, diff.left));
    runsOfRight.set(partner, diff.right);
  }
  for (const [at, entry] of right.entries())
    answers.right.push(partOf(entry, taken.has(at) ? (runsOfRight.get(at) ?? []) : [[shownOf(entry), left.length > 0]]));
  return { ...answers, isCut };
}

function partnersOf(left: readonly StepPart[], right: readonly StepPart[]): [number, number][] {
  const free = new Map<string, number[]>();
  const nameOf = ({ part, role }: StepPart): string => `${role} ${part.kind}`;
  for (const [j, entry] of right.entries()) free.set(nameOf(entry), [...(free.get(nameOf(entry)) ?? []), j]);
  return left.flatMap((entry, i): [number, number][] => {
    const j = free.get(nameOf(entry))?.shift();
    return j === undefined ? [] : [[i, j]];
  });
}

/** Not cut between the halves of a character. */
function shownOf({ part: { text } }: StepPart): string {
  return text.length <= MOST_SHOWN ? text : text.slice(0, MOST_SHOWN).replace(/[\ud800-\udbff]$/, '');
}

function partOf(entry: StepPart, runs: SidePart['runs']): SidePart {
  const { part, role } = entry;
  return {
    kind: part.kind,
    role,
    tool: part.tool ?? null,
    isError: part.error === true,
    runs,
    characters: part.text.length,
    shown: shownOf(entry).length,
  };
}
