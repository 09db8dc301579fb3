// Sixteen numbers at once with AVX-512. The conversion to bfloat16 that some of these processors have is no use: it
// takes the smallest numbers for 0.
#include "convert/narrow_implementations.h"

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))

#if !defined(__clang__) && __GNUC__ < 13
// It takes what its own intrinsics leave undefined for a mistake (GCC's bug 105593).
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <immintrin.h>

#define PERMAFROST_VECTOR_TARGET [[gnu::target("avx512f")]]
#include "convert/narrow_vector.h"
#include "cpu/level.h"

namespace permafrost {
namespace {

struct Avx512Lanes {
  static constexpr const char* kName = "avx512";
  static constexpr std::size_t kCount = 16;
  using Bits = __m512i;
  using Floats = __m512;

  PERMAFROST_VECTOR_TARGET static Bits Load(const void* at) { return _mm512_loadu_si512(at); }
  PERMAFROST_VECTOR_TARGET static void Store(Bits bits, void* at) { _mm512_storeu_si512(at, bits); }
  PERMAFROST_VECTOR_TARGET static Floats FloatsOf(Bits bits) { return _mm512_castsi512_ps(bits); }
  PERMAFROST_VECTOR_TARGET static Bits BitsOf(Floats floats) { return _mm512_castps_si512(floats); }
  PERMAFROST_VECTOR_TARGET static Bits All(std::uint32_t bits) { return _mm512_set1_epi32(static_cast<int>(bits)); }
  PERMAFROST_VECTOR_TARGET static Floats All(float number) { return _mm512_set1_ps(number); }

  // Of magnitudes.
  PERMAFROST_VECTOR_TARGET static Bits Larger(Bits one, Bits other) { return _mm512_max_epi32(one, other); }
  PERMAFROST_VECTOR_TARGET static bool AllBelow(Bits magnitudes, Bits limits) {
    return _mm512_cmpge_epi32_mask(magnitudes, limits) == 0;
  }
  PERMAFROST_VECTOR_TARGET static std::uint32_t Largest(Bits magnitudes) {
    return static_cast<std::uint32_t>(_mm512_reduce_max_epi32(magnitudes));
  }

  PERMAFROST_VECTOR_TARGET static void StoreFloat16(Bits bits, std::byte* at) {
    StoreHalf(_mm512_cvtps_ph(FloatsOf(bits), _MM_FROUND_TO_NEAREST_INT), at);
  }
  PERMAFROST_VECTOR_TARGET static void StoreBfloat16(Bits bits, std::byte* at) {
    const __m512i odd = _mm512_and_si512(_mm512_srli_epi32(bits, 16), _mm512_set1_epi32(1));
    const __m512i raised = _mm512_add_epi32(bits, _mm512_add_epi32(odd, _mm512_set1_epi32(0x7fff)));
    StoreHalf(_mm512_cvtepi32_epi16(_mm512_srli_epi32(raised, 16)), at);
  }

  // Of a NaN and a number, the number; it comes second.
  PERMAFROST_VECTOR_TARGET static Floats LargerNumber(Floats one, Floats number) { return _mm512_max_ps(one, number); }
  PERMAFROST_VECTOR_TARGET static Floats Smaller(Floats one, Floats other) { return _mm512_min_ps(one, other); }
  PERMAFROST_VECTOR_TARGET static Bits Rounded(Floats floats) { return _mm512_cvtps_epi32(floats); }
  PERMAFROST_VECTOR_TARGET static void StoreInt8(Bits whole, std::byte* at) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(at), _mm512_cvtepi32_epi8(whole));
  }

 private:
  PERMAFROST_VECTOR_TARGET static void StoreHalf(__m256i bits, std::byte* at) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(at), bits);
  }
};

}  // namespace

const NarrowImplementation* Avx512Narrow() {
  return cpu::MayUse(cpu::Level::kAvx512) ? &kVectorNarrow<Avx512Lanes> : nullptr;
}

}  // namespace permafrost

#else

namespace permafrost {

const NarrowImplementation* Avx512Narrow() { return nullptr; }

}  // namespace permafrost

#endif
