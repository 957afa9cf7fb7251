/** Standard output and standard error: who reads them may have enough before they end, and they may lie on a disk that is full. */
import { FILE_FAULT } from './exit-codes.ts';
import { faultOf } from '../platform/node/fault.ts';

let isOutputClosed = false;

/** To be called first. What else a run writes is written all the same. */
export function watchStreams(): void {
  process.stdout.on('error', (error) => {
    if (!isOutputClosed && !isClosed(error)) {
      tell(faultOf('cannot write to standard output', error)?.message ?? error.message);
      process.exitCode = FILE_FAULT;
    }
    isOutputClosed = true;
  });
  // There is nowhere left to say anything.
  process.stderr.on('error', () => undefined);
}

/** A sentence on standard error. */
export function tell(text: string): void {
  process.stderr.write(`espalier: ${text}\n`);
}

/** @returns false where nobody reads any more */
export async function printed(text: string): Promise<boolean> {
  if (isOutputClosed) return false;
  await new Promise<void>((resolve) => process.stdout.write(text, () => resolve()));
  return !isOutputClosed;
}

function isClosed(error: Error): boolean {
  return 'code' in error && (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED');
}
