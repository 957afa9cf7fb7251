/** What is used of the parser of syntax, and WebAssembly files as the build packs them (scripts/packed-wasm.mjs). */
declare module '*.wasm?packed' {
  /** gzip as Base64. */
  const packed: string;
  export default packed;
}

declare module 'web-tree-sitter' {
  export type Language = object;
  export const Language: { load(bytes: Uint8Array): Promise<Language> };
  export interface Cursor {
    readonly nodeType: string;
    readonly nodeIsMissing: boolean;
    readonly nodeText: string;
    readonly startIndex: number;
    readonly endIndex: number;
    readonly startPosition: { readonly row: number };
    gotoFirstChild(): boolean;
    gotoNextSibling(): boolean;
    gotoParent(): boolean;
    delete(): void;
  }
  export interface Tree {
    walk(): Cursor;
    delete(): void;
  }
  export class Parser {
    static init(options: { readonly wasmBinary: Uint8Array }): Promise<void>;
    setLanguage(language: Language): void;
    /** Null where the callback returns true. */
    parse(text: string, before: null, options: { readonly progressCallback: () => boolean }): Tree | null;
  }
}
