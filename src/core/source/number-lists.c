/*
 * Lists of numbers or booleans in the bytes of JSON text, and the ends of lines, for number-lists.ts, which says what each
 * function is asked.
 * It puts a record into this module's memory with zero bytes behind it, which end every loop below.
 *
 * scripts/wasm.mjs builds this file and writes the module's bytes into number-lists.built.ts.
 */
#include <wasm_simd128.h>

typedef unsigned char byte;
typedef unsigned int u32;
typedef unsigned long long u64;

/* Of the list last read: 1 booleans, 2 integers of at most 9 digits without negative zero, 3 any numbers; 0 none of these. */
enum { NONE, BOOLEANS, INTEGERS, NUMBERS };

/*
 * Powers of ten up to 10^44, each the exact sum of two doubles, `high` being two halves of 26 bits; and 10^-n, rounded.
 * number-lists.ts fills them in.
 */
typedef struct { double high, low, upper, lower, inverse; } power;
static power powers[45];
__attribute__((export_name("powers"))) power *powers_at(void) { return powers; }

extern byte __heap_base;
__attribute__((export_name("room"))) byte *room(void) { return &__heap_base; }

static u32 hard;
__attribute__((export_name("hard"))) u32 hard_entries(void) { return hard; }

static u32 commas;
__attribute__((export_name("commas"))) u32 commas_passed(void) { return commas; }

/* The next bracket of either side, a byte that differs from one in bits 2 and 4, or zero; counts the commas before it. */
__attribute__((export_name("closing"))) const byte *closing(const byte *p) {
  const v128_t bracket = wasm_i8x16_splat(0x5f), bits = wasm_i8x16_splat(6), comma = wasm_i8x16_splat(','), zero = wasm_i8x16_splat(0);
  commas = 0;
  for (;; p += 16) {
    v128_t block = wasm_v128_load(p);
    u32 separators = wasm_i8x16_bitmask(wasm_i8x16_eq(block, comma));
    v128_t stop = wasm_v128_or(wasm_i8x16_eq(wasm_v128_or(block, bits), bracket), wasm_i8x16_eq(block, zero));
    u32 stops = wasm_i8x16_bitmask(stop);
    if (stops == 0) {
      commas += __builtin_popcount(separators);
      continue;
    }
    u32 at = __builtin_ctz(stops);
    commas += __builtin_popcount(separators & ((1u << at) - 1));
    return p + at;
  }
}

/* The next line feed from p on, or end, before which there are no others; up to 15 bytes behind it are read. */
__attribute__((export_name("lineEnd"))) const byte *line_end(const byte *p, const byte *end) {
  const v128_t feed = wasm_i8x16_splat('\n');
  for (; p < end; p += 16) {
    v128_t found = wasm_i8x16_eq(wasm_v128_load(p), feed);
    if (!wasm_v128_any_true(found)) continue;
    p += __builtin_ctz(wasm_i8x16_bitmask(found));
    return p < end ? p : end;
  }
  return end;
}

static inline int is_blank(byte c) { return c <= ' ' && (c == ' ' || c == '\n' || c == '\r' || c == '\t'); }
static inline int is_digit(byte c) { return (byte)(c - '0') <= 9; }

/* Eight bytes, each digit as its value; the first of them is the lowest. */
static inline u64 load(const byte *p) {
  u64 word;
  __builtin_memcpy(&word, p, 8);
  return word ^ 0x3030303030303030ull;
}

/* How many of the first bytes of such a word are digits. */
static inline u64 others_in(u64 word) { return ((word + 0x7676767676767676ull) | word) & 0x8080808080808080ull; }
static inline u32 digits_in(u64 word) {
  u64 others = others_in(word);
  return others == 0 ? 8 : (u32)__builtin_ctzll(others) >> 3;
}

/* What the first `count` digits of such a word spell. */
static inline u64 spelled(u64 word, u32 count) {
  word = (word << (4 * (8 - count))) << (4 * (8 - count));
  word = word * 10 + (word >> 8);
  u64 upper = (word & 0x000000ff000000ffull) * 0x000f424000000064ull;
  u64 lower = ((word >> 16) & 0x000000ff000000ffull) * 0x0000271000000001ull;
  return (upper + lower) >> 32;
}

static const u32 tens[9] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};

/*
 * The double nearest to digits * 10^-scale, digits below 10^18 and scale at most 44; NaN where this way cannot tell it.
 *
 * Two doubles hold the digits exactly, and two the power of ten. A quotient that is right but for a few units in its last
 * place is corrected by the remainder that it leaves. The remainder is that of Dekker (1971), "A floating-point technique for
 * extending the available precision"; its error is below 2^-100 of the quotient. Unless the sum lies that close to the
 * middle between two doubles, it rounds correctly.
 */
