/** Types of wasm.mjs. */
export const SOURCES: Readonly<Record<string, unknown>>;
export function compilerVersion(): string | null;
export function targetOf(source: string): string;
export function sourceHash(source: string): string;
export function build(source: string): string;
