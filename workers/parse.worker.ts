/** A parse worker: bytes of a job in, columns of trajectories out. */
import { expose, transfer } from 'comlink';
import { placesToTell, RecordFailure, type ParsePlace } from '../src/engine/parse-thread.ts';
import { makeParser } from '../src/engine/pool.ts';
import { buffersOf } from '../src/engine/transferables.ts';
import { openHandle } from '../src/platform/browser/input-file.ts';
import { fetchFrom } from './fetch.ts';
import type { ParseContract, PlaceTold } from './parse-contract.ts';

const parser = makeParser();

const tell = (place: ParsePlace): void => {
  const told: PlaceTold = { place };
  postMessage(told);
};

const contract: ParseContract = {
  configure: (settings) => parser.configure(settings),
  async parse(job, handle, onReply) {
    try {
      for await (const reply of parser.run(job, await openHandle(handle, fetchFrom), placesToTell(job, tell)))
        await onReply(transfer(reply, reply.batch ? buffersOf(reply.batch) : []));
      return null;
    } catch (error) {
      if (error instanceof RecordFailure) return { record: error.record, reason: error.message };
      throw error;
    }
  },
};
expose(contract);