static inline double scaled(u64 digits, u32 scale) {
  const power *p = &powers[scale];
  double sum = (double)(long long)digits;
  double rest = (double)((long long)digits - (long long)sum);
  double quotient = sum * p->inverse;
  double product = quotient * p->high;
  double spread = 134217729.0 * quotient;
  double upper = spread - (spread - quotient), lower = quotient - upper;
  double missed = ((upper * p->upper - product) + upper * p->lower + lower * p->upper) + lower * p->lower;
  double correction = (((sum - product) - missed) + rest - quotient * p->low) * p->inverse;
  double margin = quotient * 0x1p-90;
  double value = quotient + (correction + margin);
  return value == quotient + (correction - margin) ? value : __builtin_nan("");
}

/* A number as JSON has it between p and end, in full generality. Returns 0 where it is none or an integer of 16 digits or more. */
static int any_number(const byte *p, const byte *end, double *out) {
  int negative = *p == '-';
  p += negative;
  u64 digits = 0;
  int scale = 0, many = 0;
  const byte *start = p;
  for (; is_digit(*p); p++) {
    if (digits >= 100000000000000000ull) many = 1;
    else digits = digits * 10 + (*p - '0');
  }
  if (p == start || p - start > 15 || (*start == '0' && p - start > 1)) return 0;
  if (*p == '.') {
    start = ++p;
    for (; is_digit(*p); p++) {
      if (digits >= 100000000000000000ull) many = 1;
      else digits = digits * 10 + (*p - '0');
    }
    if (p == start) return 0;
    scale = (int)(start - p);
  }
  if ((*p | 32) == 'e') {
    p++;
    int down = *p == '-';
    if (down || *p == '+') p++;
    int exponent = 0;
    start = p;
    for (; is_digit(*p); p++) if (exponent < 100000) exponent = exponent * 10 + (*p - '0');
    if (p == start || p - start > 15) return 0;
    scale += down ? -exponent : exponent;
  }
  if (p != end) return 0;
  double value = digits == 0 ? 0 : many || scale > 0 || scale < -44 ? __builtin_nan("") : scaled(digits, (u32)-scale);
  hard += value != value;
  *out = negative ? -value : value;
  return 1;
}

/* 10^18 / 10^n: what may be multiplied by 10^n and stay below 10^18. */
static const u64 room_for[9] = {
  1000000000000000000ull, 100000000000000000ull, 10000000000000000ull, 1000000000000000ull, 100000000000000ull,
  10000000000000ull, 1000000000000ull, 100000000000ull, 10000000000ull,
};

/* The first `count` bytes of a word. */
static inline u64 first_bytes(u32 count) { return ~((~0ull << (4 * count)) << (4 * count)); }

/* One entry, in one of the two shapes that nearly all have: up to 9 digits, or up to 8, a point and up to 24 more. */
static inline int entry(const byte *p, const byte *end, double *out, u32 *whole, int keep) {
  int negative = *p == '-';
  const byte *start = p + negative;
  u64 word = load(start);
  u32 count = digits_in(word);
  if (count == 0 || (*start == '0' && count > 1)) return 0;
  u64 digits = spelled(word, count);
  if (start + count == end) {
    if (negative && digits == 0) *whole = 0;
    *out = negative ? -(double)(long long)digits : (double)(long long)digits;
    return 1;
  }
  if (count == 8 && start + 9 == end && is_digit(start[8])) {
    digits = digits * 10 + (start[8] - '0');
    *out = negative ? -(double)(long long)digits : (double)(long long)digits;
    return 1;
  }
  *whole = 0;
  const byte *fraction = start + count + 1;
  u32 length = (u32)(end - fraction);
  if (start[count] != '.' || length - 1 >= 24) return any_number(p, end, out);
  // No branch below depends on how many digits there are, which no processor could foresee.
  u32 n1 = length < 8 ? length : 8, n2 = length < 8 ? 0 : length < 16 ? length - 8 : 8, n3 = length < 16 ? 0 : length - 16;
  u64 first = load(fraction), second = load(fraction + 8), third = load(fraction + 16);
  u64 others = (others_in(first) & first_bytes(n1)) | (others_in(second) & first_bytes(n2)) | (others_in(third) & first_bytes(n3));
  if (others != 0) return any_number(p, end, out);
  if (!keep) return 1;
  digits = digits * tens[n1] + spelled(first, n1);
  if (digits >= room_for[n2]) return any_number(p, end, out);
  digits = digits * tens[n2] + spelled(second, n2);
  if (digits >= room_for[n3]) return any_number(p, end, out);
  digits = digits * tens[n3] + spelled(third, n3);
  double value = scaled(digits, length);
  hard += value != value;
  *out = negative ? -value : value;
  return 1;
}

