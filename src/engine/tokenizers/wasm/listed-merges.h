/*
 * Merging by a list of pairs, as tokenizer.json has it: which two tokens merge, and into which, is the list's to say, and the
 * earlier pair comes first. Included by byte-pairs.c.
 */

typedef struct { u32 left, right, order, made; } Pair;

/* Slots of pairs; `left` is the token + 1, 0 = free. Without a list `pair_slots` is 0. */
static Pair *pair_slots;
static u32 pair_mask, whole_words;
static u32 part_ids[MERGED_HERE + 2];

static inline u32 pair_hash(u32 left, u32 right) {
  u64 hash = ((u64)left << 32 | right) * 0x9e3779b97f4a7c15ull;
  return (u32)(hash >> 32);
}

static inline const Pair *pair_of(u32 left, u32 right) {
  for (u32 slot = pair_hash(left, right) & pair_mask;; slot = (slot + 1) & pair_mask) {
    const Pair *pair = &pair_slots[slot];
    if (pair->left == 0) return 0;
    if (pair->left == left + 1 && pair->right == right) return pair;
  }
}

/* Address of the pair of two tokens: Uint32 of left + 1, right, order, and the token that they make; 0 = they do not merge. */
const void *EXPORT(pairOf)(u32 left, u32 right) { return pair_of(left, right); }

/* Room for that many pairs; `whole` = a piece that is a token is not merged. Once, before `addPair` for each in their order. */
void EXPORT(listPairs)(u32 number, u32 whole) {
  u32 size = 2;
  while (size < 2 * number) size *= 2;
  pair_mask = size - 1;
  pair_slots = allocate(sizeof(Pair) * size);
  whole_words = whole;
}

/* A pair that is listed twice counts where it is listed last. */
void EXPORT(addPair)(u32 left, u32 right, u32 order, u32 made) {
  u32 slot = pair_hash(left, right) & pair_mask;
  while (pair_slots[slot].left != 0 && (pair_slots[slot].left != left + 1 || pair_slots[slot].right != right)) slot = (slot + 1) & pair_mask;
  pair_slots[slot] = (Pair){left + 1, right, order, made};
}

static inline u32 order_of(u32 left, u32 right) {
  const Pair *pair = pair_of(left, right);
  return pair ? pair->order : NONE;
}

/* As `merge`. */
static void merge_listed(const u8 *piece, u32 size) {
  u32 parts = size;
  for (u32 i = 0; i < parts; i++) part_ids[i] = of_one[piece[i]];
  for (u32 i = 0; i + 1 < parts; i++) ranks[i] = order_of(part_ids[i], part_ids[i + 1]);
  for (;;) {
    u32 lowest_rank = NONE, place = 0;
    for (u32 i = 0; i + 1 < parts; i++) {
      if (ranks[i] < lowest_rank) {
        lowest_rank = ranks[i];
        place = i;
      }
    }
    if (lowest_rank == NONE) break;
    part_ids[place] = pair_of(part_ids[place], part_ids[place + 1])->made;
    parts--;
    for (u32 i = place + 1; i < parts; i++) {
      part_ids[i] = part_ids[i + 1];
      ranks[i] = ranks[i + 1];
    }
    if (place + 1 < parts) ranks[place] = order_of(part_ids[place], part_ids[place + 1]);
    if (place > 0) ranks[place - 1] = order_of(part_ids[place - 1], part_ids[place]);
  }
  for (u32 i = 0; i < parts; i++) ids[now.count++] = part_ids[i];
}
