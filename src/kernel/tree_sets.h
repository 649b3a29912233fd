/* Tree search, sets of completions as bits. Included once by tree_all.h.
 *
 * FL_TREE_BASE spins, the base, are never branched on. For every condition, and each level of what
 * the other spins leave it, a table holds the set of settings of the base that may meet it: a leaf
 * intersects sets, 4096 completions at a time. Levels are cut from sums z in 16-bit units. */

typedef uint64_t part_words __attribute__((vector_size(PART)));

/* Does any bit of eight vectors stand? */
INLINE bool any_bit(const part_words *v) {
    part_words all = ((v[0] | v[1]) | (v[2] | v[3])) | ((v[4] | v[5]) | (v[6] | v[7]));
#if PART == 64
    return _mm512_test_epi64_mask((__m512i)all, (__m512i)all) != 0;
#elif PART == 32
    return !_mm256_testz_si256((__m256i)all, (__m256i)all);
#else
    return (all[0] | all[1]) != 0;
#endif
}

/* set &= row[0] & row[1] & ...; false when nothing is left. Eight vectors at a time stay in
 * registers; what is empty needs no further rows. */
INLINE bool set_meet(uint64_t *set, const uint64_t *const *row, int count) {
    bool any = false;
    for (size_t first = 0; first < FL_TREE_SET_WORDS; first += PART) {
        part_words v[8];
        memcpy(v, set + first, sizeof v);
        bool live = any_bit(v);
        for (int r = 0; r < count && live; r++) {
            const part_words *other = (const part_words *)(const void *)(row[r] + first);
            for (int k = 0; k < 8; k++)
                v[k] &= other[k];
            live = any_bit(v);
        }
        memcpy(set + first, v, sizeof v);
        any |= live;
    }
    return any;
}

/* A bit for each of 64 lanes: z < edge. */
INLINE uint64_t lanes_below(const shorts *z, int16_t edge) {
    shorts m[2], limit = splat16(edge);
    for (int h = 0; h < 2; h++)
        EACH OF(m[h]) = (part_short)(OF(z[h]) < OF(limit));
    return negative(m[0]) | (uint64_t)negative(m[1]) << 32;
}

/* floor((z - back) / 2^7) + middle, cut to the levels there are. */
INLINE void lane_levels(const shorts *z, int16_t back, int16_t middle, int16_t *level) {
    shorts high = splat16(FL_TREE_LEVELS - 1);
    for (int h = 0; h < 2; h++) {
        shorts l;
        EACH {
            part_short x = ((OF(z[h]) - back) >> 7) + middle;
            x &= (part_short)(x > 0);
            part_short beyond = (part_short)(x > OF(high));
            OF(l) = (x & ~beyond) | (OF(high) & beyond);
        }
        memcpy(level + 32 * h, &l, sizeof l);
    }
}

/* A free spin of the leaf outside the base. */
typedef struct set_spin {
    shorts fall[2][2]; /* what z loses when it is set to -1, +1; two times 32 lanes */
    uint64_t wakes[2]; /* the lane of its own condition with that sign */
    int neuron;
    int32_t weight;
} set_spin;

/* What does not change below a leaf. */
typedef struct set_leaf {
    set_spin spin[FL_TREE_SET_LEAF];
    const set_spin *order[FL_TREE_SET_LEAF]; /* the last is set first */
    const uint64_t *table[FL_TREE_LANES];    /* of a lane's condition */
} set_leaf;

typedef struct set_state {
    shorts z[2];
    uint64_t active, plus;
    uint64_t set[FL_TREE_SET_WORDS] __attribute__((aligned(64)));
} set_state;

/* Conditions in classes, the most critical first. Others fail for so few settings that these are decided one
 * by one. */
enum { SET_CLASSES = 3 };
static const int16_t set_edges[SET_CLASSES] = {-FL_TREE_TOP / 5, FL_TREE_TOP / 5, FL_TREE_TOP / 2};

/* The sets of the conditions of some lanes, each at its level; asked for at once, for the tables are large. */
INLINE int set_rows_of(const set_leaf *leaf, uint64_t due, const int16_t *level,
                       const uint64_t **row) {
    int count = 0;
    for (; due; due &= due - 1) {
        int l = __builtin_ctzll(due);
        row[count] = leaf->table[l] + level[l] * FL_TREE_SET_WORDS;
        for (int w = 0; w < FL_TREE_SET_WORDS; w += 8)
            __builtin_prefetch(row[count] + w);
        count++;
    }
    return count;
}

/* Intersects with the sets of the active conditions that are critical. False: nothing is left. */
static bool set_screen(const set_leaf *leaf, set_state *s) {
    int16_t level[FL_TREE_LANES] __attribute__((aligned(64)));
    const uint64_t *row[FL_TREE_LANES];
    uint64_t waiting = s->active;
    lane_levels(s->z, 0, FL_TREE_LEVELS / 2, level);
    for (int c = 0; c < SET_CLASSES; c++) {
        uint64_t due = lanes_below(s->z, set_edges[c]) & waiting;
        int count = set_rows_of(leaf, due, level, row);
        waiting &= ~due;
        if (count && !set_meet(s->set, row, count))
            return false;
    }
    return true;
}

INLINE uint64_t set_size(const uint64_t *set) {
    uint64_t number = 0;
    for (int w = 0; w < FL_TREE_SET_WORDS; w++)
        number += (uint64_t)__builtin_popcountll(set[w]);
    return number;
}

/* Moves those that certainly meet all conditions from the set to `sure`; returns their number. z is
 * lowered by all that it may be too large, and the sets of the level below have no other. */
static uint64_t set_take_sure(const set_leaf *leaf, set_state *s, uint64_t *sure) {
    int16_t level[FL_TREE_LANES] __attribute__((aligned(64)));
    const uint64_t *row[FL_TREE_LANES];
    uint64_t due = lanes_below(s->z, FL_TREE_TOP + 256) & s->active;
    lane_levels(s->z, FL_TREE_SURE, FL_TREE_LEVELS / 2 - 1, level);
    memcpy(sure, s->set, sizeof s->set);
    if (!set_meet(sure, row, set_rows_of(leaf, due, level, row)))
        return 0;
    for (int w = 0; w < FL_TREE_SET_WORDS; w++)
        s->set[w] &= ~sure[w];
    return set_size(sure);
}

/* The settings of base spin b that agree with the sign. */
static void set_restrict(uint64_t *set, int b, bool up) {
    static const uint64_t pattern[6] = {0xaaaaaaaaaaaaaaaa, 0xcccccccccccccccc, 0xf0f0f0f0f0f0f0f0,
                                        0xff00ff00ff00ff00, 0xffff0000ffff0000, 0xffffffff00000000};
    for (int w = 0; w < FL_TREE_SET_WORDS; w++) {
        uint64_t with = b < 6 ? pattern[b] : w >> (b - 6) & 1 ? ~UINT64_C(0) : 0;
        set[w] &= up ? with : ~with;
    }
}
