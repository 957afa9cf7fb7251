/** Who parses: a pool of workers behind one small port, or this thread. */
import type { ByteSource } from '../core/source/byte-source.ts';
import { makeRegard } from '../core/rollouts/regard.ts';
import { makeMemoryRule } from '../core/tokens/memory-rules.ts';
import { makeTokeniseCounts, type Tokenisation } from '../core/tokens/tokenisation.ts';
import { makeTextCache } from '../core/tokens/text-cache.ts';
import type { Format } from '../formats/format.ts';
import { formatById } from './format-by-id.ts';
import type { OpenSettings } from './answers/opening.ts';
import { parseJob } from './parse.ts';
import type { ParseJob, ParseReply } from './parse-job.ts';
import { RecordFailure, type ParsePlace } from './parse-thread.ts';
import { makeRetries } from './retries.ts';
import { loadTokenizer } from './tokenizers/load.ts';
import type { InputHandle } from './input-file.ts';

export interface ParsePool {
  /** Jobs that run at the same time. */
  readonly size: number;
  /** Sets what all following jobs depend on. */
  configure(settings: OpenSettings): Promise<void>;
  /**
   * Runs a job; replies come in order, and the promise settles after the last. Records on which a worker fails, dies or never ends
   * come as issues. Rejects when reading fails, and once the signal is aborted.
   */
  parse(job: ParseJob, handle: InputHandle, onReply: (reply: ParseReply) => void, signal?: AbortSignal): Promise<void>;
}

/** A parser for one thread: what a parse worker holds, and what a pool of size 1 is made of. */
export interface Parser {
  configure(settings: OpenSettings): Promise<void>;
  /** @param tell as of `parseJob` */
  run(job: ParseJob, source: ByteSource, tell?: (place: ParsePlace) => void): AsyncGenerator<ParseReply>;
  readonly tokenisation: Tokenisation;
}

export function makeParser(): Parser {
  let tokenisation: Tokenisation | null = null;
  let mapping: unknown;
  let regard = makeRegard({});
  let wantsFacts = false;
  return {
    get tokenisation() {
      if (tokenisation === null) throw new Error('the parser is not configured');
      return tokenisation;
    },
    async configure(settings) {
      tokenisation = await makeTokenisation(settings);
      mapping = settings.mapping;
      regard = makeRegard(settings);
      wantsFacts = settings.group === 'model';
    },
    run(job, source, tell) {
      const format: Format | null = job.format === null ? null : formatById(job.format, mapping);
      return parseJob(wantsFacts ? { ...job, wantsFacts } : job, source, format, this.tokenisation, tell, regard);
    },
  };
}

export async function makeTokenisation(settings: OpenSettings): Promise<Tokenisation> {
  const { tokenizer, template } = await loadTokenizer(settings.tokenizer);
  return {
    tokenizer,
    template,
    encode: makeTextCache(tokenizer),
    isMemory: makeMemoryRule(settings.memoryTools),
    maxNodeTokens: settings.maxNodeTokens,
    counts: makeTokeniseCounts(),
    tried: { found: 0, missed: 0 },
  };
}

/** A pool of one that parses on the calling thread. */
export function makeLocalPool(openHandle: (handle: InputHandle) => Promise<ByteSource>): ParsePool {
  const parser = makeParser();
  return {
    size: 1,
    configure: (settings) => parser.configure(settings),
    async parse(job, handle, onReply) {
      const retries = makeRetries(job, false, '');
      for (let isDone = false; !isDone;)
        try {
          for await (const reply of parser.run(retries.job, await openHandle(handle))) {
            onReply(reply);
            retries.took(reply);
          }
          isDone = true;
        } catch (error) {
          if (!(error instanceof RecordFailure)) throw error;
          retries.stopped({ how: 'failed', record: error.record, reason: error.message });
        }
    },
  };
}
