/* The Metropolis kernel, its integer model, and populations: against plain loops, against the
 * measures that they must leave unchanged, and variant against variant. */
#include "tests/support/support.h"

#include <math.h>

#include "fixland/kernel.h"
#include "fixland/spins.h"
#include "fixland/stats.h"
#include "mc/count/population.h"
#include "tests/support/chance.h"
#include "tests/support/ties.h"

static const fl_ensemble gaussian = {
    .distribution = FL_GAUSSIAN, .variance = FL_VARIANCE_N, .dilution = 1, .modules = 1};

static model model_of(fl_network *network, size_t n, uint64_t sample, double jd) {
    model m;
    fl_ensemble e = gaussian;
    assert_ok(fl_network_draw(network, &e, n, test_seed(), sample));
    assert_ok(model_make(&m, network, jd));
    return m;
}

static void release(model *m, fl_network *network) {
    count_model_clear(m);
    fl_network_clear(network);
}

static int integer(const model *m, size_t i, size_t k) {
    return (int16_t)(uint16_t)(m->columns[k * m->stride + i] & 0xFFFF) / 2;
}

/* E by its definition. */
static int32_t energy_of(const model *m, const int *s) {
    int32_t sum = 0;
    for (size_t i = 0; i < m->n; i++) {
        int32_t f = 0;
        for (size_t k = 0; k < m->n; k++)
            f += integer(m, i, k) * s[k];
        int32_t x = s[i] > 0 ? -f - 1 : f;
        sum += x > 0 ? x / 4 : 0;
    }
    return sum;
}

static void lane_spins(const fl_metropolis_block *b, size_t lane, int *s) {
    for (size_t i = 0; i < b->n; i++)
        s[i] = b->up[FL_LANES * i + lane] ? 1 : -1;
}

static uint32_t rotated(uint32_t x, int by) {
    return x << by | x >> (32 - by);
}

/* xoshiro128++ as published. */
static uint32_t next(uint32_t *s) {
    uint32_t result = rotated(s[0] + s[3], 7) + s[0], t = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotated(s[3], 11);
    return result;
}

/* One lane by plain loops in double; false where a decision is too close for that. */
static bool plain_sweeps(const model *m, const fl_metropolis_rule *rule, int *s, uint32_t *random) {
    for (size_t t = 0; t < rule->sweeps; t++)
        for (size_t k = 0; k < m->n; k++) {
            uint32_t bits = next(random);
            int32_t before = energy_of(m, s);
            s[k] = -s[k];
            int32_t change = energy_of(m, s) - before;
            double room = -log(((bits >> 1) + 0.5) * 0x1p-31) * (double)rule->temperature;
            if (fabs(change - room) < 1e-5 * fmax(1, room) && !rule->walk)
                return false;
            bool accept = rule->walk ? before + change <= rule->ceiling && bits >> 29
                                     : (double)change <= fmax(room, 0);
            if (!accept)
                s[k] = -s[k];
        }
    return true;
}

static fl_metropolis_rule random_rule(fl_rng *rng, const model *m, const population *p) {
    int32_t most = 0;
    for (size_t r = 0; r < p->replicas; r++)
        most = p->energy[r] > most ? p->energy[r] : most;
    return (fl_metropolis_rule){.sweeps = 1 + (size_t)fl_rng_below(rng, 4),
                                .walk = (int)fl_rng_below(rng, 2),
                                .temperature = (float)(m->unit * exp(4 * fl_rng_uniform(rng) - 3)),
                                .ceiling = most + (int32_t)(fl_rng_uniform(rng) * m->unit)};
}

/* Every lane is what plain loops make of it; fields and energies are those of the spins. */
static void kernel_is_the_definition(void **state) {
    (void)state;
    fl_rng rng = test_stream("definition");
    size_t compared = 0;
    for (int trial = 0; trial < (test_fast() ? 6 : 30); trial++) {
        fl_network network;
        model m = model_of(&network, 1 + (size_t)fl_rng_below(&rng, 20), (uint64_t)trial,
                           fl_rng_uniform(&rng) - 0.3);
        population p;
        assert_ok(population_make(&p, &m, false, 1, rng));
        fl_metropolis_block b = population_block(&p, 0);
        fl_metropolis_rule rule = random_rule(&rng, &m, &p);
        int before[FL_LANES][20];
        uint32_t random[FL_LANES][4];
        for (size_t l = 0; l < FL_LANES; l++) {
            lane_spins(&b, l, before[l]);
            assert_int_equal(b.energy[l], energy_of(&m, before[l]));
            for (size_t k = 0; k < 4; k++)
                random[l][k] = b.random[FL_LANES * k + l];
        }
        fl_metropolis_scalar(&b, &rule);
        for (size_t l = 0; l < FL_LANES; l++) {
            int after[20];
            if (!plain_sweeps(&m, &rule, before[l], random[l]))
                continue;
            compared++;
            lane_spins(&b, l, after);
            assert_memory_equal(after, before[l], m.n * sizeof *after);
            assert_int_equal(b.energy[l], energy_of(&m, after));
        }
        population_clear(&p);
        release(&m, &network);
    }
    assert_true(compared > 100);
}

