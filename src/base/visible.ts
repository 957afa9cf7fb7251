/**
 * Text of unknown origin where people read it. A terminal obeys control characters, and a direction mark can make a line read as what
 * it is not; here they are spelt out instead.
 */

/**
 * Controls of C0 and C1, marks and overrides of direction, separators of lines and paragraphs, and what takes no room: byte order
 * marks, annotations, and the tags that spell ASCII out of sight.
 */
const STEERING = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** The text in one line, with what would steer a terminal spelt as in source code: `\x1b`, `\u202e`. */
export function visible(text: string): string {
  return text.replace(STEERING, (found) => {
    const code = found.codePointAt(0) ?? 0;
    const digits = code.toString(16);
    return (
      SHORT[found] ?? (code < 0x100 ? `\\x${digits.padStart(2, '0')}` : code < 0x10000 ? `\\u${digits.padStart(4, '0')}` : `\\u{${digits}}`)
    );
  });
}

/** The same for text of many lines: their ends and tabs stay. */
export function visibleText(text: string): string {
  return text.replace(/[^\n\t]+/g, visible);
}

/** JSON in one line that any parser reads as the same, with nothing in it that would steer a terminal. */
export function visibleJson(value: unknown): string {
  return JSON.stringify(value).replace(STEERING, (found) =>
    Array.from({ length: found.length }, (_, i) => `\\u${found.charCodeAt(i).toString(16).padStart(4, '0')}`).join(''),
  );
}
