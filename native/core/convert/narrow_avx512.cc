// Sixteen numbers at once with AVX-512; as with AVX2, special ones go the portable way. The conversion to bfloat16 that
// some of these processors have is no use: it takes the smallest numbers for 0.
#include "convert/narrow_implementations.h"

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))

#if !defined(__clang__) && __GNUC__ < 13
// It takes what its own intrinsics leave undefined for a mistake (GCC's bug 105593).
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <immintrin.h>

#define PERMAFROST_TARGET_AVX512 [[gnu::target("avx512f")]]

namespace permafrost {
namespace {

constexpr std::size_t kLanes = 16;
constexpr std::size_t kStep = kLanes * sizeof(float);

PERMAFROST_TARGET_AVX512 __m512i MagnitudeOf(__m512i bits) {
  return _mm512_and_si512(bits, _mm512_set1_epi32(static_cast<int>(kMagnitude)));
}

PERMAFROST_TARGET_AVX512 __m256i Float16Of(__m512i bits) {
  return _mm512_cvtps_ph(_mm512_castsi512_ps(bits), _MM_FROUND_TO_NEAREST_INT);
}

PERMAFROST_TARGET_AVX512 __m256i Bfloat16Of(__m512i bits) {
  const __m512i odd = _mm512_and_si512(_mm512_srli_epi32(bits, 16), _mm512_set1_epi32(1));
  const __m512i raised = _mm512_add_epi32(bits, _mm512_add_epi32(odd, _mm512_set1_epi32(0x7fff)));
  return _mm512_cvtepi32_epi16(_mm512_srli_epi32(raised, 16));
}

template <__m256i (*kConvert)(__m512i), std::uint32_t kOverflow, auto kPortable>
PERMAFROST_TARGET_AVX512 std::uint64_t ToSixteenBits(std::span<const std::byte> in, std::span<std::byte> out) {
  const __m512i limit = _mm512_set1_epi32(static_cast<int>(kOverflow - 1));
  const auto portable = PortableNarrow()->*kPortable;
  std::uint64_t overflows = 0;
  for (; in.size() >= kStep; in = in.subspan(kStep), out = out.subspan(kStep / 2)) {
    const __m512i bits = _mm512_loadu_si512(in.data());
    if (_mm512_cmpgt_epi32_mask(MagnitudeOf(bits), limit) != 0) {
      overflows += portable(in.first(kStep), out);
      continue;
    }
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out.data()), kConvert(bits));
  }
  return overflows + portable(in, out);
}

PERMAFROST_TARGET_AVX512 __m128i Int8Of(__m512 numbers, __m512 scales) {
  const __m512 quotients = _mm512_div_ps(numbers, scales);
  // Of a NaN and a number, this is the number.
  const __m512 least = _mm512_max_ps(quotients, _mm512_set1_ps(-kMostInt8));
  return _mm512_cvtepi32_epi8(_mm512_cvtps_epi32(_mm512_min_ps(least, _mm512_set1_ps(kMostInt8))));
}

PERMAFROST_TARGET_AVX512 void ToInt8(std::span<const std::byte> in, std::span<const float> scales,
                                     std::span<std::byte> out) {
  for (; scales.size() >= kLanes; in = in.subspan(kStep), scales = scales.subspan(kLanes), out = out.subspan(kLanes)) {
    const __m512 numbers = _mm512_loadu_ps(in.data());
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out.data()), Int8Of(numbers, _mm512_loadu_ps(scales.data())));
  }
  PortableNarrow()->to_int8(in, scales, out);
}

PERMAFROST_TARGET_AVX512 void ToInt8By(std::span<const std::byte> in, float scale, std::span<std::byte> out) {
  const __m512 scales = _mm512_set1_ps(scale);
  for (; in.size() >= kStep; in = in.subspan(kStep), out = out.subspan(kLanes)) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out.data()), Int8Of(_mm512_loadu_ps(in.data()), scales));
  }
  PortableNarrow()->to_int8_by(in, scale, out);
}

PERMAFROST_TARGET_AVX512 void Raise(std::span<const std::byte> in, std::span<std::uint32_t> maxima) {
  for (; maxima.size() >= kLanes; in = in.subspan(kStep), maxima = maxima.subspan(kLanes)) {
    const __m512i magnitudes = MagnitudeOf(_mm512_loadu_si512(in.data()));
    _mm512_storeu_si512(maxima.data(), _mm512_max_epi32(_mm512_loadu_si512(maxima.data()), magnitudes));
  }
  PortableNarrow()->raise(in, maxima);
}

PERMAFROST_TARGET_AVX512 std::uint32_t Largest(std::span<const std::byte> in, std::uint32_t most) {
  __m512i lanes = _mm512_setzero_si512();
  for (; in.size() >= kStep; in = in.subspan(kStep)) {
    lanes = _mm512_max_epi32(lanes, MagnitudeOf(_mm512_loadu_si512(in.data())));
  }
  const auto largest = static_cast<std::uint32_t>(_mm512_reduce_max_epi32(lanes));
  return PortableNarrow()->largest(in, largest > most ? largest : most);
}

constexpr NarrowImplementation kImplementation = {
    "avx512",
    &ToSixteenBits<Float16Of, kFloat16Overflow, &NarrowImplementation::to_float16>,
    &ToSixteenBits<Bfloat16Of, kBfloat16Overflow, &NarrowImplementation::to_bfloat16>,
    &ToInt8,
    &ToInt8By,
    &Raise,
    &Largest,
};

}  // namespace

const NarrowImplementation* Avx512Narrow() { return __builtin_cpu_supports("avx512f") ? &kImplementation : nullptr; }

}  // namespace permafrost

#else

namespace permafrost {

const NarrowImplementation* Avx512Narrow() { return nullptr; }

}  // namespace permafrost

#endif
