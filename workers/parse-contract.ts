/** What a session worker may ask of a parse worker. */
import type { OpenSettings } from '../src/engine/answers/opening.ts';
import type { ParseJob, ParseReply } from '../src/engine/parse-job.ts';
import type { ParsePlace } from '../src/engine/parse-thread.ts';
import type { InputHandle } from '../src/engine/input-file.ts';

/** Posted beside the contract's answers: nobody waits for it, and it is heard of a worker that never answers. */
export interface PlaceTold {
  readonly place: ParsePlace;
}

export interface ParseContract {
  configure(settings: OpenSettings): Promise<void>;
  /**
   * Replies come in order through the proxied callback; resolves when the last has been taken, or with the record that could not
   * be read.
   */
  parse(
    job: ParseJob,
    handle: InputHandle,
    onReply: (reply: ParseReply) => Promise<void> | void,
  ): Promise<{ readonly record: number; readonly reason: string } | null>;
}
