/** The types of packed-wasm.mjs. */
import type { Plugin } from 'vite';

export const PACKED: string;
export function packedWasm(): Plugin;
