/** What a way of writing thoughts, calls and results in text must say of itself. One file implements each; `registry.ts` lists them. */

/** A stretch `[start, end)` of a text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** One stretch of a text that has one meaning, with the marks and line ends that belong to its template. */
export interface Piece extends Span {
  /** `scaffold`: nothing but marks of the template. */
  readonly kind: 'thinking' | 'call' | 'text' | 'scaffold';
  /** What it says without marks; for a call its arguments, as JSON text where they are any. */
  readonly text: string;
  readonly tool?: string;
  readonly callId?: string;
}

/** What the policy wrote, taken apart. */
export interface Answer {
  /** Their spans tile the text in order. */
  readonly pieces: readonly Piece[];
  /** Calls that cannot be read: they stand in pieces of text, as they are. */
  readonly unread: readonly Span[];
}

/** What the environment put between answers; its span holds the template's words around it too. */
export interface Result extends Span {
  readonly text: string;
  readonly tool?: string;
  readonly callId?: string;
}

export interface CallDialect {
  /** Stable id. */
  readonly id: string;
  /** Whose models write so, for people. */
  readonly label: string;
  /** Where the spelling is defined. */
  readonly source: string;
  /** Ids of the dialects whose marks stand in its texts too: where both are found, this one reads the text. */
  readonly beats: readonly string[];
  /** Reads answers in which no dialect finds its marks: one does. */
  readonly readsUnmarked?: true;
  /** Whether a text has its marks. Cheap: every answer of a log is asked. */
  detects(text: string): boolean;
  /** Takes what the policy wrote apart, in time proportional to its length. Never throws. */
  answer(text: string): Answer;
  /** Results inside a text that holds a whole episode, in order and apart; absent where the dialect has no marks for them. */
  results?(text: string): readonly Result[];
}