static void same_populations(const population *a, const population *b) {
    size_t cells = 2 * a->replicas * a->model->n;
    assert_memory_equal(a->memory, b->memory, cells * sizeof *a->memory);
    assert_memory_equal(a->energy, b->energy, a->replicas * sizeof *a->energy);
    assert_memory_equal(a->random, b->random, 4 * a->replicas * sizeof *a->random);
}

static void variants_agree(void **state) {
    (void)state;
#ifdef __x86_64__
    fl_metropolis *variants[] = {fl_metropolis_scalar, fl_metropolis_avx2, fl_metropolis_avx512};
    fl_rng rng = test_stream("variants");
    /* What the machine has, or FIXLAND_KERNEL allows. */
    int most = (int)fl_kernel_level();
    for (int trial = 0; trial < (test_fast() ? 4 : 40); trial++) {
        fl_network network;
        population p[3];
        uint64_t accepted[3];
        model m = model_of(&network, 1 + (size_t)fl_rng_below(&rng, 90), (uint64_t)trial,
                           fl_rng_uniform(&rng));
        for (int v = 0; v <= most; v++)
            assert_ok(population_make(&p[v], &m, false, 2, rng));
        fl_metropolis_rule rule = random_rule(&rng, &m, &p[0]);
        for (int v = 0; v <= most; v++)
            for (size_t k = 0; k < 2; k++) {
                fl_metropolis_block b = population_block(&p[v], k);
                accepted[v] = variants[v](&b, &rule);
            }
        for (int v = 1; v <= most; v++) {
            same_populations(&p[v], &p[0]);
            assert_true(accepted[v] == accepted[0]);
        }
        for (int v = 0; v <= most; v++)
            population_clear(&p[v]);
        release(&m, &network);
    }
#endif
}

/* Chains from random starts end distributed as the measure says. */
static void measures(void **state) {
    (void)state;
    enum { N = 5, STATES = 1 << N };
    fl_rng rng = test_stream("measures");
    for (int walk = 0; walk < 2; walk++) {
        fl_network network;
        model m = model_of(&network, N, 77, 0.2);
        population p;
        size_t blocks = test_fast() ? 40 : 400;
        double weight[STATES], sum = 0, chi2 = 0, observed[STATES] = {0};
        int bins = 0, s[N];
        assert_ok(population_make(&p, &m, walk, blocks, rng));
        int32_t ceiling = 0;
        for (int k = 0; k < STATES; k++) {
            for (int i = 0; i < N; i++)
                s[i] = k >> i & 1 ? 1 : -1;
            int32_t e = energy_of(&m, s);
            weight[k] = e;
            ceiling = e > ceiling ? e : ceiling;
        }
        ceiling = (int32_t)(0.7 * ceiling);
        double inverse = 1.5 / m.unit;
        for (int k = 0; k < STATES; k++) {
            weight[k] = walk ? weight[k] <= ceiling : exp(-inverse * weight[k]);
            sum += weight[k];
        }
        /* Replicas above the ceiling come down first. */
        double at = walk ? ceiling : inverse;
        population_weigh(&p, at);
        population_resample(&p, at);
        population_sweep(&p, 60);
        for (size_t r = 0; r < p.replicas; r++) {
            fl_metropolis_block b = population_block(&p, r / FL_LANES);
            uint64_t spins;
            model_spins(&b, r % FL_LANES, &spins);
            observed[spins]++;
        }
        for (int k = 0; k < STATES; k++) {
            double expected = weight[k] / sum * (double)p.replicas;
            if (expected < 10) {
                assert_true(expected > 0 || observed[k] == 0);
                continue;
            }
            chi2 += (observed[k] - expected) * (observed[k] - expected) / expected;
            bins++;
        }
        assert_true(bins >= 6);
        assert_p(fl_p_chi2(chi2, bins - 1));
        population_clear(&p);
        release(&m, &network);
    }
}

/* Fields stay within the bound of the true ones, verdicts are exact, ties included. */
static void verdicts(void **state) {
    (void)state;
    fl_rng rng = test_stream("verdicts");
    for (int trial = 0; trial < (test_fast() ? 20 : 200); trial++) {
        uint64_t spins[4], found[4];
        size_t n = 2 + (size_t)fl_rng_below(&rng, 100);
        double jd;
        fl_network network = ties_network(&rng, n, spins, &jd);
        model m;
        population p;
        double *local = malloc(n * sizeof *local);
        assert_ok(model_make(&m, &network, jd));
        assert_ok(population_make(&p, &m, false, 1, rng));
        fl_metropolis_block b = population_block(&p, 0);
        /* Lane 0: all alignments are nearly zero; lane 1: one spin differs. */
        for (size_t i = 0; i < n; i++)
            for (size_t l = 0; l < 2; l++)
                b.up[FL_LANES * i + l] = fl_spins_get(spins, i) > 0 ? -1 : 0;
        b.up[FL_LANES * fl_rng_below(&rng, n) + 1] ^= -1;
        model_fields(&m, &b);
        for (size_t l = 0; l < 3; l++) {
            uint64_t copy[4];
            model_spins(&b, l, copy);
            fl_network_alignment(&network, copy, local);
            for (size_t i = 0; i < n; i++) {
                double f = b.field[FL_LANES * i + l] * (double)fl_spins_get(copy, i);
                assert_true(fabs(f - m.scale * (local[i] + jd)) < m.bound);
            }
            bool point = fl_network_is_fixed_point(&network, copy, jd);
            assert_true(model_is_point(&m, &b, l, found) == point);
            if (point)
                assert_memory_equal(found, copy, fl_spins_words(n) * sizeof *copy);
        }
        free(local);
        population_clear(&p);
        release(&m, &network);
    }
}

