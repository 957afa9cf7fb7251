/*
 * The objects in the lists of a record, each known by a number that equal bytes have in common, for listed-objects.ts,
 * which says what each function is asked. It puts a record into this module's memory with zero bytes behind it.
 *
 * scripts/wasm.mjs builds this file and writes the module's bytes into listed-objects.built.ts.
 */
#include <wasm_simd128.h>

typedef unsigned char byte;
typedef unsigned int u32;
typedef unsigned long long u64;

#define EXPORT(name) __attribute__((export_name(#name))) name
#define NONE 0xffffffffu

/* Of a generation: bytes, objects, and slots of (hash, object + 1), 0 = free. listed-objects.ts knows the first two. */
#define GENERATION_BYTES (3u << 20)
#define ENTRIES (1u << 15)
#define SLOTS (2 * ENTRIES)
/* Of a record. */
#define ITEMS (1u << 14)
#define LISTS 64u
#define LEVELS 100u

typedef struct { u32 hash, entry; } Slot;
typedef struct { u32 start, size; } Place;
typedef struct { u32 used, count; Slot slots[SLOTS]; Place places[ENTRIES]; byte bytes[GENERATION_BYTES + 64]; } Generation;
static Generation generations[2];

/* An object: its bytes in the record, its number, and the number it had until now or NONE where it is new. */
static struct { u32 start, end, number, was; } items[ITEMS];
/* A list: where its bracket stands, and how many objects it has. */
static struct { u32 at, count; } lists[LISTS];
static struct { u32 items, lists, commas, young, outline; } found;

extern byte __heap_base;
byte *EXPORT(room)(void) { return &__heap_base; }
void *EXPORT(itemsFound)(void) { return items; }
void *EXPORT(listsFound)(void) { return lists; }
void *EXPORT(state)(void) { return &found; }

static inline u64 load64(const byte *from) { return *(const u64 *)from; }

static inline u64 bits(v128_t a, v128_t b, v128_t c, v128_t d) {
  return (u64)wasm_i8x16_bitmask(a) | (u64)wasm_i8x16_bitmask(b) << 16 | (u64)wasm_i8x16_bitmask(c) << 32 | (u64)wasm_i8x16_bitmask(d) << 48;
}
#define IS(v, sign) wasm_i8x16_eq(v, wasm_i8x16_splat(sign))
/* Either kind of bracket: they differ in one bit. */
#define IS_BRACKET(v, sign) IS(wasm_v128_or(v, wasm_i8x16_splat(0x20)), sign)
#define BITS(test, sign) bits(test(a, sign), test(b, sign), test(c, sign), test(d, sign))

/* Finds the objects that are entries of lists that are members of the record, and counts the commas between its members. */
static u32 scan(const byte *record, u32 size) {
  u64 escape_next = 0, in_string = 0;
  u32 depth = 0, list = NONE, start = 0, ended = 0;
  found.items = found.lists = found.commas = 0;
  for (u32 base = 0; base < size; base += 64) {
    const byte *from = record + base;
    v128_t a = wasm_v128_load(from), b = wasm_v128_load(from + 16), c = wasm_v128_load(from + 32), d = wasm_v128_load(from + 48);
    u64 quotes = BITS(IS, '"'), slashes = BITS(IS, '\\');
    if (slashes | escape_next) {
      /* A backslash that is none itself escapes what comes behind it: in a run of them, every other one. */
      const u64 even = 0x5555555555555555ull;
      slashes &= ~escape_next;
      u64 follows = slashes << 1 | escape_next, odd = slashes & ~even & ~follows, sum = odd + slashes;
      escape_next = sum < odd;
      quotes &= ~((even ^ sum << 1) & follows);
    }
    u64 inside = quotes;
    for (u32 shift = 1; shift < 64; shift *= 2) inside ^= inside << shift;
    inside ^= in_string;
    in_string = (u64)((long long)inside >> 63);
    u64 opening = BITS(IS_BRACKET, '{') & ~inside, brackets = opening | (BITS(IS_BRACKET, '}') & ~inside);
    u64 commas = depth == 1 || brackets ? BITS(IS, ',') & ~inside : 0;
    u64 left = ~0ull;
    for (; brackets; brackets &= brackets - 1) {
      u32 bit = __builtin_ctzll(brackets), at = base + bit;
      u64 upto = (1ull << bit) - 1;
      if (depth == 1) found.commas += __builtin_popcountll(commas & left & upto);
      left = ~upto;
      if (opening >> bit & 1) {
        u32 is_list = record[at] == '[';
        if (ended || (depth == 0 && is_list) || depth == LEVELS) return 0;
        if (depth == 1 && is_list) {
          if (found.lists == LISTS) return 0;
          list = found.lists++;
          lists[list].at = at;
          lists[list].count = 0;
        } else if (depth == 2 && list != NONE) {
          if (is_list) {
            /* A list of lists is left as it is. */
            found.items -= lists[list].count;
            found.lists--;
            list = NONE;
          } else start = at;
        }
        depth++;
      } else {
        if (depth == 0) return 0;
        depth--;
        if (depth == 2 && list != NONE) {
          if (found.items == ITEMS) return 0;
          items[found.items].start = start;
          items[found.items++].end = at + 1;
          lists[list].count++;
        } else if (depth == 1 && list != NONE) {
          if (lists[list].count == 0) found.lists--;
          list = NONE;
        } else if (depth == 0) ended = 1;
      }
    }
    if (depth == 1) found.commas += __builtin_popcountll(commas & left);
  }
  return ended && found.items > 0;
}

