/** Images in the content of messages: kept as the log's own entries, never decoded; in texts a placeholder stands for them. */
import type { Part, PartImage } from '../core/model/rollout.ts';
import { getString } from './json.ts';

/** What OpenAI's chat and Responses APIs, Anthropic's, and data sets call such an entry. */
const IMAGE_TYPES: readonly unknown[] = ['image_url', 'input_image', 'image'];

/** Levels of nesting in an entry; one that goes deeper is no image, and could not be written again. */
const DEEPEST = 32;

export function isImage(entry: unknown): boolean {
  return IMAGE_TYPES.includes(getString(entry, 'type')) && !isDeep(entry);
}

function isDeep(entry: unknown): boolean {
  let level: unknown[] = [entry];
  for (let depth = 0; depth <= DEEPEST; depth++) {
    level = level.flatMap((value): unknown[] => (typeof value === 'object' && value !== null ? Object.values(value) : []));
    if (level.length === 0) return false;
  }
  return true;
}

/** The text and images of several parts as those of one. */
export function joinParts(parts: readonly Pick<Part, 'text' | 'images'>[]): Pick<Part, 'text' | 'images'> {
  let text = '';
  const images: PartImage[] = [];
  for (const part of parts) {
    for (const { start, end, entry } of part.images ?? []) images.push({ start: text.length + start, end: text.length + end, entry });
    text += part.text;
  }
  return images.length === 0 ? { text } : { text, images };
}

/** The blocks of an Anthropic result. Its images have no placeholder. */
export function joinBlocks(blocks: readonly unknown[]): Pick<Part, 'text' | 'images'> {
  return joinParts(
    blocks.map((block) =>
      isImage(block) ? { text: '', images: [{ start: 0, end: 0, entry: block }] } : { text: getString(block, 'text') ?? '' },
    ),
  );
}