/* Whether 1 to 24 bytes are the same in both places. */
static inline int is_same(const byte *p, const byte *q, u32 length) {
  u64 a, b, c, d;
  __builtin_memcpy(&a, p, 8);
  __builtin_memcpy(&b, q, 8);
  if (length <= 8) return ((a ^ b) & first_bytes(length)) == 0;
  __builtin_memcpy(&c, p + length - 8, 8);
  __builtin_memcpy(&d, q + length - 8, 8);
  if (a != b || c != d) return 0;
  if (length <= 16) return 1;
  __builtin_memcpy(&a, p + 8, 8);
  __builtin_memcpy(&b, q + 8, 8);
  return a == b;
}

/* How many more times the `period` bytes before `p`, an entry with its comma, stand there again before end; at most 32. */
static inline u32 repeats(const byte *p, const byte *end, u32 period) {
  const byte *q = p - period;
  u32 other = ~(u32)(wasm_i8x16_bitmask(wasm_i8x16_eq(wasm_v128_load(p), wasm_v128_load(q)))
    | (u32)wasm_i8x16_bitmask(wasm_i8x16_eq(wasm_v128_load(p + 16), wasm_v128_load(q + 16))) << 16);
  u32 same = other == 0 ? 32 : (u32)__builtin_ctz(other);
  if (same > (u32)(end - p)) same = (u32)(end - p);
  return same < period ? 0 : same < 2 * period ? 1 : same / period;
}

static inline u32 numbers(const byte *p, const byte *end, double *out, int keep) {
  const v128_t comma = wasm_i8x16_splat(',');
  const byte *last_start = 0;
  u32 last_length = 0;
  u32 whole = 1;
  hard = 0;
  for (const byte *block = p;; block += 16) {
    u32 separators = wasm_i8x16_bitmask(wasm_i8x16_eq(wasm_v128_load(block), comma));
    int last = block + 16 > end;
    if (last) separators = (separators & ((1u << (end - block)) - 1)) | 1u << (end - block);
    // Where one entry ends does not depend on how the one before was read, so that their work overlaps.
    for (; separators != 0; separators &= separators - 1) {
      const byte *stop = block + __builtin_ctz(separators);
      const byte *behind = stop;
      const byte *gap = p;
      while (is_blank(*p)) p++;
      while (behind > p && is_blank(behind[-1])) behind--;
      u32 length = (u32)(behind - p);
      // Values that hold for a whole rollout stand at each of its tokens, and so do fillers.
      if (keep && length == last_length && length - 1 < 24 && is_same(p, last_start, length) && out[-1] == out[-1]) {
        double value = out[-1];
        *out++ = value;
        last_start = p;
        p = stop + 1;
        u32 period = (u32)(p - gap);
        u32 count = stop == end || period > 32 ? 0 : repeats(p, end, period);
        if (count == 0) continue;
        do {
          for (u32 n = 0; n < count; n++) *out++ = value;
          p += count * period;
        } while ((count = repeats(p, end, period)) != 0);
        last_start += p - (stop + 1);
        block = p - 16;
        last = 0;
        break;
      }
      if (!entry(p, behind, out, &whole, keep)) return NONE;
      last_start = p;
      last_length = length;
      out += keep;
      p = stop + 1;
    }
    if (last) return whole ? INTEGERS : NUMBERS;
  }
}

/* Entries between p and the closing bracket at end, as doubles; NaN for `hard` ones, which need a reader of any number. */
__attribute__((export_name("readNumbers"))) u32 read_numbers(const byte *p, const byte *end, double *out) { return numbers(p, end, out, 1); }

/* The same without keeping them; `room` is for one. */
__attribute__((export_name("checkNumbers"))) u32 check_numbers(const byte *p, const byte *end, double *one) { return numbers(p, end, one, 0); }

/* Entries as 0 and 1. */
__attribute__((export_name("readBooleans"))) u32 read_booleans(const byte *p, const byte *end, byte *out) {
  for (;;) {
    while (is_blank(*p)) p++;
    u32 word;
    __builtin_memcpy(&word, p, 4);
    int is_true = word == 0x65757274; /* "true" */
    if (!is_true && (word != 0x736c6166 || p[4] != 'e')) return NONE; /* "false" */
    *out++ = is_true;
    p += 5 - is_true;
    while (is_blank(*p)) p++;
    if (p == end) return BOOLEANS;
    if (*p++ != ',') return NONE;
  }
}

/* Doubles that are integers, as such. In and out may be one place. */
__attribute__((export_name("narrow"))) void narrow(const double *values, int *out, u32 count) {
  for (u32 n = 0; n < count; n++) out[n] = (int)values[n];
}
