/*
 * Splits UTF-8 text by o200k_base's pattern, or one of splits.h, and encodes each piece by byte pairs, the lowest-ranked pair
 * first: ranked by the token that it makes, or by a list of pairs (listed-merges.h). Compiled to WebAssembly by `node scripts/wasm.mjs`; `instantiate.ts` says what each export is for.
 * Nothing is freed: what grows is laid out again behind what was there.
 */
#include <wasm_simd128.h>

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;

#define EXPORT(name) __attribute__((export_name(#name))) name
#define PAGE 65536u
#define NONE 0xffffffffu

/* What the pattern tells apart; 0 is a page of characters that the caller has not classified yet. */
enum { UNKNOWN, UPPER, LOWER, OTHER_LETTER, COMBINING, NUMBER, BLANK, LINE_END, SYMBOL };
/* What `encode` stopped for. */
enum { DONE, NEEDS_CLASSES, LONG_PIECE };

/* Pieces up to this many bytes are merged here; a longer one would take quadratic time. */
#define MERGED_HERE 256u
/* Pieces of at most 16 bytes and 3 tokens, and of at most 64 bytes and 15 tokens, that were met last. */
#define SHORT_BITS 16
#define MEDIUM_BITS 13
#define MEDIUM_BYTES 64u
#define MEDIUM_IDS 15u

typedef struct { v128_t bytes; u32 size, ids[3]; } Short;
typedef struct { u8 bytes[MEDIUM_BYTES]; u32 size, ids[MEDIUM_IDS]; } Medium;

extern u8 __heap_base;
static u32 heap;

/* code point -> class */
static u8 classes[0x110000];
/* first byte << 8 | second byte -> id */
static u32 of_two[65536];
static u32 of_one[256];
static Short shorts[1 << SHORT_BITS] __attribute__((aligned(64)));
static Medium mediums[1 << MEDIUM_BITS];
/* size -> that many bytes of ones, then zeros */
static u8 keep[17][16] __attribute__((aligned(16)));
/* of the merge: where each part begins, and the rank of each part with the next one */
static u32 starts[MERGED_HERE + 2], ranks[MERGED_HERE + 2];

/* The vocabulary: bytes one after another, first byte of each word, and slots of (hash, id + 1), 0 = free. */
static u8 *words;
static u32 *word_start, *slots;
static u32 word_count, slot_mask, longest_word;

/* The text, eight zero bytes or more behind it, and the ids written so far. */
static u8 *text;
static u32 *ids;
static u32 room, end;
/* What the caller reads without a call, which would cost more than the reading. */
static struct { u32 count, at, piece_end, wanted_page; } now;
/* The piece depends on what comes behind the text so far. */
static u32 touched;
/* The split pattern, in bits of splits.h; 0 = o200k_base's. */
static u32 pattern;

static void *allocate(u32 bytes) {
  if (heap == 0) heap = (u32)&__heap_base;
  u32 start = (heap + 63) & ~63u;
  heap = start + bytes;
  u32 have = __builtin_wasm_memory_size(0);
  u32 need = (heap + PAGE - 1) / PAGE;
  if (need > have && __builtin_wasm_memory_grow(0, need - have) == (unsigned long)-1) __builtin_trap();
  return (void *)start;
}

static inline u64 load64(const u8 *from) { return *(const u64 *)from; }
/* The lowest `bytes` bytes, 1 to 8. */
static inline u64 lowest(u64 word, u32 bytes) { return word & (~0ull >> (64 - 8 * bytes)); }

static inline u64 mix(u64 low, u64 high, u32 size) {
  u64 hash = (low ^ size) * 0x9e3779b97f4a7c15ull;
  hash = (hash ^ (hash >> 32) ^ high) * 0xd6e8feb86659fd93ull;
  return hash ^ (hash >> 32);
}

/* Hash of a piece that eight readable bytes follow. */
static inline u64 hash_of(const u8 *from, u32 size) {
  u64 hash = size;
  u32 i = 0;
  for (; i + 8 < size; i += 8) hash = mix(hash, load64(from + i), 0);
  return mix(hash, lowest(load64(from + i), size - i), size);
}

static inline u32 same(const u8 *a, const u8 *b, u32 size) {
  u32 i = 0;
  for (; i + 8 < size; i += 8) if (load64(a + i) != load64(b + i)) return 0;
  return lowest(load64(a + i) ^ load64(b + i), size - i) == 0;
}

