/** How much of a body is shown before anybody asks for more, and what is said of the rest. */
import { KIND } from '../../../core/model/kinds.ts';
import { bytes as byteText } from '../../text/format.ts';

interface Clamp {
  readonly lines: number;
  readonly characters: number;
}

/** A prompt and a result are looked up; what the policy wrote is read. */
function clampOf(kind: number): Clamp {
  switch (kind) {
    case KIND.system:
    case KIND.result:
      return { lines: 12, characters: 1_200 };
    case KIND.user:
      return { lines: 20, characters: 2_000 };
    case KIND.call:
    case KIND.memory:
      return { lines: 24, characters: 2_400 };
    default:
      return { lines: 40, characters: 4_000 };
  }
}

/** Characters of the first lines of a body of that kind; all of a text that is only a little longer. */
export function clampedLength(text: string, kind: number): number {
  const { lines, characters } = clampOf(kind);
  let end = 0;
  for (let line = 0; line < lines && end >= 0 && end < text.length; line++) {
    const next = text.indexOf('\n', end);
    end = next < 0 ? text.length : next + 1;
  }
  if (end > characters) {
    const blank = text.lastIndexOf('\n', characters);
    end = blank > characters / 2 ? blank + 1 : characters;
    const before = text.charCodeAt(end - 1);
    if (before >= 0xd800 && before < 0xdc00) end--;
  }
  const SLACK = 1.25;
  return text.length <= end * SLACK ? text.length : end;
}

/** "1.2 kB of 3.1 MB shown" */
export function shownText(shown: number, total: number): string {
  return `${byteText(shown)} of ${byteText(total)} shown`;
}

/** UTF-8 length of a short text. */
export function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

const LINE_HEIGHT = 19;
const LINE_LENGTH = 80;
const MOST_LINES = 24;

/** About as high as the text will be, so that the list does not jump. */
export function waitingHeight(characters: number, whole: boolean): number {
  const lines = Math.ceil(characters / LINE_LENGTH);
  return Math.max(1, whole ? lines : Math.min(lines, MOST_LINES)) * LINE_HEIGHT;
}
