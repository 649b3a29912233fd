/* The body of the kernels of visit.h. The file that includes it defines vectors `ints` and `bits32`
 * of LANES numbers and
 *   widen(p, k, s)  s (1, -1, 0) times LANES numbers of 16 bits: those of neurons k LANES and on of the
 *                   sixteen at p, in the order of fl_visit_slot
 *   least(a, b)     the smaller of unsigned numbers, lane by lane; least_of(a): of all lanes
 *   spread(bits)    -1 in lane l where bit l is set, else 0
 *   negatives(a)    a bit for each lane below 0 */
#include <stdbool.h>

static inline ints load_ints(const int32_t *from) {
    return *(const ints *)from;
}

/* Offsets of candidates from the place -`back`; 2^30 or more for all others. */
static inline bits32 ahead(const uint32_t *key, ints field, uint32_t back) {
    return (*(const bits32 *)key + back) ^ ((bits32)field & UINT32_C(0x80000000));
}

/* The smallest offset from `from` becomes the next candidate. */
static inline void set_next(fl_visit *v, uint32_t from, uint32_t offset) {
    bool over = offset > FL_VISIT_PLACES;
    v->place = over ? FL_VISIT_OVER : from + offset;
    v->neuron = fl_visit_neuron(&v->order, from + offset);
    if (v->fetch && !over) {
        const int16_t *column = v->columns + v->neuron * v->stride;
        for (size_t l = 0; l < v->lanes; l += 32)
            __builtin_prefetch(column + l, 0, 3);
    }
}

/* Adds sign times the column of the neuron whose turn it is: 1, -1, or 0 to pass it over. */
static inline void visit_pass(fl_visit *v, int32_t sign) {
    const int16_t *restrict column = v->columns + v->neuron * v->stride;
    int32_t *restrict field = v->field;
    const uint32_t *restrict key = v->key;
    uint32_t from = v->place + 1, back = -from;
    bits32 smallest = ~(bits32){0};
    size_t lanes = v->lanes, first = 0;
    do {
#pragma GCC unroll 4
        for (size_t k = 0; k < 16 / LANES; k++) {
            size_t l = first + k * LANES;
            ints now = *(ints *)(field + l) + widen(column + first, k, sign);
            *(ints *)(field + l) = now;
            smallest = least(smallest, ahead(key + l, now, back));
        }
    } while ((first += 16) < lanes);
    set_next(v, from, least_of(smallest));
}

static inline void visit_flip(fl_visit *v) {
    size_t i = v->neuron;
    v->spins[i / 64] ^= UINT64_C(1) << (i % 64);
    v->flips++;
    visit_pass(v, v->key[i] >> 31 ? -1 : 1);
}

static void visit_turn(fl_visit *v, int flips) {
    if (flips)
        visit_flip(v);
    else
        visit_pass(v, 0);
}

static size_t visit_go(fl_visit *const *slots, size_t count, size_t k) {
    for (;; k = k + 1 == count ? 0 : k + 1) {
        fl_visit *v = slots[k];
        if (v->place == FL_VISIT_OVER || fl_visit_aligned(v, v->neuron) > v->sure)
            return k;
        visit_flip(v);
    }
}

static void visit_start(fl_visit *v, const int32_t *base) {
    enum { BLOCK = 16 / LANES };
    size_t words = (v->n + 63) / 64;
    for (size_t first = 0; first < v->lanes; first += 16) {
        ints sum[BLOCK] = {{0}};
        for (size_t w = 0; w < words; w++)
            for (uint64_t rest = v->spins[w]; rest; rest &= rest - 1) {
                size_t j = 64 * w + (size_t)__builtin_ctzll(rest);
                const int16_t *column = v->columns + j * v->stride + first;
                for (size_t b = 0; b < BLOCK; b++)
                    sum[b] += widen(column, b, 1);
            }
        for (size_t b = 0; b < BLOCK; b++)
            *(ints *)(v->field + first + b * LANES) = sum[b];
    }
    for (size_t w = 0; w < words; w++)
        v->before[w] = v->spins[w];
    if (v->n % 64)
        v->before[words - 1] |= ~UINT64_C(0) << (v->n % 64);
    for (size_t i = 0; i < v->n; i++)
        v->field[i] += base[i] + (v->before[i / 64] >> (i % 64) & 1 ? v->self[i] : -v->self[i]);
    for (size_t i = v->n; i < v->lanes; i++)
        v->field[i] = FL_VISIT_FAR;
    v->flips = 0;
    v->place = FL_VISIT_OVER;
}

/* Places of LANES neurons; x holds neuron * step + add. */
static inline bits32 places(const fl_visit_order *o, bits32 x) {
    x &= FL_VISIT_PLACES;
    x = (x ^ x >> 15) * o->first & FL_VISIT_PLACES;
    x ^= o->mix;
    x = (x ^ x >> 15) * o->second & FL_VISIT_PLACES;
    return x ^ x >> 15;
}

/* What the word's lanes are at a sweep's beginning. */
typedef struct word_state {
    uint64_t up, turned; /* spins, and those that the last sweep flipped */
    uint64_t candidates, certain;
} word_state;

static inline bits32 visit_begin_word(fl_visit *v, size_t first, word_state *w, bits32 *neuron,
                                      bits32 smallest) {
    for (size_t l = first; l < v->lanes && l < first + 64; l += LANES) {
        unsigned at = (unsigned)(l - first);
        ints up = spread(w->up >> at), turned = spread(w->turned >> at), down = ~up;
        ints self = 2 * load_ints(v->self + l);
        ints field = load_ints(v->field + l) + (((self ^ down) - down) & turned);
        *(ints *)(v->field + l) = field;
        bits32 key = places(&v->order, *neuron) | ((bits32)up & UINT32_C(0x80000000));
        *(bits32 *)(v->key + l) = key;
        *neuron += LANES * v->order.step;
        smallest = least(smallest, key ^ ((bits32)field & UINT32_C(0x80000000)));
        ints aligned = field ^ down; /* one less where down */
        w->candidates |= (uint64_t)negatives(aligned) << at;
        w->certain |= (uint64_t)negatives(aligned - v->sure) << at;
    }
    return smallest;
}

static size_t visit_begin(fl_visit *v, uint64_t *doubtful) {
    size_t words = (v->n + 63) / 64, count = 0;
    bits32 smallest = ~(bits32){0}, neuron = {0};
    for (uint32_t l = 0; l < LANES; l++)
        neuron[l] = l * v->order.step + v->order.add;
    for (size_t k = 0; k < words; k++) {
        uint64_t beyond = k + 1 == words && v->n % 64 ? ~UINT64_C(0) << (v->n % 64) : 0;
        word_state w = {.up = v->spins[k] | beyond};
        w.turned = w.up ^ v->before[k];
        v->before[k] = w.up;
        smallest = visit_begin_word(v, 64 * k, &w, &neuron, smallest);
        count += (size_t)__builtin_popcountll(w.certain);
        doubtful[k] = w.candidates & ~w.certain;
    }
    set_next(v, 0, least_of(smallest));
    return count;
}
