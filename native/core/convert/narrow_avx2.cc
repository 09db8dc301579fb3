// Eight numbers at once with AVX2 and the conversion of F16C.
#include "convert/narrow_implementations.h"

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))

#include <immintrin.h>

#define PERMAFROST_VECTOR_TARGET [[gnu::target("avx2,f16c")]]
#include "convert/narrow_vector.h"
#include "cpu/level.h"

namespace permafrost {
namespace {

struct Avx2Lanes {
  static constexpr const char* kName = "avx2";
  static constexpr std::size_t kCount = 8;
  using Bits = __m256i;
  using Floats = __m256;

  PERMAFROST_VECTOR_TARGET static Bits Load(const void* at) {
    return _mm256_loadu_si256(static_cast<const __m256i*>(at));
  }
  PERMAFROST_VECTOR_TARGET static void Store(Bits bits, void* at) {
    _mm256_storeu_si256(static_cast<__m256i*>(at), bits);
  }
  PERMAFROST_VECTOR_TARGET static Floats FloatsOf(Bits bits) { return _mm256_castsi256_ps(bits); }
  PERMAFROST_VECTOR_TARGET static Bits BitsOf(Floats floats) { return _mm256_castps_si256(floats); }
  PERMAFROST_VECTOR_TARGET static Bits All(std::uint32_t bits) { return _mm256_set1_epi32(static_cast<int>(bits)); }
  PERMAFROST_VECTOR_TARGET static Floats All(float number) { return _mm256_set1_ps(number); }

  // Of magnitudes.
  PERMAFROST_VECTOR_TARGET static Bits Larger(Bits one, Bits other) { return _mm256_max_epi32(one, other); }
  PERMAFROST_VECTOR_TARGET static bool AllBelow(Bits magnitudes, Bits limits) {
    return _mm256_movemask_epi8(_mm256_cmpgt_epi32(limits, magnitudes)) == -1;
  }
  PERMAFROST_VECTOR_TARGET static std::uint32_t Largest(Bits magnitudes) {
    __m128i left = _mm_max_epi32(_mm256_castsi256_si128(magnitudes), _mm256_extracti128_si256(magnitudes, 1));
    left = _mm_max_epi32(left, _mm_shuffle_epi32(left, _MM_SHUFFLE(1, 0, 3, 2)));
    left = _mm_max_epi32(left, _mm_shuffle_epi32(left, _MM_SHUFFLE(2, 3, 0, 1)));
    return static_cast<std::uint32_t>(_mm_cvtsi128_si32(left));
  }

  PERMAFROST_VECTOR_TARGET static void StoreFloat16(Bits bits, std::byte* at) {
    StoreHalf(_mm256_cvtps_ph(FloatsOf(bits), _MM_FROUND_TO_NEAREST_INT), at);
  }
  PERMAFROST_VECTOR_TARGET static void StoreBfloat16(Bits bits, std::byte* at) {
    const __m256i odd = _mm256_and_si256(_mm256_srli_epi32(bits, 16), _mm256_set1_epi32(1));
    const __m256i raised = _mm256_add_epi32(bits, _mm256_add_epi32(odd, _mm256_set1_epi32(0x7fff)));
    const __m256i upper = _mm256_srli_epi32(raised, 16);
    StoreHalf(_mm_packus_epi32(_mm256_castsi256_si128(upper), _mm256_extracti128_si256(upper, 1)), at);
  }

  // Of a NaN and a number, the number; it comes second.
  PERMAFROST_VECTOR_TARGET static Floats LargerNumber(Floats one, Floats number) { return _mm256_max_ps(one, number); }
  PERMAFROST_VECTOR_TARGET static Floats Smaller(Floats one, Floats other) { return _mm256_min_ps(one, other); }
  PERMAFROST_VECTOR_TARGET static Bits Rounded(Floats floats) { return _mm256_cvtps_epi32(floats); }
  PERMAFROST_VECTOR_TARGET static void StoreInt8(Bits whole, std::byte* at) {
    const __m128i words = _mm_packs_epi32(_mm256_castsi256_si128(whole), _mm256_extracti128_si256(whole, 1));
    _mm_storel_epi64(reinterpret_cast<__m128i*>(at), _mm_packs_epi16(words, words));
  }

 private:
  PERMAFROST_VECTOR_TARGET static void StoreHalf(__m128i bits, std::byte* at) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(at), bits);
  }
};

}  // namespace

const NarrowImplementation* Avx2Narrow() {
  return cpu::MayUse(cpu::Level::kAvx2) ? &kVectorNarrow<Avx2Lanes> : nullptr;
}

}  // namespace permafrost

#else

namespace permafrost {

const NarrowImplementation* Avx2Narrow() { return nullptr; }

}  // namespace permafrost

#endif
