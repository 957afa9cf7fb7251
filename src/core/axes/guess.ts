/** A first guess of a task's tags by the rules, with what speaks for each. Deterministic; ties and no evidence are `unknown`. [ours] */
import { AXIS_IDS, OTHER, UNKNOWN, type AxisId } from './axes.ts';
import { LANGUAGE_OF_EXTENSION, type Evidence } from './evidence.ts';
import { FRAME_WEIGHT, LANGUAGE_WEIGHTS, PATH_RULES, TOOL_RULES } from './rules.ts';
import { WORD_RULES } from './word-rules.ts';

/** One piece of evidence: how many of how many. */
export type Why =
  | { readonly by: 'edited' | 'touched'; readonly what: string; readonly count: number; readonly of: number }
  | { readonly by: 'fence' | 'tool' | 'word' | 'frame' | 'path'; readonly what: string; readonly count: number }
  /** No guess: nothing speaks for a tag; two weigh the same; or the task is none of software. */
  | { readonly by: 'nothing' }
  | { readonly by: 'tie'; readonly what: string; readonly with: string }
  | { readonly by: 'no-software'; readonly what: string };

export interface Guess {
  /** `unknown` where nothing is guessed. */
  readonly tag: string;
  /** Sum of the weights of what speaks for it, and for the next; 0: nothing does. */
  readonly weight: number;
  readonly next: number;
  /** The heaviest first, at most three. */
  readonly why: readonly Why[];
}

export type Guesses = Readonly<Record<AxisId, Guess>>;

const MOST_WHY = 3;

interface Piece {
  readonly tag: string;
  readonly weight: number;
  readonly why: Why;
}

export function guessTags(evidence: Evidence): Guesses {
  const foreign = noSoftware(evidence);
  const guess = (axis: AxisId): Guess => {
    if (foreign !== null) return { tag: OTHER, weight: foreign.weight, next: 0, why: [foreign.why] };
    return heaviest(axis === 'language' ? languagePieces(evidence) : [...piecesOf(axis, evidence), ...framePieces(axis, evidence)]);
  };
  const [language, tasktype, scenario] = AXIS_IDS.map(guess);
  return { language, tasktype, scenario };
}

/** A task that is none of software: no file of code, no fence, tool or word of software, and words or tools of something else. */
function noSoftware({ edited, touched, fences, tools, words, software }: Evidence): { readonly weight: number; readonly why: Why } | null {
  const codeTools = tools.filter(([id]) => TOOL_RULES.find((rule) => rule.id === id)?.software === true);
  const strange: Piece[] = [];
  for (const [rule, hits] of words) {
    const found = WORD_RULES[Number(rule)];
    if (found?.axis === 'none') strange.push({ tag: OTHER, weight: found.weight * hits, why: { by: 'no-software', what: found.tag } });
  }
  for (const [id, count] of tools)
    if (TOOL_RULES.find((rule) => rule.id === id)?.software === false)
      strange.push({ tag: OTHER, weight: 2 + Math.min(4, count), why: { by: 'tool', what: id, count } });
  // Tools that no rule knows are of something else where nothing of software stands beside them.
  if (tools.length > 0 && codeTools.length === 0 && edited.length + touched.length + fences.length + software === 0)
    strange.push({ tag: OTHER, weight: 2, why: { by: 'tool', what: 'none', count: tools.reduce((sum, [, count]) => sum + count, 0) } });
  const weight = strange.reduce((sum, piece) => sum + piece.weight, 0);
  const against = 4 * (edited.length + codeTools.length + (fences.length > 0 ? 1 : 0)) + touched.length + 2 * software;
  if (weight === 0 || weight <= against) return null;
  const [first] = strange.toSorted((a, b) => b.weight - a.weight);
  return first === undefined ? null : { weight, why: first.why };
}

function languagePieces({ edited, touched, fences, tools, words, titled }: Evidence): Piece[] {
  const files = (by: 'edited' | 'touched', counts: Evidence['edited']): Piece[] => {
    const all = counts.reduce((sum, [, count]) => sum + count, 0);
    return counts.map(([ending, count]) => ({
      tag: LANGUAGE_OF_EXTENSION.get(ending) ?? OTHER,
      weight: (LANGUAGE_WEIGHTS[by] * 10 * count) / Math.max(1, all),
      why: { by, what: `.${ending}`, count, of: all },
    }));
  };
  return [
    ...files('edited', edited),
    ...files('touched', touched),
    ...fences.map(([tag, count]) => ({
      tag,
      weight: (tag === 'shell' ? LANGUAGE_WEIGHTS.shellFence : LANGUAGE_WEIGHTS.fence) * Math.min(10, count),
      why: { by: 'fence' as const, what: tag, count },
    })),
    ...piecesOf('language', { tools, words, titled }),
  ];
}

/** What the frame and the paths of edited files say. */
function framePieces(axis: AxisId, { paths, framed }: Evidence): Piece[] {
  const pieces: Piece[] = [];
  if (axis === 'tasktype' && framed > 0)
    pieces.push({ tag: 'bug-fixing', weight: FRAME_WEIGHT, why: { by: 'frame', what: 'issue', count: framed } });
  for (const [row, count] of paths) {
    const rule = PATH_RULES[Number(row)];
    if (rule?.axis === axis) pieces.push({ tag: rule.tag, weight: rule.weight, why: { by: 'path', what: rule.parts, count } });
  }
  return pieces;
}

function piecesOf(axis: AxisId, { tools, words, titled }: Pick<Evidence, 'tools' | 'words' | 'titled'>): Piece[] {
  const pieces: Piece[] = [];
  const begins = new Set(titled.map(([row]) => row));
  for (const [id, count] of tools) {
    const rule = TOOL_RULES.find((each) => each.id === id);
    if (rule?.axis === axis && rule.tag !== undefined)
      pieces.push({ tag: rule.tag, weight: (rule.weight ?? 1) * Math.min(3, count), why: { by: 'tool', what: id, count } });
  }
  for (const [row, count] of words) {
    const rule = WORD_RULES[Number(row)];
    if (rule?.axis !== axis) continue;
    const factor = axis === 'language' ? LANGUAGE_WEIGHTS.word : 1;
    pieces.push({
      tag: rule.tag,
      weight: rule.weight * factor * (count + (begins.has(row) ? 1 : 0)),
      why: { by: 'word', what: rule.words, count },
    });
  }
  return pieces;
}

/** Weights are compared to a thousandth, so that no order of adding decides. */
function heaviest(pieces: readonly Piece[]): Guess {
  const sums = new Map<string, number>();
  for (const { tag, weight } of pieces) sums.set(tag, (sums.get(tag) ?? 0) + weight);
  const ranked = [...sums]
    .map(([tag, sum]) => [tag, Math.round(sum * 1000) / 1000] as const)
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const [first, second] = ranked;
  if (first === undefined || first[1] === 0) return { tag: UNKNOWN, weight: 0, next: 0, why: [{ by: 'nothing' }] };
  const [tag, weight] = first;
  const next = second?.[1] ?? 0;
  if (second !== undefined && next === weight) return { tag: UNKNOWN, weight, next, why: [{ by: 'tie', what: tag, with: second[0] }] };
  const own = pieces.filter((piece) => piece.tag === tag).sort((a, b) => b.weight - a.weight);
  return { tag, weight, next, why: own.slice(0, MOST_WHY).map(({ why }) => why) };
}
