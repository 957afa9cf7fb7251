/**
 * Standard output and standard error, the only place that writes to them: who reads them may have enough before they end, they may lie
 * on a disk that is full, and a terminal would obey what a log, a file or a model is called. So each line is made visible here.
 */
import { visible, visibleJson } from '../base/visible.ts';
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

/** Why a run failed, on standard error. */
export function tell(...lines: readonly string[]): void {
  note(`espalier: ${lines[0] ?? ''}`, ...lines.slice(1));
}

/** Lines on standard error. */
export function note(...lines: readonly string[]): void {
  if (lines.length > 0) process.stderr.write(written(lines));
}

/** Lines on standard output. */
export function print(...lines: readonly string[]): void {
  if (lines.length > 0) process.stdout.write(written(lines));
}

/** One line of JSON on standard output. */
export function printJson(value: unknown): void {
  process.stdout.write(`${visibleJson(value)}\n`);
}

/** Help, which is ours to the last letter, on standard output. */
export function printHelp(text: string): void {
  process.stdout.write(text);
}

/** How far a run is, over what was said of it before; for a terminal only. */
export function progress(text: string, isLast: boolean): void {
  process.stderr.write(`\r\u001b[K${visible(text)}${isLast ? '\n' : ''}`);
}

function written(lines: readonly string[]): string {
  return lines.map((line) => `${visible(line)}\n`).join('');
}

/** Values as lines of JSON on standard output. @returns false where nobody reads any more */
export async function printedJson(values: readonly unknown[]): Promise<boolean> {
  if (isOutputClosed) return false;
  const text = values.map((value) => `${visibleJson(value)}\n`).join('');
  await new Promise<void>((resolve) => process.stdout.write(text, () => resolve()));
  return !isOutputClosed;
}

function isClosed(error: Error): boolean {
  return 'code' in error && (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED');
}