/* Id of the word equal to the piece, or NONE. */
static u32 find(const u8 *from, u32 size) {
  if (size > longest_word) return NONE;
  u64 hash = hash_of(from, size);
  u32 tag = (u32)(hash >> 32);
  for (u32 slot = (u32)hash & slot_mask;; slot = (slot + 1) & slot_mask) {
    u32 id = slots[2 * slot + 1];
    if (id == 0) return NONE;
    if (slots[2 * slot] != tag) continue;
    u32 start = word_start[--id];
    if (word_start[id + 1] - start == size && same(words + start, from, size)) return id;
  }
}

void EXPORT(makeVocabulary)(u32 number, u32 bytes) {
  word_count = number;
  words = allocate(bytes + 8);
  word_start = allocate(4 * (number + 1));
  u32 size = 1;
  while (size < number + number / 2) size *= 2;
  slot_mask = size - 1;
  slots = allocate(8 * size);
}
u8 *EXPORT(wordBytes)(void) { return words; }
u32 *EXPORT(wordStarts)(void) { return word_start; }
u8 *EXPORT(characterClasses)(void) { return classes; }

void EXPORT(indexVocabulary)(void) {
  for (u32 i = 0; i < 65536; i++) of_two[i] = NONE;
  for (u32 i = 0; i < 256; i++) of_one[i] = NONE;
  for (u32 size = 0; size <= 16; size++) for (u32 i = 0; i < size; i++) keep[size][i] = 0xff;
  for (u32 id = 0; id < word_count; id++) {
    const u8 *word = words + word_start[id];
    u32 size = word_start[id + 1] - word_start[id];
    if (size == 0) continue;
    if (size > longest_word) longest_word = size;
    if (size == 1) of_one[word[0]] = id;
    if (size == 2) of_two[word[0] << 8 | word[1]] = id;
    u64 hash = hash_of(word, size);
    u32 slot = (u32)hash & slot_mask;
    while (slots[2 * slot + 1] != 0) slot = (slot + 1) & slot_mask;
    slots[2 * slot] = (u32)(hash >> 32);
    slots[2 * slot + 1] = id + 1;
  }
}

static inline u32 rank(const u8 *from, u32 size) {
  return size == 2 ? of_two[from[0] << 8 | from[1]] : find(from, size);
}

/* ---- Where a piece ends ---- */

/* Class of the character at `i`, and its bytes; beyond the text it is the zero byte's, a symbol. */
static inline u32 kind(u32 i, u32 *size) {
  u32 first = text[i];
  if (first < 0x80) {
    *size = 1;
    return classes[first];
  }
  u32 code;
  if (first < 0xe0) {
    *size = 2;
    code = (first & 0x1f) << 6 | (text[i + 1] & 0x3f);
  } else if (first < 0xf0) {
    *size = 3;
    code = (first & 0x0f) << 12 | (text[i + 1] & 0x3f) << 6 | (text[i + 2] & 0x3f);
  } else {
    *size = 4;
    code = (first & 0x07) << 18 | (text[i + 1] & 0x3f) << 12 | (text[i + 2] & 0x3f) << 6 | (text[i + 3] & 0x3f);
  }
  u32 found = classes[code];
  if (found == UNKNOWN) now.wanted_page = code >> 8;
  return found;
}

/* `'s 'd 'm 't 'll 've 're` in either case behind a word. */
static inline u32 contraction(u32 i) {
  if (text[i] != '\'') {
    touched |= i >= end;
    return i;
  }
  touched |= i + 2 >= end;
  u32 one = text[i + 1] | 32, two = text[i + 2] | 32;
  if (one == 's' || one == 'd' || one == 'm' || one == 't') return i + 2;
  if ((one == 'l' && two == 'l') || (one == 'v' && two == 'e') || (one == 'r' && two == 'e')) return i + 3;
  return i;
}

/*
 * The pattern's first two branches without the character that may lead them: capitals, then small letters, where other
 * letters and combining marks are both. Without small letters the match ends behind the last character that is both,
 * and where there is none either, behind the capitals (only if `capitals`). 0 = no match.
 */
