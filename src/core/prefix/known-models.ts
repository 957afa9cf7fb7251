/** Shapes of models that many train, as their public model cards and configurations tell them. */
import { parsed, type Parsed } from '../rule/field.ts';
import type { TrainedModel } from './flops.ts';

export interface KnownModel extends TrainedModel {
  readonly id: string;
  readonly label: string;
  /** Tokens that it takes without stretching positions. */
  readonly context: number;
  readonly source: string;
}

/**
 * Parameters, layers and heads by the card, the head dimension (128 in all) by `config.json` beside it. Of a mixture of experts,
 * `parameters` are those that a token activates.
 */
export const KNOWN_MODELS: readonly [KnownModel, ...KnownModel[]] = [
  {
    id: 'qwen3-8b',
    label: 'Qwen3-8B',
    parameters: 8.2e9,
    layers: 36,
    width: 32 * 128,
    keyWidth: 8 * 128,
    context: 32_768,
    source: 'https://huggingface.co/Qwen/Qwen3-8B',
  },
  {
    id: 'qwen3-0.6b',
    label: 'Qwen3-0.6B',
    parameters: 0.6e9,
    layers: 28,
    width: 16 * 128,
    keyWidth: 8 * 128,
    context: 32_768,
    source: 'https://huggingface.co/Qwen/Qwen3-0.6B',
  },
  {
    id: 'qwen3-32b',
    label: 'Qwen3-32B',
    parameters: 32.8e9,
    layers: 64,
    width: 64 * 128,
    keyWidth: 8 * 128,
    context: 32_768,
    source: 'https://huggingface.co/Qwen/Qwen3-32B',
  },
  {
    id: 'qwen3-coder-30b-a3b',
    label: 'Qwen3-Coder-30B-A3B',
    parameters: 3.3e9,
    layers: 48,
    width: 32 * 128,
    keyWidth: 4 * 128,
    context: 262_144,
    source: 'https://huggingface.co/Qwen/Qwen3-Coder-30B-A3B-Instruct',
  },
  {
    id: 'llama-3.1-8b',
    label: 'Llama-3.1-8B',
    parameters: 8e9,
    layers: 32,
    width: 32 * 128,
    keyWidth: 8 * 128,
    context: 131_072,
    source: 'https://huggingface.co/meta-llama/Llama-3.1-8B',
  },
];

/** `NAME`, or `PARAMETERS,LAYERS,WIDTH[,KEYWIDTH]`; without the last, keys are as wide as queries. */
export function parseTrainedModel(text: string): Parsed<TrainedModel> {
  const known = KNOWN_MODELS.find(({ id }) => id === text.trim().toLowerCase());
  const [parameters, layers, width, keyWidth = width, ...rest] = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  const typed = { parameters, layers, width, keyWidth };
  const isShape = rest.length === 0 && isTrainedModel(typed);
  return parsed(
    known ?? (isShape ? typed : undefined),
    `${KNOWN_MODELS.map(({ id }) => id).join(', ')}, or PARAMETERS,LAYERS,WIDTH[,KEYWIDTH] such as 8e9,32,4096,1024`,
    text,
  );
}

function isTrainedModel({ parameters, layers, width, keyWidth }: TrainedModel): boolean {
  return parameters > 0 && layers >= 0 && width >= 0 && keyWidth >= 0 && parameters + layers + width + keyWidth < Infinity;
}
