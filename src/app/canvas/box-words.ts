/** The first words of a node on its box: beside the label, or in lines below it where the box is high. */

/** Node -> its first words, null where they cannot be read; absent: nobody has asked. */
export type Words = ReadonlyMap<number, string | null>;

/** Pixels between a box's label and its words, the least room for these, and the height of a line. */
const GAP = 8;
const LEAST_ROOM = 40;
const LINE = 14;
const MOST_LINES = 8;
/** Letters of a cut text at least: fewer say nothing. */
const LEAST_LETTERS = 4;

export interface Place {
  readonly x: number;
  /** Baseline of the label. */
  readonly base: number;
  /** Width of the label, and of the box without its edges. */
  readonly label: number;
  readonly room: number;
  /** Pixels of the box below the last line of the label and its figure. */
  readonly below: number;
  /** Baseline of that last line. */
  readonly last: number;
}

/** Whether words would be drawn. */
export function hasRoom({ label, room, below }: Place): boolean {
  return room - label - GAP >= LEAST_ROOM || (room >= LEAST_ROOM && below >= LINE);
}

/** Draws in the font and colour that the context has. @param letter width of a letter; the face has one for all */
export function drawWords(write: (text: string, x: number, y: number) => void, words: string, place: Place, letter: number): void {
  const { x, base, label, room, below, last } = place;
  const lines = Math.min(MOST_LINES, Math.floor(below / LINE));
  if (room - label - GAP >= LEAST_ROOM && lines < 2) {
    const text = cutTo(words, Math.floor((room - label - GAP) / letter));
    if (text !== null) write(text, x + label + GAP, base);
    return;
  }
  for (const [i, text] of wrapped(words, Math.floor(room / letter), lines).entries()) write(text, x, last + (i + 1) * LINE);
}

/** The text, or as much of its beginning as has `letters` with an ellipsis; null where that is too little. */
export function cutTo(text: string, letters: number): string | null {
  if (text.length <= letters) return text;
  return letters - 1 >= LEAST_LETTERS ? `${text.slice(0, letters - 1)}…` : null;
}

/** Lines of at most `letters`, broken at blanks where a word fits; the last ends with an ellipsis where more follows. */
export function wrapped(text: string, letters: number, most: number): string[] {
  const lines: string[] = [];
  if (letters <= LEAST_LETTERS) return lines;
  let rest = text;
  while (rest !== '' && lines.length < most) {
    if (rest.length <= letters || lines.length === most - 1) {
      lines.push(cutTo(rest, letters) ?? '');
      break;
    }
    const blank = rest.lastIndexOf(' ', letters);
    const end = blank > letters / 3 ? blank : letters;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return lines;
}
