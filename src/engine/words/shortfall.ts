/** What a target cannot express, in words that are right for one and for many. */
import type { Shortfall } from '../answers/exporting.ts';

export function shortfallText({ what, count }: Shortfall): string {
  return `${what}: ${count.toLocaleString('en')}`;
}