static u32 word_end(u32 i, u32 capitals) {
  u32 first = i, both = 0, size, class;
  for (;;) {
    while (classes[text[i]] == UPPER && text[i] < 0x80) i++;
    if (text[i] < 0x80) break;
    class = kind(i, &size);
    if (class != UPPER && class != OTHER_LETTER && class != COMBINING) break;
    i += size;
    if (class != UPPER) both = i;
  }
  u32 small = i;
  for (;;) {
    while (classes[text[i]] == LOWER && text[i] < 0x80) i++;
    if (text[i] < 0x80) break;
    class = kind(i, &size);
    if (class != LOWER && class != OTHER_LETTER && class != COMBINING) break;
    i += size;
  }
  touched |= i >= end;
  if (i > small) return contraction(i);
  if (both != 0) return contraction(both);
  return i > first && capitals ? contraction(i) : 0;
}

static u32 number_end(u32 i) {
  u32 size;
  for (u32 digits = 0; digits < 3 && kind(i, &size) == NUMBER; digits++) i += size;
  touched |= i >= end;
  return i;
}

/* Symbols, then line ends and slashes. */
static u32 symbols_end(u32 i) {
  u32 size, class;
  while (i < end && ((class = kind(i, &size)) == SYMBOL || class == COMBINING)) i += size;
  while (text[i] == '\n' || text[i] == '\r' || text[i] == '/') i++;
  touched |= i >= end;
  return i;
}

/* Blanks up to the last line end among them; without one, all but the last blank, which goes with what follows. */
static u32 blanks_end(u32 i) {
  u32 first = i, last = i, after_line = 0, size, class;
  for (;; i += size) {
    class = kind(i, &size);
    if (class == LINE_END) after_line = i + 1;
    else if (class != BLANK) break;
    last = i;
  }
  touched |= i >= end;
  if (after_line != 0) return after_line;
  return i >= end || last == first ? i : last;
}

static u32 piece_from(u32 i) {
  u32 size, next, class = kind(i, &size), found;
  if (class <= OTHER_LETTER) return word_end(i, 1);
  if (class == NUMBER) return number_end(i);
  if (class == LINE_END) return blanks_end(i);
  /* Anything else may lead a word. */
  touched |= i + size >= end;
  if (class == COMBINING) {
    found = word_end(i + size, 0);
    return found != 0 ? found : word_end(i, 1);
  }
  found = word_end(i + size, 1);
  if (found != 0) return found;
  if (class == SYMBOL) return symbols_end(i);
  if (text[i] == ' ' && i + 1 < end && kind(i + 1, &next) == SYMBOL) return symbols_end(i + 1);
  return blanks_end(i);
}

/* ---- The same for ASCII, 64 characters at a time ---- */

/* Bit i: the character at `block` + i is of that class. */
static u64 upper, lower, digit, blank, line_end, symbol, slash, quote, beyond;
static u32 block;

static inline u64 bits(v128_t a, v128_t b, v128_t c, v128_t d) {
  return (u64)wasm_i8x16_bitmask(a) | (u64)wasm_i8x16_bitmask(b) << 16 | (u64)wasm_i8x16_bitmask(c) << 32 | (u64)wasm_i8x16_bitmask(d) << 48;
}
#define BITS(test) bits(test(a), test(b), test(c), test(d))
#define WITHIN(v, first, number) wasm_u8x16_lt(wasm_i8x16_sub(v, wasm_i8x16_splat(first)), wasm_i8x16_splat(number))
#define IS(v, byte) wasm_i8x16_eq(v, wasm_i8x16_splat(byte))
#define IS_UPPER(v) WITHIN(v, 'A', 26)
#define IS_LOWER(v) WITHIN(v, 'a', 26)
#define IS_DIGIT(v) WITHIN(v, '0', 10)
#define IS_CONTROL_BLANK(v) WITHIN(v, 9, 5)
#define IS_SPACE(v) IS(v, ' ')
#define IS_FEED(v) IS(v, '\n')
#define IS_RETURN(v) IS(v, '\r')
#define IS_SLASH(v) IS(v, '/')
#define IS_QUOTE(v) IS(v, '\'')
#define ITSELF(v) (v)