/* No field and no change of energy leaves 16 bits, for the worst configurations. */
static void room(void **state) {
    (void)state;
    fl_rng rng = test_stream("room");
    for (int trial = 0; trial < 40; trial++) {
        fl_network network;
        fl_ensemble e = gaussian;
        size_t n = 1 + (size_t)fl_rng_below(&rng, 60);
        double jd = trial % 4 == 0 ? -3 : 2 * fl_rng_uniform(&rng);
        e.distribution = trial % 3 ? FL_GAUSSIAN : FL_BINARY;
        assert_ok(fl_network_draw(&network, &e, n, test_seed(), (uint64_t)trial));
        for (size_t k = 0; k < n * n; k++)
            network.J[k] *= trial % 5 ? 1 : 1e150;
        if (trial % 7 == 0) /* one column far above the others */
            for (size_t i = 1; i < n; i++)
                network.J[i * n] *= 1000;
        model m;
        assert_ok(model_make(&m, &network, jd));
        int s[60];
        for (size_t k = 0; k < n; k++) {
            int64_t field = 0, change = 0;
            double exact = m.scale * (network.diagonal[k] + jd);
            assert_true(fabs(integer(&m, k, k) - exact) <= 0.5);
            for (size_t i = 0; i < n; i++) {
                field += abs(integer(&m, k, i));
                change += i == k ? 0 : 2 * abs(integer(&m, i, k)) + 2 * abs(integer(&m, k, i));
            }
            assert_true(field <= INT16_MAX - 1);
            assert_true(change / 4 + (int64_t)n <= INT16_MAX);
            /* And one configuration that pushes row k. */
            for (size_t i = 0; i < n; i++)
                s[i] = integer(&m, k, i) >= 0 ? 1 : -1;
            int32_t before = energy_of(&m, s);
            s[k] = -s[k];
            assert_true(abs(energy_of(&m, s) - before) <= INT16_MAX);
        }
        release(&m, &network);
    }
    fl_network zero;
    model m;
    assert_ok(fl_network_new(&zero, 3));
    assert_ok(model_make(&m, &zero, 0));
    assert_true(isfinite(m.scale) && m.unit > 0);
    release(&m, &zero);
}

/* Systematic resampling: each replica as often as its share says, up to one; copies are whole. */
static void resampling(void **state) {
    (void)state;
    fl_rng rng = test_stream("resampling");
    for (int trial = 0; trial < 20; trial++) {
        fl_network network;
        model m = model_of(&network, 17, (uint64_t)trial, 0.3);
        population p;
        bool walk = trial % 2;
        assert_ok(population_make(&p, &m, walk, 3, rng));
        fl_rng_bits(&rng);
        double sum = 0, at = walk ? p.energy[5] : 2 / m.unit, direct = 0, share[96];
        uint32_t copies[96] = {0};
        double log_mean = population_weigh(&p, at);
        for (size_t r = 0; r < p.replicas; r++) {
            direct += walk ? p.energy[r] <= at : exp(-at * p.energy[r]);
            sum += p.weight[r];
        }
        assert_relative(exp(log_mean), direct / (double)p.replicas, 1e-12);
        for (size_t r = 0; r < p.replicas; r++)
            share[r] = p.weight[r] / sum * (double)p.replicas;
        population_resample(&p, at);
        assert_true(p.at == at);
        for (size_t r = 0; r < p.replicas; r++) {
            int s[17];
            fl_metropolis_block b = population_block(&p, r / FL_LANES);
            copies[p.family[r]]++;
            lane_spins(&b, r % FL_LANES, s);
            assert_int_equal(p.energy[r], energy_of(&m, s));
            assert_true(!walk || p.energy[r] <= at);
        }
        double squares = 0;
        for (size_t r = 0; r < p.replicas; r++) {
            assert_true(fabs(copies[r] - share[r]) < 1 + 1e-9);
            squares += (double)copies[r] * copies[r];
        }
        assert_relative(population_families(&p), squares / (double)p.replicas, 1e-12);
        population_clear(&p);
        release(&m, &network);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kernel_is_the_definition),
        cmocka_unit_test(variants_agree),
        cmocka_unit_test(measures),
        cmocka_unit_test(verdicts),
        cmocka_unit_test(room),
        cmocka_unit_test(resampling),
    };
    return cmocka_run_group_tests_name("metropolis", tests, NULL, NULL);
}