static inline u64 mix(u64 hash, u64 word) {
  hash = (hash ^ word) * 0x9e3779b97f4a7c15ull;
  return hash ^ hash >> 29;
}

/* Of bytes in four lanes, so that one multiplication need not wait for the other; what is behind the bytes does not count. */
static u32 hash_of(const byte *from, u32 size) {
  u64 a = size, b = 1, c = 2, d = 3;
  u32 i = 0;
  for (; i + 32 <= size; i += 32) {
    a = mix(a, load64(from + i));
    b = mix(b, load64(from + i + 8));
    c = mix(c, load64(from + i + 16));
    d = mix(d, load64(from + i + 24));
  }
  for (; i + 8 <= size; i += 8) a = mix(a, load64(from + i));
  if (i < size) a = mix(a, load64(from + i) & ~0ull >> (64 - 8 * (size - i)));
  a = mix(mix(mix(a, b), c), d);
  return (u32)(a >> 32) ^ (u32)a;
}

static u32 same(const byte *a, const byte *b, u32 size) {
  u32 i = 0;
  for (; i + 16 <= size; i += 16)
    if (!wasm_i8x16_all_true(wasm_i8x16_eq(wasm_v128_load(a + i), wasm_v128_load(b + i)))) return 0;
  for (; i < size; i++) if (a[i] != b[i]) return 0;
  return 1;
}

static u32 find(const Generation *g, u32 hash, const byte *from, u32 size) {
  for (u32 at = hash & (SLOTS - 1); g->slots[at].entry; at = (at + 1) & (SLOTS - 1)) {
    if (g->slots[at].hash != hash) continue;
    const Place *place = &g->places[g->slots[at].entry - 1];
    if (place->size == size && same(g->bytes + place->start, from, size)) return g->slots[at].entry - 1;
  }
  return NONE;
}

static u32 add(Generation *g, u32 hash, const byte *from, u32 size) {
  u32 entry = g->count++, at = hash & (SLOTS - 1);
  __builtin_memcpy(g->bytes + g->used, from, size);
  g->places[entry].start = g->used;
  g->places[entry].size = size;
  g->used += size;
  while (g->slots[at].entry) at = (at + 1) & (SLOTS - 1);
  g->slots[at].hash = hash;
  g->slots[at].entry = entry + 1;
  return entry;
}

/* The record with a zero in the place of each object, written to `out`; its bytes. */
static u32 outline(const byte *record, u32 size, byte *out) {
  u32 from = 0, length = 0;
  for (u32 i = 0; i <= found.items; i++) {
    u32 to = i < found.items ? items[i].start : size;
    __builtin_memcpy(out + length, record + from, to - from);
    length += to - from;
    if (i < found.items) out[length++] = '0', from = items[i].end;
  }
  return length;
}

/* Numbers the objects of the record of `size` bytes, at most GENERATION_BYTES; 0 = it has none, or is not for this. */
u32 EXPORT(look)(u32 size, byte *out) {
  const byte *record = &__heap_base;
  if (!scan(record, size)) return 0;
  Generation *young = &generations[found.young];
  if (young->used + size > GENERATION_BYTES || young->count + found.items > ENTRIES) {
    found.young ^= 1;
    young = &generations[found.young];
    young->used = young->count = 0;
    __builtin_memset(young->slots, 0, sizeof young->slots);
  }
  u32 mine = found.young * ENTRIES, other = (found.young ^ 1) * ENTRIES;
  for (u32 i = 0; i < found.items; i++) {
    const byte *from = record + items[i].start;
    u32 length = items[i].end - items[i].start, hash = hash_of(from, length), entry = find(young, hash, from, length);
    items[i].was = mine + entry;
    if (entry == NONE) {
      u32 old = find(&generations[found.young ^ 1], hash, from, length);
      items[i].was = old == NONE ? NONE : other + old;
      entry = add(young, hash, from, length);
    }
    items[i].number = mine + entry;
  }
  found.outline = outline(record, size, out);
  return 1;
}
