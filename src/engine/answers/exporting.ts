/** What an export takes and gives. */

export const EXPORTS = ['messages', 'tokens', 'forest'] as const;
export type ExportFormat = (typeof EXPORTS)[number];
export type WeightConvention = 'branch-mean' | 'train-once';

export interface ExportSpec {
  readonly formats: readonly ExportFormat[];
  readonly weights: WeightConvention;
  /** Erroneous turns stay as context with loss 0. */
  readonly maskErrors: boolean;
}

export const DEFAULT_EXPORT: ExportSpec = { formats: EXPORTS, weights: 'branch-mean', maskErrors: false };

export interface ExportedFile {
  readonly name: string;
  readonly bytes: number;
  readonly records: number;
  readonly sha256: string;
}

export interface ExportPreview {
  readonly format: ExportFormat;
  /** First records, each cut to at most 4,000 characters, with its full length. */
  readonly lines: readonly { readonly text: string; readonly length: number }[];
  readonly records: number;
  readonly warnings: readonly string[];
}
