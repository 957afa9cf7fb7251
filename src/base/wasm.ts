/** Modules of WebAssembly that lie in the program as base64 (written by scripts/wasm.mjs). */

const compiled = new Map<string, WebAssembly.Module>();

/**
 * A new instance of the module, compiled once, with a memory of its own.
 * @param isWanted tells its exports from another module's. Throws where they are not those.
 */
export function instantiate<T>(base64: string, isWanted: (exports: unknown) => exports is T): T {
  let module = compiled.get(base64);
  if (!module)
    compiled.set(base64, (module = new WebAssembly.Module(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)))));
  const { exports: made } = new WebAssembly.Instance(module);
  if (!isWanted(made)) throw new Error('a built WebAssembly module is not the expected one');
  return made;
}

/** Whether `exports` are a module's with its memory and a function of this name. */
export function hasExport(exports: unknown, name: string): boolean {
  return typeof exports === 'object' && exports !== null && 'memory' in exports && name in exports;
}
