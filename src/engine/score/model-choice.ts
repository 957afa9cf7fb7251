/** Where a model comes from, and what reading it would take. */

/** Where a model comes from. */
export type ModelChoice =
  /** The one that ships with the workbench. */
  | { readonly kind: 'bundled' }
  /** A dropped or picked folder. */
  | { readonly kind: 'files'; readonly name: string; readonly files: readonly { readonly path: string; readonly blob: unknown }[] }
  /** The address of a folder, for example https://huggingface.co/OWNER/NAME/resolve/main/ */
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'folder'; readonly path: string };

/** Files and bytes that loading a model would read. */
export type ModelSize =
  /** `keptBytes` of them are here from an earlier download. */
  | { readonly ok: true; readonly bytes: number; readonly keptBytes: number; readonly files: readonly string[] }
  | { readonly ok: false; readonly reason: string };
