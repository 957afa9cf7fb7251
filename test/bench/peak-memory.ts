/** The most memory this process has had resident. Linux can start the count anew; elsewhere it covers the whole life of the process. */
import { readFileSync, writeFileSync } from 'node:fs';

/** Makes `peakBytes` count from now on, where the system can. */
export function restartPeak(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // Not Linux, or not allowed: the peak then includes what came before, which only makes the figure worse.
  }
}

export function peakBytes(): number {
  try {
    const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    if (kilobytes !== undefined) return Number(kilobytes) * 1024;
  } catch {
    // Not Linux.
  }
  return process.resourceUsage().maxRSS * 1024;
}
