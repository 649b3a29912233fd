/* The vector instructions of x86 that kernels use: what they need of immintrin.h, which takes the
 * compiler half a second in every file that includes it whole. The parts are those of gcc 12, on
 * which this was tried; other compilers read all. */
#ifndef FIXLAND_X86_H
#define FIXLAND_X86_H

#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ == 12
/* Parts refuse to be read without this. */
#ifndef _IMMINTRIN_H_INCLUDED
#define _IMMINTRIN_H_INCLUDED
#endif
/* clang-format off */
#include <x86gprintrin.h>
#include <mmintrin.h>
#include <xmmintrin.h>
#include <emmintrin.h>
#ifdef __AVX2__
#include <pmmintrin.h>
#include <tmmintrin.h>
#include <smmintrin.h>
#include <avxintrin.h>
#include <avx2intrin.h>
#endif
#ifdef __AVX512F__
#include <avx512fintrin.h>
#include <avx512cdintrin.h>
#include <avx512vlintrin.h>
#include <avx512bwintrin.h>
#include <avx512dqintrin.h>
#include <avx512vlbwintrin.h>
#include <avx512vldqintrin.h>
#include <avx512vpopcntdqintrin.h>
#endif
/* clang-format on */
#else
#include <immintrin.h>
#endif

#endif
