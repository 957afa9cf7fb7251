/** Text to token ids and back. Implementations wrap a library; this port is all that core knows of them. */
export interface Tokenizer {
  /** Shown to people and written to manifests, for example `o200k_base`. */
  readonly name: string;
  /** Ids of `text` as plain text: special tokens in it are not recognised. */
  encode(text: string): ArrayLike<number>;
  /** Bytes of each token; a token may end inside a UTF-8 character. Unknown ids give null. */
  bytes(id: number): Uint8Array | null;
}
