/*
 * Where a piece ends by the split patterns of tokenizer.json files that are not o200k_base's. All are of one form, which the
 * bits of `pattern` tell; 0 is o200k_base. `split-patterns.ts` has their texts. Included by byte-pairs.c.
 */

/* The lowest two bits: the most digits of a piece, 0 = any number. */
#define MOST_DIGITS 3u
/* GPT-2's: only a space leads, words and numbers alike, and line ends are blanks like others. */
#define SPACE_LEADS 4u
/* Contractions in either case. */
#define FOLDED 8u
#define NOT_O200K 16u

/* `'s 'd 'm 't 'll 've 're` at the beginning of a piece. */
static u32 listed_contraction(u32 i) {
  u32 to = contraction(i);
  if (to == i || pattern & FOLDED) return to;
  for (u32 k = i + 1; k < to; k++) if (text[k] < 'a') return i;
  return to;
}

static inline u32 is_letter(u32 class) { return class >= UPPER && class <= OTHER_LETTER; }
static inline u32 is_other(u32 class) { return class == SYMBOL || class == COMBINING; }

static u32 letters_end(u32 i) {
  u32 size;
  for (;;) {
    while (text[i] < 0x80 && is_letter(classes[text[i]])) i++;
    if (text[i] < 0x80 || !is_letter(kind(i, &size))) break;
    i += size;
  }
  touched |= i >= end;
  return i;
}

static u32 digits_end(u32 i) {
  u32 size, most = pattern & MOST_DIGITS;
  for (u32 digits = 0; (most == 0 || digits < most) && kind(i, &size) == NUMBER; digits++) i += size;
  touched |= i >= end;
  return i;
}

static u32 others_end(u32 i) {
  u32 size;
  while (i < end && is_other(kind(i, &size))) i += size;
  if (!(pattern & SPACE_LEADS)) while (text[i] == '\n' || text[i] == '\r') i++;
  touched |= i >= end;
  return i;
}

/* Blanks and line ends but for the last one, unless nothing follows or it is alone. */
static u32 spaces_end(u32 i) {
  u32 first = i, last = i, size, class;
  for (; (class = kind(i, &size)) == BLANK || class == LINE_END; i += size) last = i;
  touched |= i >= end;
  return i >= end || last == first ? i : last;
}

static u32 listed_piece_from(u32 i) {
  if (text[i] == '\'') {
    u32 to = listed_contraction(i);
    if (to != i) return to;
  }
  u32 size, next, class = kind(i, &size);
  if (is_letter(class)) return letters_end(i);
  if (class == NUMBER) return digits_end(i);
  u32 behind = i + size;
  touched |= behind >= end;
  u32 follows = behind < end ? kind(behind, &next) : UNKNOWN;
  if (class != LINE_END && is_letter(follows) && (text[i] == ' ' || !(pattern & SPACE_LEADS))) return letters_end(behind);
  if (is_other(class)) return others_end(i);
  if (text[i] == ' ' && is_other(follows)) return others_end(behind);
  if (text[i] == ' ' && follows == NUMBER && pattern & SPACE_LEADS) return digits_end(behind);
  return pattern & SPACE_LEADS ? spaces_end(i) : blanks_end(i);
}

/* The same for ASCII, as `piece_in_block`. */
static inline u32 listed_in_block(u32 place) {
  if (quote >> place & 1) return 64;
  u64 letter = upper | lower;
  u64 leads = pattern & SPACE_LEADS ? (u64)(text[block + place] == ' ') << place : (blank & ~line_end) | symbol;
  u32 first = place + (leads >> place & 1);
  if (first >= 63) return 64;
  u32 word = first + run_of(letter, first);
  if (word > first) return word >= 63 || (beyond >> word & 1) ? 64 : word;
  if (beyond >> first & 1) return 64;
  u32 number = pattern & SPACE_LEADS ? first : place;
  if (digit >> number & 1) {
    u32 digits = run_of(digit, number), most = pattern & MOST_DIGITS;
    if (most != 0 && digits >= most) return number + most;
    return number + digits >= 63 || (beyond >> (number + digits) & 1) ? 64 : number + digits;
  }
  u32 from = place + (text[block + place] == ' ');
  if (symbol >> from & 1) {
    u32 to = from + run_of(symbol, from);
    if (to >= 63 || (beyond >> to & 1)) return 64;
    return pattern & SPACE_LEADS ? to : to + run_of(line_end, to);
  }
  u32 blanks = run_of(blank, place), to = place + blanks;
  if (to >= 63 || (beyond >> to & 1)) return 64;
  u64 lines = pattern & SPACE_LEADS ? 0 : line_end >> place & ((1ull << blanks) - 1);
  if (lines != 0) return place + 64 - __builtin_clzll(lines);
  return blanks > 1 ? to - 1 : to;
}
