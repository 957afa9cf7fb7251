/** A parse worker in Node: the same parser as the page's, behind worker_threads messages. */
import { parentPort } from 'node:worker_threads';
import type { OpenSettings } from '../../engine/answers/opening.ts';
import type { ParseJob, ParseReply } from '../../engine/parse-job.ts';
import { placesToTell, RecordFailure, type ParsePlace } from '../../engine/parse-thread.ts';
import { makeParser } from '../../engine/pool.ts';
import type { InputHandle } from '../../engine/input-file.ts';
import { buffersOf } from '../../engine/transferables.ts';
import { openHandle } from './open-handle.ts';

export type ThreadRequest =
  | { readonly id: number; readonly verb: 'configure'; readonly settings: OpenSettings }
  | { readonly id: number; readonly verb: 'parse'; readonly job: ParseJob; readonly handle: InputHandle };
export type ThreadAnswer =
  | { readonly id: number; readonly type: 'reply'; readonly reply: ParseReply }
  | { readonly id: number; readonly type: 'place'; readonly place: ParsePlace }
  | { readonly id: number; readonly type: 'done' }
  | { readonly id: number; readonly type: 'failed'; readonly reason: string; readonly record?: number };

const parser = makeParser();

async function serve(request: ThreadRequest): Promise<void> {
  const answer = (message: ThreadAnswer, moved: ArrayBuffer[] = []): void => parentPort?.postMessage(message, moved);
  try {
    if (request.verb === 'configure') await parser.configure(request.settings);
    else {
      const { id, job, handle } = request;
      const tell = placesToTell(job, (place) => answer({ id, type: 'place', place }));
      for await (const reply of parser.run(job, await openHandle(handle), tell))
        answer({ id, type: 'reply', reply }, reply.batch ? buffersOf(reply.batch) : []);
    }
    answer({ id: request.id, type: 'done' });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    answer({ id: request.id, type: 'failed', reason, ...(error instanceof RecordFailure ? { record: error.record } : {}) });
  }
}

parentPort?.on('message', (request: ThreadRequest) => void serve(request));
