/** Types of serve.mjs. */
import type { Server } from 'node:http';
export function serve(
  folder: string,
  port: number,
  options?: { readonly isolate?: boolean; readonly base?: string },
): Promise<{ server: Server; address: string }>;