static void look_at(u32 place) {
  const u8 *from = text + place;
  v128_t a = wasm_v128_load(from), b = wasm_v128_load(from + 16), c = wasm_v128_load(from + 32), d = wasm_v128_load(from + 48);
  block = place;
  upper = BITS(IS_UPPER);
  lower = BITS(IS_LOWER);
  digit = BITS(IS_DIGIT);
  line_end = BITS(IS_FEED) | BITS(IS_RETURN);
  blank = BITS(IS_SPACE) | BITS(IS_CONTROL_BLANK);
  slash = BITS(IS_SLASH);
  quote = BITS(IS_QUOTE);
  beyond = BITS(ITSELF);
  symbol = ~(upper | lower | digit | blank | beyond);
}

/* Bits of `set` from `place` on that are set without a gap. */
static inline u32 run_of(u64 set, u32 place) { return __builtin_ctzll(~(set >> place) | 1ull << 63); }

/* End of the piece at `block` + `place`, from the block; 64 or more where the block does not tell. */
static inline u32 piece_in_block(u32 place) {
  u32 first = place + ((((blank & ~line_end) | symbol) >> place) & 1);
  if (first >= 63) return 64;
  u32 capitals = first + run_of(upper, first);
  if (capitals >= 63) return 64;
  u32 word = capitals + run_of(lower, capitals);
  if (word > first) return word >= 63 || ((beyond | quote) >> word & 1) ? 64 : word;
  if (beyond >> first & 1) return 64;
  if (digit >> place & 1) {
    u32 digits = run_of(digit, place);
    if (digits >= 3) return place + 3;
    return place + digits >= 63 || (beyond >> (place + digits) & 1) ? 64 : place + digits;
  }
  u32 from = place + (text[block + place] == ' ');
  if (symbol >> from & 1) {
    u32 to = from + run_of(symbol, from);
    if (to >= 63 || (beyond >> to & 1)) return 64;
    return to + run_of(line_end | slash, to);
  }
  u32 blanks = run_of(blank, place), to = place + blanks;
  if (to >= 63 || (beyond >> to & 1)) return 64;
  u64 lines = line_end >> place & ((1ull << blanks) - 1);
  if (lines != 0) return place + 64 - __builtin_clzll(lines);
  return blanks > 1 ? to - 1 : to;
}

#include "splits.h"

/* The pattern that texts are split by from now on. */
void EXPORT(splitBy)(u32 bits) { pattern = bits; }

/* ---- Ids of a piece ---- */

#include "listed-merges.h"

/* Writes the ids of a piece that is no word; at most MERGED_HERE bytes. */
static void merge(const u8 *piece, u32 size) {
  u32 parts = size;
  for (u32 i = 0; i <= parts; i++) starts[i] = i;
  for (u32 i = 0; i + 1 < parts; i++) ranks[i] = of_two[piece[i] << 8 | piece[i + 1]];
  ranks[parts - 1] = NONE;
  for (;;) {
    u32 lowest_rank = NONE, place = 0;
    for (u32 i = 0; i + 1 < parts; i++) {
      if (ranks[i] < lowest_rank) {
        lowest_rank = ranks[i];
        place = i;
      }
    }
    if (lowest_rank == NONE) break;
    parts--;
    for (u32 i = place + 1; i < parts; i++) {
      starts[i] = starts[i + 1];
      ranks[i] = ranks[i + 1];
    }
    starts[parts] = size;
    ranks[parts - 1] = NONE;
    if (place + 1 < parts) ranks[place] = rank(piece + starts[place], starts[place + 2] - starts[place]);
    if (place > 0) ranks[place - 1] = rank(piece + starts[place - 1], starts[place + 1] - starts[place - 1]);
  }
  for (u32 i = 0; i < parts; i++) {
    u32 length = starts[i + 1] - starts[i];
    ids[now.count++] = length == 1 ? of_one[piece[starts[i]]] : rank(piece + starts[i], length);
  }
}

/* Ids of a piece met for the first time, or again after it was forgotten. */
static void write_new(const u8 *piece, u32 size) {
  u32 id = pair_slots == 0 || whole_words ? find(piece, size) : NONE;
  if (id != NONE) ids[now.count++] = id;
  else if (pair_slots == 0) merge(piece, size);
  else merge_listed(piece, size);
}

