/** A parse worker: bytes of a job in, columns of trajectories out. */
import { expose, transfer } from 'comlink';
import { makeParser } from '../src/engine/pool.ts';
import { buffersOf } from '../src/engine/transferables.ts';
import { openHandle } from '../src/platform/browser/blob-source.ts';
import type { ParseContract } from './parse-contract.ts';

const parser = makeParser();

const contract: ParseContract = {
  configure: (settings) => parser.configure(settings),
  async parse(job, handle, onReply) {
    for await (const reply of parser.run(job, await openHandle(handle))) {
      await onReply(transfer(reply, reply.batch ? buffersOf(reply.batch) : []));
    }
  },
};
expose(contract);
