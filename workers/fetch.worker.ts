/** The fetch worker: reaches the hosts that its address names, and knows nothing of what the page holds. */
import { expose, transfer } from 'comlink';
import { makeFetcher, type Fetcher } from '../src/platform/browser/elsewhere.ts';

const fetcher = makeFetcher(new URL(self.location.href).searchParams.getAll('to'));

const contract: Fetcher = {
  ...fetcher,
  async read(id) {
    const chunk = await fetcher.read(id);
    return chunk && transfer(chunk, [chunk.buffer]);
  },
};
expose(contract);
