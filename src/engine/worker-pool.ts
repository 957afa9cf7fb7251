/**
 * A pool of parse threads that watches them. One that dies, or of which nothing is heard, is replaced; what it was at is read again by
 * another, at last without the record that stops it. Whoever cancels ends the threads at work.
 */
import { MAX_CONFIGURE_SECONDS, MAX_SEARCH_SECONDS, MAX_SILENT_SECONDS } from '../base/bounds.ts';
import type { OpenSettings } from './answers/opening.ts';
import type { ParseJob, ParseReply } from './parse-job.ts';
import { RecordFailure, type ParsePlace, type ParseThread } from './parse-thread.ts';
import type { ParsePool } from './pool.ts';
import type { InputHandle } from './input-file.ts';
import { makeRetries, type Stop } from './retries.ts';
import { makeSlots, type Slots } from './slots.ts';

const BYTES_PER_SECOND = 50_000;
const TICK_MS = 1000;

/** @param seconds for tests */
export function makeWorkerPool(
  start: () => ParseThread,
  size: number,
  seconds: { readonly silent: number; readonly configure: number; readonly search?: number } = {
    silent: MAX_SILENT_SECONDS,
    configure: MAX_CONFIGURE_SECONDS,
  },
): ParsePool & Pick<Slots, 'lend'> {
  const all = new Set<ParseThread>();
  let idle: ParseThread[] = [];
  const slots = makeSlots(size);
  const waiting: (() => void)[] = [];
  let configured: OpenSettings | null = null;

  const begin = async (settings: OpenSettings): Promise<ParseThread> => {
    const thread = start();
    all.add(thread);
    try {
      await watched(thread, seconds.configure, () => thread.configure(settings));
      return thread;
    } catch (error) {
      all.delete(thread);
      thread.end('it was never ready');
      throw error;
    }
  };
  const free = (thread: ParseThread): void => {
    if (thread.isDead) all.delete(thread);
    else idle.push(thread);
    waiting.shift()?.();
  };
  /** An idle thread, or a new one in the place of one that is gone. */
  const available = async (signal: AbortSignal | undefined): Promise<ParseThread> => {
    for (;;) {
      signal?.throwIfAborted();
      const thread = idle.pop();
      if (thread?.isDead === false) return thread;
      if (thread) all.delete(thread);
      else if (all.size < size && configured !== null) return begin(configured);
      else await new Promise<void>((resolve) => waiting.push(resolve));
    }
  };
  /** The thread comes first: who waits for one holds no place, which another could use. */
  const acquire = async (signal: AbortSignal | undefined): Promise<ParseThread> => {
    const thread = await available(signal);
    try {
      await slots.take(signal);
      return thread;
    } catch (error) {
      free(thread);
      throw error;
    }
  };
  const release = (thread: ParseThread): void => {
    slots.leave();
    free(thread);
  };

  /** One attempt. @returns how it stopped, or null where the job is done */
  async function attempt(
    thread: ParseThread,
    job: ParseJob,
    handle: InputHandle,
    take: (reply: ParseReply) => void,
    signal: AbortSignal | undefined,
  ): Promise<Stop | null> {
    let place: ParsePlace | null = null;
    let isOver = false;
    const silent = job.look === undefined && job.survey === undefined ? seconds.silent : (seconds.search ?? MAX_SEARCH_SECONDS);
    const most = (): number => silent + Math.floor((place?.size ?? 0) / BYTES_PER_SECOND);
    const cancel = (): void => thread.end('its work was cancelled');
    signal?.addEventListener('abort', cancel);
    try {
      // It may have been given up while a thread and a place were waited for.
      signal?.throwIfAborted();
      await watched(thread, most, (heard) =>
        thread.parse(
          job,
          handle,
          (reply) => {
            heard();
            // Of a thread that was given up, another has taken the place.
            if (!isOver) take(reply);
          },
          (next) => {
            heard();
            place = next;
          },
        ),
      );
      return null;
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof RecordFailure) return { how: 'failed', record: error.record, reason: error.message };
      if (error instanceof Silence) return { how: 'stuck', place, seconds: error.seconds };
      if (!thread.isDead) throw error;
      return { how: 'died', place, reason: error instanceof Error ? error.message : String(error) };
    } finally {
      isOver = true;
      signal?.removeEventListener('abort', cancel);
    }
  }

  return {
    size,
    lend: (recall) => slots.lend(recall),
    async configure(settings) {
      configured = settings;
      // What is still at work was cancelled, or is of files that others are opened in place of.
      for (const thread of all) {
        if (idle.includes(thread) && !thread.isDead) continue;
        all.delete(thread);
        thread.end('other files are opened');
      }
      idle = idle.filter((thread) => all.has(thread));
      const mine = [...idle];
      const fresh = Array.from({ length: Math.max(0, size - all.size) }, () => begin(settings));
      await Promise.all([
        ...mine.map((thread) => watched(thread, seconds.configure, () => thread.configure(settings))),
        ...fresh.map(async (thread) => idle.push(await thread)),
      ]);
    },
    async parse(job, handle, onReply, signal) {
      const { tokenizer } = configured ?? {};
      const isOwn = tokenizer?.kind === 'huggingface';
      const retries = makeRetries(job, isOwn, isOwn ? `${tokenizer.name}: its regular expressions` : 'o200k_base');
      const take = (reply: ParseReply): void => {
        onReply(reply);
        retries.took(reply);
      };
      for (;;) {
        const thread = await acquire(signal);
        let stop: Stop | null;
        try {
          stop = await attempt(thread, retries.job, handle, take, signal);
        } finally {
          release(thread);
        }
        if (stop === null) return;
        const rest = retries.stopped(stop);
        if (rest === null) continue;
        take(rest);
        return;
      }
    },
  };
}

/** Nothing was heard of a thread for so long. */
class Silence extends Error {
  readonly seconds: number;

  constructor(seconds: number) {
    super(`nothing was heard of it for ${seconds} s`);
    this.seconds = seconds;
  }
}

/**
 * `work` of a thread, which is ended once nothing has been heard of it for `most` seconds. Counted are turns of this thread's own
 * clock: while this thread is busy itself, it hears of nobody.
 */
async function watched<T>(thread: ParseThread, most: number | (() => number), work: (heard: () => void) => Promise<T>): Promise<T> {
  let ticks = 0;
  let silence: Silence | null = null;
  const clock = setInterval(() => {
    ticks++;
    const seconds = typeof most === 'number' ? most : most();
    if ((ticks * TICK_MS) / 1000 <= seconds || silence !== null) return;
    silence = new Silence(seconds);
    thread.end(silence.message);
  }, TICK_MS);
  try {
    return await work(() => {
      ticks = 0;
    });
  } catch (error) {
    throw silence ?? error;
  } finally {
    clearInterval(clock);
  }
}
