/** What a session worker may ask of a parse worker. */
import type { OpenSettings } from '../src/engine/answers/opening.ts';
import type { ParseJob, ParseReply } from '../src/engine/parse.ts';
import type { InputHandle } from '../src/engine/pool.ts';

export interface ParseContract {
  configure(settings: OpenSettings): Promise<void>;
  /** Replies come in order through the proxied callback; resolves when the last has been taken. */
  parse(job: ParseJob, handle: InputHandle, onReply: (reply: ParseReply) => Promise<void> | void): Promise<void>;
}
