/** What the YAML files for axolotl have in common, behind their data sets. */
export const AXOLOTL_SETTINGS: readonly string[] = [
  '# axolotl drops longer rows',
  'sequence_len: 32768',
  'output_dir: out',
  'micro_batch_size: 1',
  'gradient_accumulation_steps: 8',
  'num_epochs: 1',
  'learning_rate: 1.0e-5',
  'optimizer: adamw_torch',
  'lr_scheduler: cosine',
  '',
];
