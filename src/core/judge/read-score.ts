/** The score in a judge's answer, however it is wrapped. */

const LOWEST_SCORE = 0;
const HIGHEST_SCORE = 10;

export type ReadScore = { readonly ok: true; readonly score: number } | { readonly ok: false; readonly found: string };

const NUMBER = String.raw`(-?\d{1,12}(?:\.\d{1,24})?)(?![\d.]*\d|e[-+]?\d)`;
/** A share or a range is no score: `5%`, `7-8`. */
const OUT_OF = String.raw`(?:\s{0,4}\/\s{0,4}(\d{1,4}))?(?!\s{0,4}(?:%|to\s{1,4}\d)|[-–]\d)`;
/** A member `score` (or a line like it) with its number, which may be in quotes or out of 10. */
const MEMBER = new RegExp(String.raw`(?<!\w)score["'*\x60]{0,3}\s{0,8}[:=][*\x60]{0,3}\s{0,8}["'*\x60]{0,3}${NUMBER}${OUT_OF}`, 'gi');
const ALONE = new RegExp(String.raw`^["'*\x60]{0,3}${NUMBER}${OUT_OF}["'*\x60.]{0,3}$`);
const EXCERPT = 120;

/**
 * JSON as it was asked for, in a code fence or among words; what stands in a thought is passed over. Of several the last counts [ours].
 * A number outside of 0 to 10, or out of another number than 10, is none: nothing is moved into the range.
 */
export function readScore(answer: string): ReadScore {
  const said = withoutThought(answer).trim();
  const last = [...said.matchAll(MEMBER)].at(-1);
  const alone = last === undefined ? ALONE.exec(said) : null;
  const number = last?.[1] ?? alone?.[1];
  const outOf = last?.[2] ?? alone?.[2] ?? String(HIGHEST_SCORE);
  if (number === undefined) return { ok: false, found: said === '' ? 'an empty answer' : excerpt(said) };
  const score = Number(number);
  if (Number(outOf) !== HIGHEST_SCORE) return { ok: false, found: `${number} out of ${outOf}` };
  if (!(score >= LOWEST_SCORE && score <= HIGHEST_SCORE)) return { ok: false, found: number };
  return { ok: true, score };
}

/** Models that think aloud end it with a mark; one that was cut off inside has said nothing yet. */
function withoutThought(answer: string): string {
  const end = answer.lastIndexOf('</think>');
  if (end >= 0) return answer.slice(end + '</think>'.length);
  return answer.trimStart().startsWith('<think>') ? '' : answer;
}

function excerpt(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return `“${line.length <= EXCERPT ? line : `${line.slice(0, EXCERPT)}…`}”`;
}
