/** What a row of the transcript is given. */
import type { Transcript, TranscriptState } from '../../../engine/answers/transcript.ts';
import type { TurnErrors } from '../../../engine/answers/errors.ts';
import type { Mark } from './marks.ts';
import type { Reading } from './reading.ts';

export interface RowProps {
  /** As `useForest` names it. */
  readonly forest: string | null;
  readonly transcript: Transcript;
  readonly state: TranscriptState | undefined;
  readonly part: number;
  readonly chunk: number;
  readonly reading: Reading;
  /** Places of the filter's words in the part. */
  readonly marks: readonly Mark[];
  /** What error rules that are on say of its turn; null: nothing. */
  readonly errors: TurnErrors | null;
  /** The part that is read. */
  readonly isCurrent: boolean;
  readonly onRead: (part: number) => void;
}
