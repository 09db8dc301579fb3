// Eight numbers at once with AVX2 and the conversion of F16C. What is left over, and eight among which one is no finite
// number or becomes none, goes the portable way: F16C would make signalling NaNs quiet.
#include "convert/narrow_implementations.h"

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))

#include <immintrin.h>

#define PERMAFROST_TARGET_AVX2 [[gnu::target("avx2,f16c")]]

namespace permafrost {
namespace {

constexpr std::size_t kLanes = 8;
constexpr std::size_t kStep = kLanes * sizeof(float);

PERMAFROST_TARGET_AVX2 __m256i Load(const std::byte* at) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
}

PERMAFROST_TARGET_AVX2 __m256i MagnitudeOf(__m256i bits) {
  return _mm256_and_si256(bits, _mm256_set1_epi32(static_cast<int>(kMagnitude)));
}

PERMAFROST_TARGET_AVX2 __m128i Float16Of(__m256i bits) {
  return _mm256_cvtps_ph(_mm256_castsi256_ps(bits), _MM_FROUND_TO_NEAREST_INT);
}

PERMAFROST_TARGET_AVX2 __m128i Bfloat16Of(__m256i bits) {
  const __m256i odd = _mm256_and_si256(_mm256_srli_epi32(bits, 16), _mm256_set1_epi32(1));
  const __m256i raised = _mm256_add_epi32(bits, _mm256_add_epi32(odd, _mm256_set1_epi32(0x7fff)));
  const __m256i upper = _mm256_srli_epi32(raised, 16);
  return _mm_packus_epi32(_mm256_castsi256_si128(upper), _mm256_extracti128_si256(upper, 1));
}

template <__m128i (*kConvert)(__m256i), std::uint32_t kOverflow, auto kPortable>
PERMAFROST_TARGET_AVX2 std::uint64_t ToSixteenBits(std::span<const std::byte> in, std::span<std::byte> out) {
  const __m256i limit = _mm256_set1_epi32(static_cast<int>(kOverflow - 1));
  const auto portable = PortableNarrow()->*kPortable;
  std::uint64_t overflows = 0;
  for (; in.size() >= kStep; in = in.subspan(kStep), out = out.subspan(kStep / 2)) {
    const __m256i bits = Load(in.data());
    const __m256i special = _mm256_cmpgt_epi32(MagnitudeOf(bits), limit);
    if (_mm256_testz_si256(special, special) == 0) {
      overflows += portable(in.first(kStep), out);
      continue;
    }
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out.data()), kConvert(bits));
  }
  return overflows + portable(in, out);
}

// As the low eight bytes.
PERMAFROST_TARGET_AVX2 __m128i Int8Of(__m256 numbers, __m256 scales) {
  const __m256 quotients = _mm256_div_ps(numbers, scales);
  // Of a NaN and a number, this is the number.
  const __m256 least = _mm256_max_ps(quotients, _mm256_set1_ps(-kMostInt8));
  const __m256i whole = _mm256_cvtps_epi32(_mm256_min_ps(least, _mm256_set1_ps(kMostInt8)));
  const __m128i words = _mm_packs_epi32(_mm256_castsi256_si128(whole), _mm256_extracti128_si256(whole, 1));
  return _mm_packs_epi16(words, words);
}

PERMAFROST_TARGET_AVX2 void ToInt8(std::span<const std::byte> in, std::span<const float> scales,
                                   std::span<std::byte> out) {
  for (; scales.size() >= kLanes; in = in.subspan(kStep), scales = scales.subspan(kLanes), out = out.subspan(kLanes)) {
    const __m256 numbers = _mm256_castsi256_ps(Load(in.data()));
    _mm_storel_epi64(reinterpret_cast<__m128i*>(out.data()), Int8Of(numbers, _mm256_loadu_ps(scales.data())));
  }
  PortableNarrow()->to_int8(in, scales, out);
}

PERMAFROST_TARGET_AVX2 void ToInt8By(std::span<const std::byte> in, float scale, std::span<std::byte> out) {
  const __m256 scales = _mm256_set1_ps(scale);
  for (; in.size() >= kStep; in = in.subspan(kStep), out = out.subspan(kLanes)) {
    const __m256 numbers = _mm256_castsi256_ps(Load(in.data()));
    _mm_storel_epi64(reinterpret_cast<__m128i*>(out.data()), Int8Of(numbers, scales));
  }
  PortableNarrow()->to_int8_by(in, scale, out);
}

PERMAFROST_TARGET_AVX2 void Raise(std::span<const std::byte> in, std::span<std::uint32_t> maxima) {
  for (; maxima.size() >= kLanes; in = in.subspan(kStep), maxima = maxima.subspan(kLanes)) {
    auto* const at = reinterpret_cast<__m256i*>(maxima.data());
    _mm256_storeu_si256(at, _mm256_max_epi32(_mm256_loadu_si256(at), MagnitudeOf(Load(in.data()))));
  }
  PortableNarrow()->raise(in, maxima);
}

PERMAFROST_TARGET_AVX2 std::uint32_t Largest(std::span<const std::byte> in, std::uint32_t most) {
  __m256i lanes = _mm256_setzero_si256();
  for (; in.size() >= kStep; in = in.subspan(kStep)) lanes = _mm256_max_epi32(lanes, MagnitudeOf(Load(in.data())));
  __m128i left = _mm_max_epi32(_mm256_castsi256_si128(lanes), _mm256_extracti128_si256(lanes, 1));
  left = _mm_max_epi32(left, _mm_shuffle_epi32(left, _MM_SHUFFLE(1, 0, 3, 2)));
  left = _mm_max_epi32(left, _mm_shuffle_epi32(left, _MM_SHUFFLE(2, 3, 0, 1)));
  const auto largest = static_cast<std::uint32_t>(_mm_cvtsi128_si32(left));
  return PortableNarrow()->largest(in, largest > most ? largest : most);
}

constexpr NarrowImplementation kImplementation = {
    "avx2",
    &ToSixteenBits<Float16Of, kFloat16Overflow, &NarrowImplementation::to_float16>,
    &ToSixteenBits<Bfloat16Of, kBfloat16Overflow, &NarrowImplementation::to_bfloat16>,
    &ToInt8,
    &ToInt8By,
    &Raise,
    &Largest,
};

}  // namespace

const NarrowImplementation* Avx2Narrow() {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("f16c") ? &kImplementation : nullptr;
}

}  // namespace permafrost

#else

namespace permafrost {

const NarrowImplementation* Avx2Narrow() { return nullptr; }

}  // namespace permafrost

#endif