static inline void write_short(const u8 *piece, u32 size) {
  v128_t bytes = wasm_v128_and(wasm_v128_load(piece), wasm_v128_load(keep[size]));
  Short *entry = &shorts[mix(wasm_i64x2_extract_lane(bytes, 0), wasm_i64x2_extract_lane(bytes, 1), size) >> (64 - SHORT_BITS)];
  if ((entry->size & 255) == size && wasm_i8x16_all_true(wasm_i8x16_eq(entry->bytes, bytes))) {
    for (u32 i = 0; i < 3; i++) ids[now.count + i] = entry->ids[i];
    now.count += entry->size >> 8;
    return;
  }
  u32 before = now.count;
  write_new(piece, size);
  u32 number = now.count - before;
  if (number > 3) return;
  entry->bytes = bytes;
  entry->size = size | number << 8;
  for (u32 i = 0; i < 3; i++) entry->ids[i] = ids[before + i];
}

static void write_medium(const u8 *piece, u32 size) {
  Medium *entry = &mediums[hash_of(piece, size) >> (64 - MEDIUM_BITS)];
  u32 number = entry->size >> 8;
  if ((entry->size & 255) == size && same(entry->bytes, piece, size)) {
    for (u32 i = 0; i < number; i++) ids[now.count++] = entry->ids[i];
    return;
  }
  u32 before = now.count;
  write_new(piece, size);
  number = now.count - before;
  if (number > MEDIUM_IDS) return;
  entry->size = size | number << 8;
  for (u32 i = 0; i < size; i++) entry->bytes[i] = piece[i];
  for (u32 i = 0; i < number; i++) entry->ids[i] = ids[before + i];
}

/* ---- What the caller sees of a text ---- */

/* Room for `bytes` of text and as many ids; what was in the text stays. */
u8 *EXPORT(reserve)(u32 bytes) {
  if (bytes <= room) return text;
  u8 *larger = allocate(bytes + 16);
  for (u32 i = 0; i < room; i++) larger[i] = text[i];
  text = larger;
  ids = allocate(4 * bytes + 64);
  room = bytes;
  return text;
}
u32 *EXPORT(idsWritten)(void) { return ids; }
void *EXPORT(state)(void) { return &now; }

/* Goes on behind the long piece, of which the caller has written `number` ids behind those that were there. */
void EXPORT(writtenByCaller)(u32 number) {
  now.count += number;
  now.at = now.piece_end;
}

/* Rank of `text[from .. to)`, or NONE. */
u32 EXPORT(rankOf)(u32 from, u32 to) {
  return to - from == 1 ? of_one[text[from]] : rank(text + from, to - from);
}

static inline void write(u32 from, u32 size) {
  if (size <= 16) write_short(text + from, size);
  else if (size <= MEDIUM_BYTES) write_medium(text + from, size);
  else write_new(text + from, size);
}

/* Writes the ids of piece after piece while 64 bytes of text are to come and they are plain. */
static inline void encode_plain(u32 (*in_block)(u32)) {
  u32 place = 64;
  for (;;) {
    u32 to = place < 48 ? in_block(place) : 64;
    if (to >= 64) {
      if (now.at + 64 > end) return;
      look_at(now.at);
      place = 0;
      to = in_block(0);
      if (to >= 64) return;
    }
    write(now.at, to - place);
    now.at = block + to;
    place = to;
  }
}

/* Writes the ids of piece after piece. Unless `whole`, stops before a piece that more text could change. */
u32 EXPORT(goOn)(u32 whole) {
  for (;;) {
    if (pattern == 0) encode_plain(piece_in_block);
    else encode_plain(listed_in_block);
    if (now.at >= end) return DONE;
    touched = 0;
    now.wanted_page = NONE;
    u32 to = pattern == 0 ? piece_from(now.at) : listed_piece_from(now.at);
    if (now.wanted_page != NONE) return NEEDS_CLASSES;
    if (touched && !whole) return DONE;
    if (to - now.at > MERGED_HERE) {
      now.piece_end = to;
      return LONG_PIECE;
    }
    write(now.at, to - now.at);
    now.at = to;
  }
}

/* Begins with the text's first `bytes` bytes. */
u32 EXPORT(encode)(u32 bytes, u32 whole) {
  now.at = 0;
  now.count = 0;
  end = bytes;
  for (u32 i = 0; i < 16; i++) text[bytes + i] = 0;
  return goOn(whole);
}
