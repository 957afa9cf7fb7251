/** The transcript that is on screen now, for the keys that move in it. */

export interface TranscriptMoves {
  turn(step: 1 | -1): void;
  error(): void;
  fork(step: 1 | -1): void;
  /** To the next place of the filter's words, over all rollouts and their branches. */
  place(step: 1 | -1): void;
  sibling(step: 1 | -1): void;
  end(which: 'first' | 'last'): void;
}

let current: TranscriptMoves | null = null;

export function transcriptMoves(): TranscriptMoves | null {
  return current;
}

export function setTranscriptMoves(moves: TranscriptMoves | null): void {
  current = moves;
}
